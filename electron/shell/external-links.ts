/** Sites that the screens may send the officer to, in the system's browser and after a question. */
const allowedSites: ReadonlySet<string> = new Set(['docs.openg2p.org', 'docs.mosip.io', 'g2p-connect.github.io'])

/** Whether a link may be offered at all: https, a known site, nothing hidden in it. */
export function isAllowedLink(address: string): boolean {
  const url = URL.parse(address)
  if (url === null) return false
  const isPlain = url.username === '' && url.password === '' && url.port === ''
  return url.protocol === 'https:' && isPlain && allowedSites.has(url.hostname)
}

/** How many addresses of providers are remembered; a window needs the last one, and again where its page was closed. */
const MOST_OFFERED = 5

/** Addresses that the core itself has just made for the officer's browser: a provider's page, letter by letter. */
export class OfferedLinks {
  #offered: string[] = []

  add(address: string): void {
    const url = URL.parse(address)
    const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1')
    if (safe) this.#offered = [...this.#offered, address].slice(-MOST_OFFERED)
  }

  has(address: string): boolean {
    return this.#offered.includes(address)
  }
}
