import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { badRequest, CouchFault } from './couch-fault.ts'

/** What is answered at once. A text is JSON already. */
export interface Reply {
  readonly status: number
  readonly body: string | object
  readonly headers?: Readonly<Record<string, string>>
}

/** What is answered over time. */
export type Stream = (response: ServerResponse, headers: Readonly<Record<string, string>>) => Promise<void>

/** Smaller replies do not become smaller. */
const WORTH_COMPRESSING = 600
/** As reverse proxies are usually set: the line is slow, the server is not. */
const COMPRESSION_LEVEL = 5

const unpack = promisify(gunzip)
const pack = promisify(gzip)

/** The whole body, unpacked. Errors: 413, 400 for what cannot be unpacked, 415 for another packing. */
export async function readBody(request: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largest) throw tooLarge()
    chunks.push(chunk)
  }
  const raw = Buffer.concat(chunks)
  const encoding = request.headers['content-encoding']
  if (raw.length === 0 || encoding === undefined || encoding === 'identity') return raw
  if (encoding !== 'gzip') throw new CouchFault(415, 'bad_ctype', `unsupported content encoding: ${encoding}`)
  try {
    return await unpack(raw, { maxOutputLength: largest })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw badRequest('Failed to unzip request body')
  }
}

const tooLarge = (): CouchFault => new CouchFault(413, 'too_large', 'the request entity is too large')

/** How a reply goes out. */
export interface Manner {
  /** Gzip for who takes it. */
  readonly compress: boolean
  /** Half of it, then the connection ends. */
  readonly cut: boolean
}

/** Answers. Resolves when the reply was handed to the connection. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers = {} }: Reply,
  { compress, cut }: Manner,
): Promise<void> {
  const plain = Buffer.from(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`)
  const packs = compress && plain.length >= WORTH_COMPRESSING && takesGzip(request)
  const bytes = packs ? await pack(plain, { level: COMPRESSION_LEVEL }) : plain
  if (response.destroyed) return
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'must-revalidate',
    ...headers,
    ...(packs ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {}),
    'content-length': bytes.length,
  })
  if (!cut) {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy())
  await once(response, 'close')
}

const takesGzip = (request: IncomingMessage): boolean =>
  /(^|[\s,])gzip($|[\s,;])/.test(String(request.headers['accept-encoding'] ?? ''))
