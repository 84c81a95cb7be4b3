import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ZodError, z } from 'zod'

/** A peer that can be told what to do while it runs. */
export interface ControlledPeer {
  /** `http://127.0.0.1:PORT` of what it plays. */
  readonly origin: string
  /** Does what it is told. Errors: a ZodError for an order that it does not know. */
  obey(order: unknown): Promise<void>
  /** What there is now. */
  summary(): object
  /** Entries of its ledger from a position on. */
  page(after: number, limit: number): { readonly entries: readonly object[]; readonly next: number | null }
}

const LARGEST_ORDER = 64_000_000
const LARGEST_PAGE = 10_000

/** Opens the control API of a peer on a port of its own and returns its address. Only for who has the token. */
export async function openControl(peer: ControlledPeer, token: string): Promise<string> {
  const server = createServer((request, response) => {
    answerControl(peer, token, request, response).catch((error: unknown) => {
      const reason = error instanceof ZodError ? z.prettifyError(error) : String(error)
      if (response.headersSent) response.destroy()
      else answer(response, error instanceof ZodError ? 400 : 500, { error: reason })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function answerControl(
  peer: ControlledPeer,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hasToken(request.headers.authorization, token)) return answer(response, 401, {})
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (url.pathname === '/control/ledger') {
    const after = Number(url.searchParams.get('after') ?? 0)
    const limit = Math.min(LARGEST_PAGE, Number(url.searchParams.get('limit') ?? LARGEST_PAGE))
    return answer(response, 200, peer.page(after, limit))
  }
  if (request.method === 'POST') await peer.obey(JSON.parse((await readBody(request, LARGEST_ORDER)).toString('utf8')))
  answer(response, 200, peer.summary())
}

/** The whole body of a request. Errors: larger than that many bytes. */
export async function readBody(request: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largest) throw new Error('the request is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function hasToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
