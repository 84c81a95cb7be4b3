import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Reply } from '../payment-system/reply.ts'

const TIME_LIMIT = 10_000

/**
 * Posts a callback (§ `on-status`) to the sender's address. It is said once: whoever misses it can ask again, which the
 * specification leaves to the sender.
 */
export function postCallback(uri: string, reply: Reply): void {
  const url = URL.parse(uri)
  if (url === null) return
  const body = Buffer.from(JSON.stringify(reply.body))
  const request = url.protocol === 'https:' ? secureRequest : plainRequest
  const call = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length, ...reply.headers },
    timeout: TIME_LIMIT,
  })
  call.on('timeout', () => call.destroy())
  call.on('response', (answer) => answer.resume())
  call.on('error', () => call.destroy())
  call.end(body)
}
