import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../electron/core/http/exchange-types.ts'
import { createHttp, type HttpLogEntry } from '../../../electron/core/http/http.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'
import { heldClock } from './held-clock.ts'

const open: { close: () => void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** A server on a free port that hands every connection to `onConnection`; `bytes` counts what arrived on all of them. */
async function tcpServer(onConnection: (socket: Socket) => void) {
  const seen = { bytes: 0, connections: 0 }
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    seen.connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      seen.bytes += chunk.length
    })
    onConnection(socket)
  })
  open.push({
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
  return { origin: `http://127.0.0.1:${await listen(server)}`, seen }
}

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function httpServer(handler: Parameters<typeof createServer>[1]) {
  const server = createServer(handler)
  open.push({ close: () => server.closeAllConnections() }, server)
  return `http://127.0.0.1:${await listen(server)}`
}

async function tlsServer(certificate: ReturnType<typeof makeCertificate>, host = '127.0.0.1') {
  const seen = { requestBytes: 0 }
  const sockets = new Set<Socket>()
  const server = createTlsServer({ cert: certificate.certificate, key: certificate.key }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      seen.requestBytes += chunk.length
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
  })
  server.on('tlsClientError', () => undefined)
  open.push({ close: () => server.close() }, { close: () => sockets.forEach((socket) => void socket.destroy()) })
  return { origin: `https://${host}:${await listen(server)}`, seen }
}

const post = (url: string, change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  body: '{"pay":"once"}',
  headers: { 'content-type': 'application/json' },
  timeLimit: { connect: 20_000, total: 20_000 },
  maximumReply: 10_000,
  freshConnection: true,
  ...change,
})

const HEAD_OF_REPLY = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

