import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fail } from '../../../../shared/contract/result.ts'
import { CALLBACK_PATH } from '../../../../shared/model/sign-in-provider.ts'
import { arrivalPage, type PageLanguage } from './arrival-page.ts'

/** Waits on this machine for the browser to come back from the provider (RFC 8252 §7.3). */
export interface LoopbackListener {
  /** Where the provider has to send the browser. */
  readonly redirectUri: string
  /** The one answer; never where the listener was closed before. */
  readonly arrived: Promise<URL>
  close(): void
}

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  Connection: 'close',
}

/**
 * Listens on the first free one of the ports that are registered. One GET of one path, under this address, with the state of
 * this attempt ends it; whatever else comes, from other pages or programs, is turned away and changes nothing.
 *
 * @throws OfficeError `sign-in.ports-busy`
 */
export async function listenForAnswer(
  ports: readonly number[],
  state: string,
  language: PageLanguage,
): Promise<LoopbackListener> {
  const answer = Promise.withResolvers<URL>()
  let origin = ''
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const url = addressOf(request, origin)
    if (url === undefined || !isSame(url.searchParams.get('state') ?? '', state)) {
      turnAway(request, response, language)
      return
    }
    response.writeHead(200, HEADERS).end(arrivalPage(language, 'done'))
    server.close()
    answer.resolve(url)
  })
  server.requestTimeout = 5_000
  server.headersTimeout = 5_000
  server.maxConnections = 20
  const port = await firstFree(server, ports)
  if (port === undefined) return fail('sign-in.ports-busy', { ports: ports.join(', ') })
  origin = `http://127.0.0.1:${port}`
  return {
    redirectUri: `${origin}${CALLBACK_PATH}`,
    arrived: answer.promise,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The address that was called; undefined for calls that no provider's redirect makes. */
function addressOf({ method, headers, url = '' }: IncomingMessage, origin: string): URL | undefined {
  if (method !== 'GET' || headers.host !== new URL(origin).host || url.length > 8_000) return undefined
  // A redirect of a tab, not a picture or a script of some page. Old browsers do not say.
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined && mode !== 'navigate') return undefined
  const called = URL.parse(url, origin)
  return called?.origin === origin && called.pathname === CALLBACK_PATH ? called : undefined
}

function turnAway(request: IncomingMessage, response: ServerResponse, language: PageLanguage): void {
  request.resume()
  response.writeHead(400, HEADERS).end(arrivalPage(language, 'refused'))
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}

async function firstFree(server: Server, ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) {
    const free = await new Promise<boolean>((resolve) => {
      const refused = (): void => resolve(false)
      server.once('error', refused)
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        server.off('error', refused)
        resolve(true)
      })
    })
    if (free) return port
  }
  return undefined
}
