import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AnsweredThen } from '../../peers/transcripts.ts'

/** A server that gives one recorded answer after the other, whatever it is asked. */
export interface AnsweringServer {
  readonly origin: string
  answer(next: AnsweredThen): void
  close(): Promise<void>
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  let next: AnsweredThen = { status: 500 }
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const type = next.contentType ?? 'application/json'
      const body = next.text ?? (next.json === undefined ? '' : JSON.stringify(next.json))
      response.writeHead(next.status, { 'content-type': type }).end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(answered) {
      next = answered
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