describe.each([true, false])('what became of a request (fresh connection: %s)', (freshConnection) => {
  const send = (url: string, change: Partial<HttpRequest> = {}, signal?: AbortSignal) =>
    createHttp().request(post(url, { freshConnection, ...change }), signal)

  it('answered: returns status, headers and body', async () => {
    const origin = await httpServer((request, reply) => {
      reply.setHeader('x-seen', `${request.method} ${request.url} ${request.headers['accept-encoding']}`)
      request.pipe(reply)
    })
    const answer = await send(`${origin}/a?b=c`)
    expect(answer).toMatchObject({
      outcome: 'answered',
      status: 200,
      headers: { 'x-seen': 'POST /a?b=c identity' },
      body: Buffer.from('{"pay":"once"}'),
    })
  })

  it('answered: a redirect is an answer and is not followed', async () => {
    let calls = 0
    const origin = await httpServer((_request, reply) => {
      calls += 1
      reply.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await send(origin)).toMatchObject({ outcome: 'answered', status: 307 })
    expect(calls).toBe(1)
  })

  it('never sent: nobody listens', async () => {
    const { origin } = await tcpServer(() => undefined)
    for (const server of open.splice(0)) server.close()
    expect(await send(origin)).toMatchObject({ outcome: 'never-sent', fault: { code: 'http.not-reachable' } })
  })

  it('never sent: the name does not exist', async () => {
    const answer = await send('https://nobody.invalid/pay')
    expect(answer).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.name-not-found', params: { host: 'nobody.invalid' } },
    })
  })

  it('never sent: the other side ends the connection during the TLS handshake', async () => {
    const { origin } = await tcpServer((socket) => socket.once('data', () => socket.destroy()))
    expect(await send(origin.replace('http:', 'https:'))).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.secure-connection-failed' },
    })
  })

  it('never sent: the other side does not speak TLS', async () => {
    const { origin } = await tcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
    expect(await send(origin.replace('http:', 'https:'))).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.secure-connection-failed' },
    })
  })

  it('never sent: time is up during the TLS handshake', async () => {
    const clock = heldClock()
    const { origin } = await tcpServer((socket) => socket.once('data', () => clock.pass(20_000)))
    const http = createHttp({ clock })
    const answer = await http.request(post(origin.replace('http:', 'https:'), { freshConnection }))
    expect(answer).toMatchObject({ outcome: 'never-sent', fault: { code: 'http.timed-out' } })
  })

  it('never sent: cancelled before it began', async () => {
    const { origin, seen } = await tcpServer(() => undefined)
    const answer = await send(origin, {}, AbortSignal.abort())
    expect(answer).toMatchObject({ outcome: 'never-sent', fault: { code: 'http.cancelled' } })
    expect(seen.bytes).toBe(0)
  })

  it('maybe sent: the other side ends the connection before reading', async () => {
    const { origin } = await tcpServer((socket) => socket.destroy())
    const answer = await send(origin)
    expect(answer).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.connection-lost' }, status: null })
  })

  it('maybe sent: the connection is reset after the request was read', async () => {
    const { origin, seen } = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.connection-lost' } })
    expect(seen.bytes).toBeGreaterThan(0)
  })

  it('maybe sent: the connection ends in the middle of the head', async () => {
    const { origin } = await tcpServer((socket) => socket.once('data', () => socket.end(HEAD_OF_REPLY)))
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', status: null })
  })

  it('maybe sent: the connection ends in the middle of the body, and the status is kept', async () => {
    const { origin } = await tcpServer((socket) =>
      socket.once('data', () => socket.end(`${HEAD_OF_REPLY}content-length: 100\r\n\r\n{"a"`)),
    )
    expect(await send(origin)).toMatchObject({
      outcome: 'maybe-sent',
      status: 200,
      fault: { code: 'http.connection-lost' },
    })
  })

  it('maybe sent: the chunks of the body are garbage', async () => {
    const { origin } = await tcpServer((socket) =>
      socket.once('data', () => socket.end(`${HEAD_OF_REPLY}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`)),
    )
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.reply-garbled' } })
  })

  it('maybe sent: the reply is not HTTP', async () => {
    const { origin } = await tcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')))
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.reply-garbled' } })
  })

  it('maybe sent: the reply is compressed though it was not asked for', async () => {
    const origin = await httpServer((_request, reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.reply-garbled' } })
  })

  it('answered: compressed where that was asked for, and handed on as it came', async () => {
    const folded = gzipSync('{"pay":"once"}')
    const origin = await httpServer((request, reply) => {
      const encoding = request.headers['accept-encoding'] ?? ''
      reply.writeHead(200, { 'content-encoding': encoding }).end(folded)
    })
    const answer = await send(origin, { acceptsGzip: true })
    expect(answer).toMatchObject({ outcome: 'answered', headers: { 'content-encoding': 'gzip' }, body: folded })
  })

  it('answered: a slow body goes on while something comes; standing still for too long ends it', async () => {
    const timeLimit = { connect: 1_000, total: 1_000_000, quiet: 10_000 }
    const clock = heldClock()
    let still = 0
    const origin = await httpServer((_request, reply) => {
      reply.writeHead(200, { 'content-length': '5' })
      const next = (left: number): void => {
        if (left === 0) return
        clock.pass(still > 0 && left === 2 ? still : 9_000)
        reply.write('x', () => setTimeout(() => next(left - 1), 50))
      }
      next(5)
    })
    const ask = () => createHttp({ clock }).request(post(origin, { freshConnection, timeLimit }))
    expect(await ask()).toMatchObject({ outcome: 'answered', body: Buffer.from('xxxxx') })
    still = 11_000
    expect(await ask()).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.timed-out' }, status: 200 })
  })

  it('maybe sent: the other side switches protocols', async () => {
    const { origin } = await tcpServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')),
    )
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent' })
  })

  it('maybe sent: time is up while waiting for the answer', async () => {
    const clock = heldClock()
    const { origin } = await tcpServer((socket) => socket.once('data', () => clock.pass(20_000)))
    const answer = await createHttp({ clock }).request(post(origin, { freshConnection }))
    expect(answer).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.timed-out' }, status: null })
  })

  it('maybe sent: time is up in the middle of a slow body', async () => {
    const clock = heldClock()
    const origin = await httpServer((_request, reply) => {
      reply.writeHead(200, { 'content-length': '100' }).write('{', () => setImmediate(() => clock.pass(20_000)))
    })
    const answer = await createHttp({ clock }).request(post(origin, { freshConnection }))
    expect(answer).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.timed-out' } })
  })

  it('maybe sent: cancelled after the request was read', async () => {
    const cancel = new AbortController()
    const { origin } = await tcpServer((socket) => socket.once('data', () => cancel.abort()))
    const answer = await send(origin, {}, cancel.signal)
    expect(answer).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.cancelled' } })
  })

  it.each([
    ['with a declared length', true],
    ['without one', false],
  ])('maybe sent: a reply that is too large is given up while it streams, %s', async (_case, declared) => {
    let written = 0
    const total = 50_000_000
    const origin = await httpServer((_request, reply) => {
      if (declared) reply.setHeader('content-length', String(total))
      const chunk = Buffer.alloc(65_536, 0x20)
      const more = (): void => {
        if (reply.destroyed || written >= total) return
        written += chunk.length
        reply.write(chunk, more)
      }
      more()
    })
    expect(await send(origin)).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.reply-too-large' } })
    expect(written).toBeLessThan(total)
  })
})

