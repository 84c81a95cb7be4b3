/** Sites that the screens may send the officer to, in the system's browser and after a question. */
const allowedSites: ReadonlySet<string> = new Set(['docs.openg2p.org', 'docs.mosip.io', 'g2p-connect.github.io'])

/** Whether a link may be offered at all: https, a known site, nothing hidden in it. */
export function isAllowedLink(address: string): boolean {
  const url = URL.parse(address)
  if (url === null) return false
  const isPlain = url.username === '' && url.password === '' && url.port === ''
  return url.protocol === 'https:' && isPlain && allowedSites.has(url.hostname)
}
