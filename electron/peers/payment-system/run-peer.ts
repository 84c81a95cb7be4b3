import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createInterface } from 'node:readline'
import { answerControl } from './control-door.ts'
import { answerProtocol, type Protocol } from './door.ts'
import { openPaymentSystem, type PaymentSystem } from './payment-system.ts'
import { PeerOptions, type ReadyLine } from './peer-options.ts'

/*
 * The payment system in a process of its own. Its options come as the first line of standard input, so that no secret shows
 * in the list of processes; the end of standard input means that the parent is gone, and this process goes too.
 */

/** How often what has fallen due is paid while nobody asks, milliseconds. */
const SETTLE_EVERY = 200

type Door = (system: PaymentSystem, request: IncomingMessage, response: ServerResponse) => Promise<void>

function handlerOf(system: PaymentSystem, door: Door) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    door(system, request, response).catch((error: unknown) => {
      // A sender that hangs up while it is heard is everyday life here; anything else is our own fault and must show.
      if (!request.destroyed || request.complete) console.error('peer:', error instanceof Error ? error.stack : error)
      if (response.headersSent) response.destroy()
      else
        response.writeHead(500, { 'content-type': 'application/json' }).end('{"errors":[{"code":"err.request.bad"}]}')
    })
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

async function serve(protocol: Protocol, options: PeerOptions): Promise<void> {
  const system = openPaymentSystem(options)
  const handler = handlerOf(system, (...call) => answerProtocol(protocol, ...call))
  const server =
    options.tls === null
      ? createServer(handler)
      : createSecureServer(
          {
            cert: options.tls.certificate,
            key: options.tls.key,
            ...(options.tls.clientAuthority === ''
              ? {}
              : { ca: options.tls.clientAuthority, requestCert: true, rejectUnauthorized: true }),
          },
          handler,
        )
  const control = createServer(handlerOf(system, answerControl))
  const port = await listen(server, options.port)
  const controlPort = await listen(control, 0)
  setInterval(() => system.settle(), SETTLE_EVERY)
  const ready: ReadyLine = {
    ready: true,
    pid: process.pid,
    origin: `${options.tls === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    controlOrigin: `http://127.0.0.1:${controlPort}`,
    publicKey: system.security.keys.signing('EdDSA').publicKey as ReadyLine['publicKey'],
    keys: system.security.keys.published(),
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

/** Runs a payment system that speaks this protocol, until standard input ends. */
export function runPeer(protocol: Protocol): void {
  const input = createInterface({ input: process.stdin })
  input.once('line', (line) => {
    serve(protocol, PeerOptions.parse(JSON.parse(line))).catch((error: unknown) => {
      console.error('peer:', error instanceof Error ? error.message : error)
      process.exit(1)
    })
  })
  input.once('close', () => process.exit(0))
}