describe('certificates are verified before anything is sent', () => {
  const authority = makeCertificate({ name: 'Test authority', for: [], isAuthority: true })
  const day = 86_400_000
  const certificateAuthority = authority.certificate
  const cases = [
    ['its own signature', 'http.certificate-untrusted', makeCertificate({ name: 'self', for: ['127.0.0.1'] })],
    [
      'an expired date',
      'http.certificate-expired',
      makeCertificate({
        name: 'expired',
        for: ['127.0.0.1'],
        signedBy: authority,
        validFrom: new Date(Date.now() - 9 * day),
        validTo: new Date(Date.now() - day),
      }),
    ],
    [
      'a date in the future',
      'http.certificate-not-yet-valid',
      makeCertificate({
        name: 'future',
        for: ['127.0.0.1'],
        signedBy: authority,
        validFrom: new Date(Date.now() + day),
        validTo: new Date(Date.now() + 9 * day),
      }),
    ],
    [
      'another name',
      'http.certificate-wrong-name',
      makeCertificate({ name: 'other', for: ['pay.example.org'], signedBy: authority }),
    ],
  ] as const

  it.each(cases)('refuses a certificate with %s', async (_case, code, certificate) => {
    for (const freshConnection of [true, false]) {
      const { origin, seen } = await tlsServer(certificate)
      const answer = await createHttp().request(post(origin, { certificateAuthority, freshConnection }))
      expect(answer).toMatchObject({ outcome: 'never-sent', fault: { code } })
      expect(seen.requestBytes).toBe(0)
    }
  })

  it('reaches a server whose certificate the given authority signed', async () => {
    const good = makeCertificate({ name: 'good', for: ['127.0.0.1'], signedBy: authority })
    const { origin } = await tlsServer(good)
    const answer = await createHttp().request(post(origin, { certificateAuthority }))
    expect(answer).toMatchObject({ outcome: 'answered', status: 200 })
  })

  it('refuses the same server without the authority', async () => {
    const good = makeCertificate({ name: 'good', for: ['127.0.0.1'], signedBy: authority })
    const { origin } = await tlsServer(good)
    expect(await createHttp().request(post(origin))).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.certificate-untrusted' },
    })
  })

  it('says so when the certificate in the settings cannot be read', async () => {
    const answer = await createHttp().request(
      post('https://127.0.0.1:1', { clientCertificate: { certificate: 'nonsense', key: 'nonsense' } }),
    )
    expect(answer).toMatchObject({ outcome: 'never-sent', fault: { code: 'http.own-certificate-unusable' } })
  })
})

