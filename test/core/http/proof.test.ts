import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHttp } from '../../../electron/core/http/http.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'

/** What the server does with one connection. */
const moods = ['refuse', 'read-and-reset', 'answer', 'half-answer', 'answer-then-reset', 'hang-up-politely'] as const
type Mood = (typeof moods)[number]

function treat(socket: Socket | TLSSocket, mood: Mood, seen: Set<string>): void {
  socket.on('error', () => undefined)
  if (mood === 'refuse') return void socket.destroy()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
    for (const [id] of text.matchAll(/id-\d+/g)) seen.add(id)
    if (!text.endsWith('!')) return
    text = ''
    const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
    if (mood === 'read-and-reset') socket.destroy()
    else if (mood === 'half-answer') socket.end(whole.slice(0, -1))
    else if (mood === 'hang-up-politely') socket.end()
    else socket.write(whole, () => mood === 'answer-then-reset' && socket.destroy())
  })
}

const identity = makeCertificate({ name: 'moody', for: ['127.0.0.1'] })

describe('the difference that carries money', () => {
  it.each([
    ['plain', false],
    ['TLS', true],
  ])('over %s: what is "never sent" was never seen, what is "answered" was', async (_case, secure) => {
    const scenario = fc.record({
      moods: fc.array(fc.constantFrom(...moods), { minLength: 1, maxLength: 8 }),
      requests: fc.array(fc.record({ fresh: fc.boolean(), cancelled: fc.boolean() }), { minLength: 1, maxLength: 10 }),
      together: fc.boolean(),
      gone: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ moods: planned, requests, together, gone }) => {
        const seen = new Set<string>()
        const sockets = new Set<Socket>()
        let connections = 0
        const onConnection = (socket: Socket): void => {
          sockets.add(socket)
          treat(socket, planned[connections++ % planned.length] ?? 'answer', seen)
        }
        const server = secure
          ? createTlsServer({ cert: identity.certificate, key: identity.key }, onConnection)
          : createServer(onConnection)
        server.on('tlsClientError', () => undefined)
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        const address = server.address()
        const port = typeof address === 'object' ? address?.port : 0
        if (gone) server.close()
        const http = createHttp()
        const send = (at: number) => {
          const cancel = new AbortController()
          if (requests[at]?.cancelled === true) setImmediate(() => cancel.abort())
          return http.request(
            {
              method: 'POST',
              url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}/${at}`,
              body: `id-${at}!`,
              timeLimit: { connect: 10_000, total: 10_000 },
              maximumReply: 100,
              certificateAuthority: identity.certificate,
              freshConnection: requests[at]?.fresh ?? true,
            },
            cancel.signal,
          )
        }
        const answers = together ? await Promise.all(requests.map((_, at) => send(at))) : []
        if (!together) for (const at of requests.keys()) answers.push(await send(at))
        http.close()
        for (const socket of sockets) socket.destroy()
        if (server.listening) await new Promise((resolve) => server.close(resolve))
        for (const [at, answer] of answers.entries()) {
          if (answer.outcome === 'never-sent') expect(seen).not.toContain(`id-${at}`)
          if (answer.outcome === 'answered') expect(seen).toContain(`id-${at}`)
          if (gone) expect(answer.outcome).toBe('never-sent')
        }
      }),
      { numRuns: 60 },
    )
  })
})
