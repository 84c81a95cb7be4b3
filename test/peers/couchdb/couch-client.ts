import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: what servers answer is looked at by tests, member by member
  readonly body: any
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is; a JSON value when it is no bytes. */
  readonly body?: unknown
}

export const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

/** Asks a server over a connection of its own. Rejects when the connection ends before the answer is whole. */
export function ask(method: string, url: string, { headers = {}, body }: Asking = {}): Promise<Answered> {
  const bytes = body === undefined ? undefined : body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body))
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method,
      agent: false,
      headers: {
        ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }),
        ...headers,
      },
    })
    call.on('error', reject)
    call.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('error', reject)
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const whole = Buffer.concat(chunks)
        const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole
        const text = plain.toString('utf8')
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: text.trim() === '' ? undefined : JSON.parse(text),
        })
      })
    })
    call.end(bytes)
  })
}