describe('connections', () => {
  it('a fresh connection is used once, others are kept', async () => {
    const ports = new Set<number | undefined>()
    const origin = await httpServer((request, reply) => {
      ports.add(request.socket.remotePort)
      reply.end('{}')
    })
    const http = createHttp()
    for (let count = 0; count < 3; count += 1) await http.request(post(origin))
    expect(ports.size).toBe(3)
    ports.clear()
    for (let count = 0; count < 3; count += 1) await http.request(post(origin, { freshConnection: false }))
    expect(ports.size).toBe(1)
    http.close()
  })

  it('a kept connection that broke meanwhile is never repeated silently', async () => {
    let requests = 0
    const { origin } = await tcpServer((socket) =>
      socket.on('data', () => {
        requests += 1
        if (requests === 1) socket.write(`${HEAD_OF_REPLY}content-length: 2\r\n\r\n{}`)
        else socket.resetAndDestroy()
      }),
    )
    const http = createHttp()
    await http.request(post(origin, { freshConnection: false }))
    expect(await http.request(post(origin, { freshConnection: false }))).toMatchObject({ outcome: 'maybe-sent' })
    expect(requests).toBe(2)
    http.close()
  })

  it('a proxy carries only a tunnel; its refusal proves that nothing was sent', async () => {
    const asked: string[] = []
    const { origin } = await tcpServer((socket) =>
      socket.once('data', (chunk) => {
        asked.push(chunk.toString())
        socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
      }),
    )
    const proxyFor = async () => ({
      host: '127.0.0.1',
      port: Number(new URL(origin).port),
      authorization: 'Basic eA==',
    })
    const answer = await createHttp({ proxyFor }).request(post('https://pay.example.org/disburse?secret=1'))
    expect(answer).toMatchObject({ outcome: 'never-sent', fault: { code: 'http.proxy-refused' } })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('CONNECT pay.example.org:443')
    expect(asked[0]).not.toContain('secret')
    expect(asked[0]).not.toContain('once')
  })
})

describe('what may be asked, and what is told', () => {
  it('reaches only the allowed origins', async () => {
    const { origin, seen } = await tcpServer(() => undefined)
    const http = createHttp({ allowedOrigins: () => ['http://127.0.0.1:1'] })
    expect(await http.request(post(origin))).toMatchObject({ fault: { code: 'http.training-only' } })
    expect(seen.connections).toBe(0)
  })

  it.each([
    ['ftp://pay.example.org', 'http.url-invalid'],
    ['not an address', 'http.url-invalid'],
    ['https://user:secret@pay.example.org', 'http.url-invalid'],
    ['http://pay.example.org', 'http.not-encrypted'],
  ])('refuses %s', async (url, code) => {
    expect(await createHttp().request(post(url))).toMatchObject({ outcome: 'never-sent', fault: { code } })
  })

  it('logs neither query nor body nor tokens', async () => {
    const origin = await httpServer((_request, reply) => reply.setHeader('set-cookie', 'secret').end('secret'))
    const entries: HttpLogEntry[] = []
    await createHttp({ log: (entry) => entries.push(entry) }).request(
      post(`${origin}/pay?token=secret`, { headers: { authorization: 'Bearer secret' }, body: 'secret' }),
    )
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ method: 'POST', url: `${origin}/pay`, outcome: 'answered', status: 200 })
    expect(JSON.stringify(entries)).not.toContain('secret')
  })

  it('learns how far the clock is off from the Date header', async () => {
    const clock = heldClock(Date.parse('2026-03-01T10:00:00Z'))
    const origin = await httpServer((_request, reply) => {
      clock.pass(1_000)
      reply.setHeader('date', 'Sun, 01 Mar 2026 10:10:00 GMT').end()
    })
    const http = createHttp({ clock })
    const heard: unknown[] = []
    http.onServerDate((date) => heard.push(date))
    await http.request(post(origin))
    expect(heard).toEqual([{ origin, offset: 600_000, uncertainty: 1_000 }])
  })

  it('tells of the clock as it is when the whole reply is there, however it jumped meanwhile', async () => {
    const clock = heldClock(Date.parse('2026-03-01T10:00:00Z'))
    const origin = await httpServer((_request, reply) => {
      reply.writeHead(200, { date: 'Sun, 01 Mar 2026 10:00:00 GMT' }).flushHeaders()
      setTimeout(() => {
        clock.jump(3 * 3_600_000)
        reply.end('{}')
      }, 100)
    })
    const http = createHttp({ clock })
    const heard: unknown[] = []
    http.onServerDate((date) => heard.push(date))
    await http.request(post(origin))
    expect(heard).toEqual([{ origin, offset: 500 - 3 * 3_600_000, uncertainty: 500 }])
  })
})
