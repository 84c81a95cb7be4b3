import type { IncomingMessage } from 'node:http'

/*
 * The door listens on the loopback address, but every page that the officer's browser shows can send requests there. So each
 * request must name this very door as its host (a name that was rebound to 127.0.0.1 does not), and must come from its own page.
 */

/** Why a request is turned away, or undefined if it may go on. */
export function findRefusal(request: IncomingMessage, origin: string): 'wrong-host' | 'wrong-origin' | undefined {
  if (request.headers.host !== new URL(origin).host) return 'wrong-host'
  const from = request.headers.origin
  if (from !== undefined && from !== origin) return 'wrong-origin'
  const site = request.headers['sec-fetch-site']
  // `none` is the address line or the link that the office opened.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'wrong-origin'
  return undefined
}

/** The stricter rule for the line to the core: a browser always names the origin there. */
export function findUpgradeRefusal(
  request: IncomingMessage,
  origin: string,
): 'wrong-host' | 'wrong-origin' | undefined {
  return findRefusal(request, origin) ?? (request.headers.origin === origin ? undefined : 'wrong-origin')
}

/** The value of one cookie. */
export function findCookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
