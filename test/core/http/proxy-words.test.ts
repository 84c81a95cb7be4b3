import { describe, expect, test } from 'vitest'
import { doorProxies } from '../../../electron/core/doors/door-proxies.ts'
import { proxyInEnvironment, proxyInScriptAnswer } from '../../../electron/core/http/proxy-words.ts'

describe('the answer of a proxy script', () => {
  test.each([
    ['DIRECT', null],
    ['PROXY proxy.example.org:3128', { host: 'proxy.example.org', port: 3128 }],
    ['PROXY proxy.example.org', { host: 'proxy.example.org', port: 80 }],
    ['PROXY [2001:db8::1]:8080; DIRECT', { host: '2001:db8::1', port: 8080 }],
    ['SOCKS5 socks:1080; PROXY second:8080', { host: 'second', port: 8080 }],
    ['SOCKS socks:1080', null],
    ['HTTPS secure:443;DIRECT', null],
    ['DIRECT; PROXY late:80', null],
    ['', null],
    ['PROXY', null],
  ])('%j leads by %j', (answer, proxy) => {
    expect(proxyInScriptAnswer(answer)).toEqual(proxy)
  })
})

describe('the environment', () => {
  const environment = {
    HTTPS_PROXY: 'http://office:p%40ss@proxy.example.org:3128',
    http_proxy: 'plain.example.org:8080',
    NO_PROXY: 'localhost, .internal.example.org,payments.example.org:8443',
  }
  test.each([
    ['https://pay.example.org', { host: 'proxy.example.org', port: 3128, authorization: 'Basic b2ZmaWNlOnBAc3M=' }],
    ['http://pay.example.org', { host: 'plain.example.org', port: 8080 }],
    ['https://a.internal.example.org', null],
    ['https://internal.example.org', null],
    [
      'https://notinternal.example.org',
      { host: 'proxy.example.org', port: 3128, authorization: 'Basic b2ZmaWNlOnBAc3M=' },
    ],
    ['https://payments.example.org:8443', null],
    [
      'https://payments.example.org',
      { host: 'proxy.example.org', port: 3128, authorization: 'Basic b2ZmaWNlOnBAc3M=' },
    ],
  ])('leads to %s by %j', (origin, proxy) => {
    expect(proxyInEnvironment(origin, environment)).toEqual(proxy)
  })

  test('that says nothing, or nothing that can be used, leads directly', () => {
    expect(proxyInEnvironment('https://pay.example.org', {})).toBeNull()
    expect(proxyInEnvironment('https://pay.example.org', { HTTPS_PROXY: 'socks5://s:1' })).toBeNull()
    expect(proxyInEnvironment('https://pay.example.org', { ...environment, NO_PROXY: '*' })).toBeNull()
  })
})

test('the door is told the origin alone, and its answers find their questions', async () => {
  const asked: [number, string][] = []
  const proxies = doorProxies((id, origin) => asked.push([id, origin]))
  const first = proxies.find(new URL('https://a.example.org/secret?token=1'))
  const second = proxies.find(new URL('https://b.example.org:8443/'))
  expect(asked.map(([, origin]) => origin)).toEqual(['https://a.example.org', 'https://b.example.org:8443'])
  proxies.learn(asked[1]?.[0] ?? 0, { host: 'proxy', port: 1 })
  proxies.learn(asked[0]?.[0] ?? 0, null)
  proxies.learn(99, { host: 'nobody asked', port: 1 })
  expect(await Promise.all([first, second])).toEqual([null, { host: 'proxy', port: 1 }])
})
