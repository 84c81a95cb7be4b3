import type { ProxyDecision } from './exchange-types.ts'

/*
 * How systems say which way leads out. Only plain proxies are spoken to (`CONNECT`, with TLS to the far end inside); of
 * several ways the first one that can be taken counts.
 */

/**
 * The answer of a proxy script, as Chromium gives it: `PROXY host:port; DIRECT`.
 *
 * @returns null for the direct way, also where no way that is named can be taken
 */
export function proxyInScriptAnswer(answer: string): ProxyDecision {
  for (const way of answer.split(';')) {
    const [kind = '', address = ''] = way.trim().split(/\s+/)
    if (kind.toUpperCase() === 'DIRECT') return null
    if (kind.toUpperCase() !== 'PROXY') continue
    const proxy = hostAndPort(`http://${address}`, 80)
    if (proxy !== null) return proxy
  }
  return null
}

/**
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as command lines know them, in capitals or not.
 *
 * @param origin of the other end: `https://payments.example.org`
 */
export function proxyInEnvironment(origin: string, environment: NodeJS.ProcessEnv): ProxyDecision {
  const word = (name: string): string => environment[name] ?? environment[name.toLowerCase()] ?? ''
  const url = new URL(origin)
  if (isExcepted(url, word('NO_PROXY'))) return null
  const proxy = word(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  return proxy === '' ? null : hostAndPort(/^\w+:\/\//.test(proxy) ? proxy : `http://${proxy}`, 80)
}

function hostAndPort(address: string, usualPort: number): ProxyDecision {
  const url = URL.parse(address)
  if (url === null || url.protocol !== 'http:' || url.hostname === '') return null
  const port = url.port === '' ? usualPort : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.username === '') return { host, port }
  const name = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { host, port, authorization: `Basic ${Buffer.from(name).toString('base64')}` }
}

/** `example.org` and `.example.org` stand for the host and all below it, `*` for everything. */
function isExcepted({ hostname, port }: URL, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .some((one) => {
      const [name = '', onlyPort] = one
        .toLowerCase()
        .replace(/^\*?\./, '')
        .split(':')
      if (name === '*') return true
      const isHost = hostname === name || hostname.endsWith(`.${name}`)
      return isHost && (onlyPort === undefined || onlyPort === port)
    })
}
