import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { CoreThread } from '../core/core-thread-handle.ts'
import { largestRequest } from '../core/doors/bridge-request.ts'
import { routeReplies } from '../core/doors/reply-routes.ts'
import { screenFiles } from '../core/doors/screen-files.ts'
import { type Answer, textAnswer, writeAnswer } from './answers.ts'
import { bridgeSocket, closeCode } from './bridge-socket.ts'
import { clientsPresent } from './clients-present.ts'
import { PortTakenError } from './port-taken.ts'
import { findCookie, findRefusal, findUpgradeRefusal } from './request-guard.ts'
import { openSessions } from './sessions.ts'

export interface BrowserDoorOptions {
  readonly core: CoreThread
  /** Folder of the built screens. */
  readonly screens: string
  /** 0 takes any free port. */
  readonly port: number
  readonly now?: () => number
  /** Milliseconds between two signs of life on a line. */
  readonly heartbeat?: number
  /** Milliseconds without any open page after which the sign-in of a session is forgotten. */
  readonly absence?: number
}

/** The core behind a web server on the loopback address, for the browser of this machine and this user alone. */
export interface BrowserDoor {
  readonly origin: string
  readonly port: number
  /** A link that opens the office once, within the lifetime of its token. */
  newLink(): string
  /** Ends every line and stops listening. The core stays open. */
  close(): Promise<void>
}

/** @throws PortTakenError */
export async function openBrowserDoor(options: BrowserDoorOptions): Promise<BrowserDoor> {
  const { core, heartbeat = 30_000, absence = 15 * 60_000 } = options
  const sessions = openSessions(options.now)
  const files = screenFiles(options.screens)
  const routes = routeReplies(core)
  const present = clientsPresent(absence, (client) => core.forget(client))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestRequest, perMessageDeflate: false })
  const server = createServer()
  const port = await listen(server, options.port)
  const origin = `http://127.0.0.1:${port}`
  // Cookies do not tell ports apart: two offices on one machine need two names.
  const cookieName = `field-office-${port}`
  const clientOf = (request: IncomingMessage): string | undefined =>
    sessions.findClient(findCookie(request, cookieName))

  server.on('request', async (request, response) => {
    const answer = await findAnswer(request).catch(() => textAnswer(500, 'The office could not read its own files.'))
    writeAnswer(response, answer, request.method !== 'HEAD')
  })

  async function findAnswer(request: IncomingMessage): Promise<Answer> {
    const refusal = findRefusal(request, origin)
    if (refusal === 'wrong-host') return textAnswer(421, `This office is opened at ${origin}.`)
    if (refusal === 'wrong-origin') return textAnswer(403, 'Other pages may not open the office.')
    if (request.method !== 'GET' && request.method !== 'HEAD') return textAnswer(405, 'GET and HEAD only.')
    const url = findUrl(request.url, origin)
    if (url === undefined) return textAnswer(400, 'This is not an address of the office.')
    if (url.pathname === '/launch' && request.method === 'GET') return launch(url.searchParams.get('token') ?? '')
    if (clientOf(request) === undefined) {
      return textAnswer(401, 'Open the office by the link that it printed when it started.')
    }
    if (url.pathname === '/health') return textAnswer(200, '{"status":"ok"}', 'application/json')
    // Some browsers do not count the WebSocket of the same host among 'self'.
    const file = await files.find(url.pathname, [`ws://${url.host}`])
    return file === undefined ? textAnswer(404, 'There is no such page.') : { status: 200, ...file }
  }

  function launch(token: string): Answer {
    const secret = sessions.redeem(token)
    if (secret === undefined) {
      return textAnswer(
        401,
        'This link was used already or is too old. Press Enter where the office runs to get a new one.',
      )
    }
    const welcome = textAnswer(303, 'The office is open.')
    const cookie = `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`
    return { ...welcome, headers: { ...welcome.headers, Location: '/', 'Set-Cookie': cookie } }
  }

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const client = clientOf(request)
    if (findUpgradeRefusal(request, origin) !== undefined) refuseUpgrade(stream, '403 Forbidden')
    else if (client === undefined) refuseUpgrade(stream, '401 Unauthorized')
    else if (findUrl(request.url, origin)?.pathname !== '/api') refuseUpgrade(stream, '404 Not Found')
    else {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        present.came(client)
        socket.on('close', () => present.went(client))
        bridgeSocket(socket, client, routes, heartbeat)
      })
    }
  })

  return {
    origin,
    port,
    newLink: () => `${origin}/launch?token=${sessions.issueToken()}`,
    async close() {
      present.stop()
      for (const socket of sockets.clients) socket.close(closeCode.shuttingDown, 'the office is closing')
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      // A page that does not answer the closing frame must not hold the office open.
      const patience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
      }, 1000)
      await ended
      clearTimeout(patience)
    },
  }
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Only an address of this door: neither a proxy's absolute form nor another host behind two slashes. */
function findUrl(target: string | undefined, origin: string): URL | undefined {
  if (target === undefined || !target.startsWith('/') || target.startsWith('//')) return undefined
  return URL.parse(target, origin) ?? undefined
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortTakenError(port) : error),
    )
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the door has no port'))
      else resolve(address.port)
    })
  })
}
