import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './behaviour.ts'
import type { Reply } from './reply.ts'

type Malformed = Extract<Fault, { do: 'malformed' }>['form']

const LARGEST_REQUEST = 64_000_000
const HUGE = 10_000_000
const DRIBBLE_MILLISECONDS = 200

/** The whole body of a request as text. Rejects when the connection ends first or the body is larger than 64 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_REQUEST) throw new Error('the request is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Answers as one should. */
export function send(response: ServerResponse, reply: Reply): void {
  const body = reply.text ?? JSON.stringify(reply.body)
  const contentType = reply.text === undefined ? 'application/json' : 'text/plain'
  response.writeHead(reply.status, { 'content-type': contentType, ...reply.headers })
  response.end(body)
}

/** Half of the reply, then the connection ends. */
export function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(JSON.stringify(reply.body))
  response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': String(body.length) })
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy())
}

/** Answers as one should not. */
export function sendMalformed(response: ServerResponse, reply: Reply, form: Malformed): void {
  const json = { 'content-type': 'application/json' }
  switch (form) {
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Gateway</title><h1>Welcome</h1>')
      return
    case 'empty':
      response.writeHead(200, json).end()
      return
    case 'huge-json':
      response.writeHead(200, json).end(`{"message":"${'x'.repeat(HUGE)}"}`)
      return
    case 'invalid-json':
      response.writeHead(200, json).end(`${JSON.stringify(reply.body).slice(0, -1)},`)
      return
    case 'wrong-schema':
      response.writeHead(200, json).end('{"header":{"status":7},"message":["unexpected"],"data":{"ok":true}}')
      return
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' }).end()
      return
    case 'wrong-content-type':
      response.writeHead(reply.status, { 'content-type': 'text/plain; charset=latin1' }).end(JSON.stringify(reply.body))
      return
    case 'slow-body':
      dribble(response, reply)
      return
    case 'chunked-garbage':
      response.socket?.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"header"\r\n',
      )
      return
    case 'twice': {
      const body = Buffer.from(JSON.stringify(reply.body))
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
      const once = Buffer.concat([Buffer.from(head), body])
      response.socket?.end(Buffer.concat([once, once]))
      return
    }
    case 'no-signature': {
      const { signature: _signature, ...body } = reply.body
      send(response, { status: reply.status, body })
      return
    }
    case 'wrong-signature':
      send(response, {
        ...reply,
        body: { ...reply.body, signature: 'eyJhbGciOiJFZERTQSJ9.e30.AAAA' },
        headers: { ...reply.headers, signature: 'eyJhbGciOiJFZERTQSJ9..AAAA' },
      })
      return
  }
}

function dribble(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(JSON.stringify(reply.body))
  response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': String(body.length) })
  let at = 0
  const timer = setInterval(() => {
    response.write(body.subarray(at, at + 1))
    at += 1
    if (at >= body.length) response.end()
  }, DRIBBLE_MILLISECONDS)
  response.on('close', () => clearInterval(timer))
}
