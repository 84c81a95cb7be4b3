import { generateKeyPairSync } from 'node:crypto'
import { request } from 'node:http'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { newOffice, type OpenOffice } from '../../open-office.ts'
import { Browser, land } from './esignet.ts'
import { begin, goThrough, type LinkedOffice, linkedOffice, signIn } from './linked-office.ts'

let known: { office: OpenOffice; admin: string }
// Keys are sealed under PINs again and again, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let linked: LinkedOffice

beforeAll(async () => {
  known = await newOffice()
})
afterAll(() => known.office.close())
afterEach(() => linked.close())

/** Somebody who tries gets a refusal, and nobody is signed in by it. */
async function isRefused(how: Parameters<typeof signIn>[2] = {}): Promise<string> {
  const { code } = await signIn(linked, 'attacked', how)
  expect(await linked.office.get('session.current', undefined, 'attacked')).toBeNull()
  return code
}

describe('an ID token counts only when', () => {
  const changes: readonly [string, (claims: Record<string, unknown>) => Record<string, unknown>][] = [
    ['it answers this nonce', (claims) => ({ ...claims, nonce: 'of another attempt' })],
    ['it has a nonce at all', ({ nonce, ...claims }) => claims],
    ['this issuer made it', (claims) => ({ ...claims, iss: 'https://elsewhere.example.org' })],
    ['it is for this client', (claims) => ({ ...claims, aud: 'another-client' })],
    ['it is for this client first', (claims) => ({ ...claims, aud: ['field-office', 'another'], azp: 'another' })],
    ['it has not run out', (claims) => ({ ...claims, exp: Number(claims.iat) - 3_600 })],
    ['it names somebody', ({ sub, ...claims }) => claims],
    [
      'it was signed now',
      (claims) => ({ ...claims, iat: Number(claims.iat) + 3_600, nbf: Number(claims.iat) + 3_600 }),
    ],
  ]
  test.each(changes)('%s', async (_, change) => {
    linked = await linkedOffice({}, {}, known)
    linked.esignet.changeIdToken(change)
    expect(await isRefused()).toBe('sign-in.answer-invalid')
  })

  test('the provider signed it, by the algorithm that is pinned', async () => {
    linked = await linkedOffice({}, {}, known)
    const { esignet } = linked
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    esignet.ways.tokens = async (reply) => ({
      ...reply,
      id_token: await esignet.sign(decodeJwt(String(reply.id_token)), { key: stranger }),
    })
    expect(await isRefused()).toBe('sign-in.answer-invalid')
    esignet.ways.tokens = async (reply) => ({
      ...reply,
      id_token: await esignet.sign(decodeJwt(String(reply.id_token)), { alg: 'PS256' }),
    })
    expect(await isRefused()).toBe('sign-in.answer-invalid')
    esignet.ways.tokens = (reply) => {
      const [, payload] = String(reply.id_token).split('.')
      const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
      return { ...reply, id_token: `${header}.${payload}.` }
    }
    expect(await isRefused()).toBe('sign-in.answer-invalid')
  })

  test('it is there', async () => {
    linked = await linkedOffice({}, {}, known)
    linked.esignet.ways.tokens = ({ id_token, ...reply }) => reply
    expect(await isRefused()).toBe('sign-in.answer-invalid')
  })

  test('the officer signed in as strongly as was asked', async () => {
    linked = await linkedOffice({ acrValues: ['mosip:idp:acr:biometrics'] }, {}, known)
    linked.esignet.ways.acr = 'mosip:idp:acr:biometrics'
    linked.esignet.changeIdToken((claims) => ({ ...claims, acr: 'mosip:idp:acr:static-code' }))
    expect(await isRefused()).toBe('sign-in.acr-missing')
    // Several ways in one sign-in stand in one text.
    linked.esignet.changeIdToken((claims) => ({ ...claims, acr: 'mosip:idp:acr:static-code mosip:idp:acr:biometrics' }))
    expect((await signIn(linked, 'attacked')).code).toBe('fine')
  })
})

describe('user info counts only when', () => {
  test('it is about the one who signed in', async () => {
    linked = await linkedOffice({}, {}, known)
    const { esignet } = linked
    esignet.ways.userInfo = (text) => esignet.sign({ ...decodeJwt(text), sub: 'somebody else' })
    expect(await isRefused()).toBe('sign-in.user-info-invalid')
  })

  test('it is signed by the provider, where it has to be signed', async () => {
    linked = await linkedOffice({}, {}, known)
    const { esignet } = linked
    const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    esignet.ways.userInfo = (text) => esignet.sign(decodeJwt(text), { key })
    expect(await isRefused()).toBe('sign-in.user-info-invalid')
    await linked.close()
    linked = await linkedOffice({}, { userInfo: 'plain' }, known)
    expect(await isRefused()).toBe('sign-in.user-info-invalid')
  })

  test('it is encrypted, where it has to be', async () => {
    linked = await linkedOffice({ userInfo: 'encrypted' }, { userInfo: 'plain' }, known)
    expect(await isRefused()).toBe('sign-in.user-info-invalid')
  })
})

