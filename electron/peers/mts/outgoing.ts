import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'

/** What MTS sends to somebody. */
export interface OutgoingCall {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Undefined sends none. */
  readonly body?: string
  /** Milliseconds for all of it. */
  readonly timeout: number
}

export interface OutgoingAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const MOST_REDIRECTS = 10

/** Calls on a connection of its own, whatever the method: a GET carries a body here. Rejects on time-out and broken lines. */
export function call({ method, url, headers, body, timeout }: OutgoingCall): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : plainRequest
    const length = body === undefined ? undefined : String(Buffer.byteLength(body))
    const request = send(url, {
      method,
      agent: false,
      signal: AbortSignal.timeout(timeout),
      headers: {
        'user-agent': 'python-requests/2.28.2',
        accept: '*/*',
        connection: 'close',
        ...(length === undefined ? {} : { 'content-length': length }),
        ...headers,
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
    })
    request.end(body)
  })
}

/** The same by GET, going where it is sent on to. */
export async function callFollowing(first: OutgoingCall): Promise<OutgoingAnswer> {
  let { url } = first
  for (let times = 0; times < MOST_REDIRECTS; times += 1) {
    const answer = await call({ ...first, url })
    const { location } = answer.headers
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer
    url = new URL(location, url).href
  }
  throw new Error('sent on too often')
}
