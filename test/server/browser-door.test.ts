import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openBrowserDoor } from '../../electron/server/browser-door.ts'
import { PortTakenError } from '../../electron/server/port-taken.ts'
import { launchLinkLifetime } from '../../electron/server/sessions.ts'
import { FakeCore } from '../core/doors/fake-core.ts'
import { ask, openDoor, signInBrowser } from './open-door.ts'

describe('launch link', () => {
  it('becomes a cookie that scripts cannot read and other sites cannot use', async () => {
    const { door } = await openDoor()
    const link = new URL(door.newLink())
    const answer = await ask(door, link.pathname + link.search)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^field-office-${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
  })

  it('works once', async () => {
    const { door } = await openDoor()
    const link = new URL(door.newLink())
    await ask(door, link.pathname + link.search)
    const second = await ask(door, link.pathname + link.search)
    expect(second.status).toBe(401)
    expect(second.headers['set-cookie']).toBeUndefined()
  })

  it('is too old after its lifetime, and a new one works then', async () => {
    let now = 1_000
    const { door } = await openDoor({ now: () => now })
    const link = new URL(door.newLink())
    now += launchLinkLifetime
    expect((await ask(door, link.pathname + link.search)).status).toBe(401)
    expect(await signInBrowser(door)).toContain('field-office')
  })

  it.each(['/launch', '/launch?token=', '/launch?token=guess'])('is not replaced by %s', async (path) => {
    const { door } = await openDoor()
    expect((await ask(door, path)).status).toBe(401)
  })

  it('is not used up by a HEAD request', async () => {
    const { door } = await openDoor()
    const link = new URL(door.newLink())
    expect((await ask(door, link.pathname + link.search, {}, 'HEAD')).status).toBe(401)
    expect((await ask(door, link.pathname + link.search)).status).toBe(303)
  })
})

describe('every request', () => {
  it.each(['/', '/index.html', '/assets/index-B3xq9_aZ.js', '/health'])('needs the cookie for %s', async (path) => {
    const { door } = await openDoor()
    const without = await ask(door, path)
    const wrong = await ask(door, path, { cookie: `field-office-${door.port}=guess` })
    for (const answer of [without, wrong]) {
      expect(answer.status).toBe(401)
      expect(answer.body).not.toMatch(/export|csp-nonce|"ok"/)
    }
  })

  it.each(['evil.example', 'localhost', '127.0.0.1', '127.0.0.1:1', '[::1]'])(
    'is refused for host %s',
    async (host) => {
      const { door } = await openDoor()
      const cookie = await signInBrowser(door)
      expect((await ask(door, '/', { cookie, host })).status).toBe(421)
    },
  )

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('is refused from %o', async (headers) => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    const answer = await ask(door, '/', { cookie, ...(headers as Record<string, string>) })
    expect(answer.status).toBe(403)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('is refused for %s', async (method) => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    expect((await ask(door, '/', { cookie }, method)).status).toBe(405)
  })

  it('is refused as a proxy request', async () => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    expect((await ask(door, 'http://evil.example/', { cookie })).status).toBe(400)
    expect((await ask(door, '//evil.example/', { cookie })).status).toBe(400)
  })
})

describe('screens', () => {
  it('come with the strict policy and a nonce of their own each time', async () => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    const pages = [await ask(door, '/', { cookie }), await ask(door, '/', { cookie })]
    const nonces = pages.map((page) => /nonce="([\w-]{24})"/.exec(page.body)?.[1])
    expect(nonces[0]).not.toBe(nonces[1])
    for (const [index, page] of pages.entries()) {
      expect(page.headers['content-security-policy']).toContain(`'nonce-${nonces[index]}'`)
      expect(page.headers['content-security-policy']).not.toContain('unsafe')
      expect(page.headers['cache-control']).toBe('no-store')
    }
    expect(pages[0]?.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    expect(pages[0]?.headers['permissions-policy']).toContain('geolocation=()')
  })

  it('may be kept for good when their name carries a hash, and only then', async () => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    const hashed = await ask(door, '/assets/index-B3xq9_aZ.js', { cookie })
    expect(hashed.headers['cache-control']).toContain('immutable')
    expect(hashed.headers['content-type']).toContain('text/javascript')
    expect((await ask(door, '/assets/plain.js', { cookie })).headers['cache-control']).toBe('no-store')
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.hidden.js',
    '/assets',
    '/assets/',
    '/secret.txt%00.js',
    '/%',
    '/registrants/1',
  ])('are never found at %s', async (path) => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    const answer = await ask(door, path, { cookie })
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('outside')
  })
})

describe('openBrowserDoor', () => {
  it('says so when the port belongs to another program', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
    })
    onTestFinished(() => void other.close())
    const opening = openBrowserDoor({ core: new FakeCore(), screens: '.', port })
    await expect(opening).rejects.toEqual(new PortTakenError(port))
  })

  it('listens on the loopback address only', async () => {
    const { door } = await openDoor()
    expect(door.origin).toBe(`http://127.0.0.1:${door.port}`)
  })
})
