import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface ReceivedCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Whoever MTS calls: an Odoo that can be logged in to, an OAuth server, and a receiver. */
export interface CallbackReceiver {
  readonly origin: string
  readonly calls: readonly ReceivedCall[]
  close(): Promise<void>
}

const PADDED_JWT = 'eyJhbGciOiAibm9uZSJ9.eyJleHAiOiAxNzk1Mjk3NDQwLCAic3ViIjogIm10cyJ9.'
const UNPADDED_JWT = 'eyJhbGciOiAibm9uZSJ9.eyJleHAiOiAxNzk1Mjk3NDQwLCAic3ViIjogIm10czIifQ.'

/** `/slow` answers after two seconds, `/fail500` with 500; the Odoo takes any password but `wrong`. */
export async function startCallbackReceiver(): Promise<CallbackReceiver> {
  const calls: ReceivedCall[] = []
  const leaving = new AbortController()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const path = request.url ?? '/'
    calls.push({ method: request.method ?? '', path, headers: request.headers, body })
    const json = { 'content-type': 'application/json' }
    if (path.startsWith('/web/session/authenticate')) {
      const isWrong = body.includes('"wrong"')
      response.writeHead(200, isWrong ? json : { ...json, 'set-cookie': 'session_id=0f0e0d0c; Path=/; HttpOnly' })
      response.end(isWrong ? '{"jsonrpc":"2.0","error":{"code":200}}' : '{"jsonrpc":"2.0","result":{"uid":2}}')
    } else if (path === '/web/session/logout') {
      response.writeHead(303, { location: '/web' }).end()
    } else if (path === '/oauth/token' || path === '/oauth/nopad') {
      const access_token = path === '/oauth/token' ? PADDED_JWT : UNPADDED_JWT
      response.writeHead(200, json).end(JSON.stringify({ access_token, token_type: 'Bearer' }))
    } else if (path === '/slow') {
      await pause(2_000, undefined, { signal: leaving.signal }).catch(() => undefined)
      response.writeHead(200).end()
    } else {
      response.writeHead(path === '/fail500' ? 500 : 200).end('{}')
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async close() {
      leaving.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