describe('what the browser brings', () => {
  test('a code is good once, and for the attempt that asked for it', async () => {
    linked = await linkedOffice({}, {}, known)
    const first = await begin(linked, 'one')
    const codes: string[] = []
    const note = (came: URL): URL => {
      codes.push(came.searchParams.get('code') ?? '')
      return came
    }
    expect((await goThrough(linked, first, 'one', { tamper: note })).code).toBe('fine')
    const replayed = await isRefused({
      tamper: (came) => {
        came.searchParams.set('code', codes[0] ?? '')
        return came
      },
    })
    expect(replayed).toBe('sign-in.code-refused')
  })

  test('a code that was caught elsewhere is worth nothing without the verifier', async () => {
    linked = await linkedOffice({}, {}, known)
    const victim = await begin(linked, 'victim')
    const stolen = await new Browser().open(victim.url)
    const refused = await isRefused({
      tamper: (came) => {
        came.searchParams.set('code', stolen?.searchParams.get('code') ?? '')
        return came
      },
    })
    expect(refused).toBe('sign-in.code-refused')
  })

  test('another issuer in the answer ends it before the code is used', async () => {
    linked = await linkedOffice({}, {}, known)
    const mixed = await isRefused({
      tamper: (came) => {
        came.searchParams.set('iss', 'https://elsewhere.example.org')
        return came
      },
    })
    expect(mixed).toBe('sign-in.issuer-differs')
  })

  test('only one GET of the one path with this state is heard; everything else is turned away and ends nothing', async () => {
    linked = await linkedOffice({}, {}, known)
    const begun = await begin(linked, 'window')
    const came = (await new Browser().open(begun.url)) as URL
    const other = (change: (url: URL) => void): URL => {
      const url = new URL(came)
      change(url)
      return url
    }
    const status = async (url: URL, headers?: Record<string, string>) => (await land(url, headers)).status
    expect(await status(other((url) => url.searchParams.set('state', 'guessed')))).toBe(400)
    expect(await status(other((url) => url.searchParams.delete('state')))).toBe(400)
    expect(await status(new URL(`/${came.search}`, came))).toBe(400)
    expect(await status(new URL(`/callback/${came.search}`, came))).toBe(400)
    expect(await status(came, { host: 'attacker.example.org' })).toBe(400)
    expect(await status(came, { host: `localhost:${came.port}` })).toBe(400)
    expect(await status(came, { 'sec-fetch-mode': 'no-cors' })).toBe(400)
    expect(await posted(came)).toBe(400)
    const page = await land(came)
    expect(page.status).toBe(200)
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(page.body).not.toMatch(/<script|code=|state=/)
    expect(await linked.office.codeOf('signIn.finish', { attemptId: begun.attemptId }, 'window')).toBe('fine')
    await expect(land(came)).rejects.toThrow()
  })

  test('what one window began, another one neither ends nor takes', async () => {
    linked = await linkedOffice({}, {}, known)
    const begun = await begin(linked, 'mine')
    const { attemptId } = begun
    expect(await linked.office.codeOf('signIn.finish', { attemptId }, 'theirs')).toBe('sign-in.attempt-gone')
    await linked.office.get('signIn.cancel', undefined, 'theirs')
    expect((await goThrough(linked, begun, 'mine')).code).toBe('fine')
  })
})

test('a record that no administrator signed signs nobody in', async () => {
  linked = await linkedOffice({}, {}, known)
  const { store } = linked.office.core.getOffice()
  store.transaction('office', (transaction) => {
    const { changedAt, changedBy, ...provider } = transaction.get('signInProvider', linked.providerId)
    transaction.put('signInProvider', { ...provider, metadataUrl: 'https://thief.example.org/metadata' })
    transaction.audit({ action: 'test.thief', subjectKind: 'signInProvider', subjectId: provider.id })
  })
  const { providerId: id } = linked
  expect(await linked.office.codeOf('signIn.begin', { providerId: id, language: 'en' })).toBe(
    'sign-in.provider-untrusted',
  )
  const listed = await linked.office.get<{ id: string }[]>('signIn.providers')
  expect(listed.map((one) => one.id)).not.toContain(id)
})

function posted(url: URL): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}
