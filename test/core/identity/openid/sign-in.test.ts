import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { ADMIN_PIN, newOffice, type OpenOffice, officerNamed } from '../../open-office.ts'
import { Browser, land } from './esignet.ts'
import { admit, begin, goThrough, type LinkedOffice, linkedOffice, signIn } from './linked-office.ts'

// Keys are sealed under PINs again and again, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let linked: LinkedOffice
afterEach(() => linked.close())

const PIN = '903718'

describe('the first sign-in by e-Signet', () => {
  test('makes somebody who waits, and an officer once an administrator has given roles', async () => {
    linked = await linkedOffice()
    const { office } = linked
    const begun = await begin(linked, 'new')
    const unknown = await goThrough(linked, begun, 'new')
    expect(unknown).toEqual({ code: 'fine', value: { kind: 'unknown', name: 'Selam Tadesse' } })
    expect(await office.get('session.current', undefined, 'new')).toBeNull()
    // Only the window that signed in may go on.
    const wish = { attemptId: begun.attemptId, name: 'Selam Tadesse', pin: PIN }
    expect(await office.codeOf('signIn.askIn', wish, 'another')).toBe('sign-in.attempt-gone')
    expect(await office.codeOf('signIn.askIn', { ...wish, pin: '111111' }, 'new')).toBe('identity.weak-pin')
    await office.get('signIn.askIn', wish, 'new')
    expect(await office.codeOf('signIn.askIn', wish, 'new')).toBe('sign-in.attempt-gone')
    expect((await signIn(linked, 'new')).code).toBe('sign-in.waits')

    const [applicant] = await office.get<{ id: string; name: string }[]>('signIn.applicants')
    expect(applicant).toMatchObject({
      name: 'Selam Tadesse',
      officerId: null,
      provider: expect.stringMatching(/^National ID/),
    })
    await office.get('signIn.approve', {
      applicantId: applicant?.id,
      pin: ADMIN_PIN,
      name: 'Selam Tadesse',
      login: 'selam',
      roles: ['clerk'],
    })
    expect(await officerNamed(office, 'selam')).toMatchObject({
      state: 'active',
      trusted: true,
      hasKey: true,
      firstPin: false,
      sponsors: [linked.admin],
    })
    const known = await signIn(linked, 'new')
    expect(known).toMatchObject({
      code: 'fine',
      value: { kind: 'signed-in', officer: { name: 'Selam Tadesse', by: 'provider' } },
    })
    expect(await office.get('session.current', undefined, 'new')).toMatchObject({ roles: ['clerk'], by: 'provider' })
    // The PIN that the officer chose works beside it.
    await office.get('session.signOut', undefined, 'new')
    const { id } = await officerNamed(office, 'selam')
    expect(await office.codeOf('session.signIn', { officerId: id, pin: PIN }, 'new')).toBe('fine')
  })

  test('leaves nothing behind where it is refused', async () => {
    linked = await linkedOffice()
    const { office } = linked
    const begun = await begin(linked, 'new')
    await goThrough(linked, begun, 'new')
    await office.get('signIn.askIn', { attemptId: begun.attemptId, name: 'Somebody', pin: PIN }, 'new')
    const [applicant] = await office.get<{ id: string }[]>('signIn.applicants')
    await office.get('signIn.refuse', { applicantId: applicant?.id })
    expect(await office.get('signIn.applicants')).toEqual([])
    const { store } = office.core.getOffice()
    expect(store.sql("SELECT COUNT(*) FROM secret WHERE kind = 'officer-key'").pluck().get()).toBe(1)
  })

  test('keeps of the provider what it calls the officer, and no token, name of a person or number elsewhere', async () => {
    linked = await linkedOffice()
    const seen: string[] = []
    linked.esignet.ways.tokens = (reply) => {
      seen.push(String(reply.access_token), String(reply.id_token))
      return reply
    }
    await admit(linked, { user: 'officer-one', roles: ['clerk'], pin: PIN })
    await signIn(linked, 'window two')
    expect(seen).toHaveLength(4)
    const { store } = linked.office.core.getOffice()
    const tables = store
      .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
      .all() as string[]
    const everything = tables.map((table) => JSON.stringify(store.sql(`SELECT * FROM "${table}"`).all())).join('\n')
    for (const token of seen) expect(everything.includes(token)).toBe(false)
    const audit = JSON.stringify(store.sql('SELECT * FROM audit').all())
    expect(audit).not.toContain('officer-one"')
    expect(audit).not.toContain('Selam')
  })
})

describe('an officer who is there already', () => {
  test('asks to be linked, and is by another administrator only', async () => {
    linked = await linkedOffice()
    const { office, providerId } = linked
    const { id } = await office.get<{ id: string }>('officers.create', {
      name: 'Officer clerk',
      login: 'clerk',
      roles: ['clerk'],
      firstPin: '730164',
      pin: ADMIN_PIN,
    })
    await office.get('session.signIn', { officerId: id, pin: '730164' }, 'clerk')
    await office.get('session.changePin', { pin: '730164', newPin: PIN }, 'clerk')
    const begun = await office.get<{ attemptId: string; url: string }>(
      'signIn.beginLink',
      { providerId, language: 'ar' },
      'clerk',
    )
    expect(await goThrough(linked, begun, 'clerk')).toEqual({ code: 'fine', value: { kind: 'link-asked' } })
    const [wish] = await office.get<{ id: string; officerId: string }[]>('signIn.applicants')
    expect(wish?.officerId).toBe(id)
    const { changedAt, id: admin } = await officerNamed(office, 'almaz')
    const own = { applicantId: wish?.id, id: admin, basedOn: changedAt, pin: ADMIN_PIN }
    // The administrator can neither take it for somebody else's nor for their own.
    expect(await office.codeOf('signIn.link', own)).toBe('store.changed-meanwhile')
    const clerk = await officerNamed(office, 'clerk')
    await office.get('signIn.link', { applicantId: wish?.id, id, basedOn: clerk.changedAt, pin: ADMIN_PIN })
    expect((await officerNamed(office, 'clerk')).trusted).toBe(true)
    expect(await signIn(linked, 'elsewhere')).toMatchObject({ value: { kind: 'signed-in', officer: { id } } })
    // And by nobody's number twice.
    const { changedAt: now } = await officerNamed(office, 'clerk')
    await office.get('signIn.unlink', { id, basedOn: now, pin: ADMIN_PIN })
    expect((await signIn(linked, 'elsewhere')).value).toMatchObject({ kind: 'unknown' })
  })

  test('cannot be the last administrator who needs no provider', async () => {
    linked = await linkedOffice()
    const { office } = linked
    const begun = await begin(linked, 'new')
    await goThrough(linked, begun, 'new')
    await office.get('signIn.askIn', { attemptId: begun.attemptId, name: 'Almaz', pin: PIN }, 'new')
    const [wish] = await office.get<{ id: string }[]>('signIn.applicants')
    const { id, changedAt } = await officerNamed(office, 'almaz')
    const link = { applicantId: wish?.id, id, basedOn: changedAt, pin: ADMIN_PIN }
    expect(await office.codeOf('signIn.link', link)).toBe('identity.own-record')
  })

  test('is out at once when suspended, and does not come in again', async () => {
    linked = await linkedOffice()
    const { office } = linked
    await admit(linked, { user: 'officer-one', roles: ['clerk'], pin: PIN })
    await signIn(linked, 'clerk')
    const { id, changedAt } = await officerNamed(office, 'officer-one')
    await office.get('officers.setState', { id, basedOn: changedAt, state: 'suspended', pin: ADMIN_PIN })
    expect(await office.codeOf('home.summary', undefined, 'clerk')).toBe('api.signed-out')
    expect((await signIn(linked, 'clerk')).code).toBe('identity.suspended')
  })
})

describe('every way in which providers differ', () => {
  const rows: readonly [string, Parameters<typeof linkedOffice>[0], Parameters<typeof linkedOffice>[1]][] = [
    ['signed user info, RS256', {}, {}],
    ['encrypted user info', { userInfo: 'encrypted' }, {}],
    ['PS256 on both sides', { signingAlgorithm: 'PS256', assertionAlgorithm: 'PS256' }, {}],
    ['ES256 on both sides', { signingAlgorithm: 'ES256', assertionAlgorithm: 'ES256' }, {}],
    ['no user info at all', { userInfo: 'none' }, {}],
    ['the assertion for the issuer', { assertionAudience: 'issuer' }, {}],
    [
      'a secret in the header',
      { kind: 'openid', clientAuthentication: 'client_secret_basic', userInfo: 'plain' },
      { secret: 'a secret of the office: 12+3%' },
    ],
    [
      'a secret in the form',
      { kind: 'openid', clientAuthentication: 'client_secret_post', userInfo: 'plain' },
      { secret: 'a secret of the office: 12+3%' },
    ],
    [
      'a public client',
      { kind: 'openid', clientAuthentication: 'none', userInfo: 'plain', missingIssuer: 'refuse' },
      {},
    ],
  ]
  let known: { office: OpenOffice; admin: string }
  beforeAll(async () => {
    known = await newOffice()
  })
  afterAll(() => known.office.close())

  test.each(rows)('%s', async (_, settings, client) => {
    linked = await linkedOffice(settings, client, known)
    expect(await signIn(linked, 'window')).toMatchObject({ code: 'fine', value: { kind: 'unknown' } })
  })

  test('an assertion is for the one audience that the settings name', async () => {
    linked = await linkedOffice({}, {}, known)
    const { esignet } = linked
    esignet.ways.audience = `${esignet.issuer}/token`
    expect((await signIn(linked, 'window')).code).toBe('fine')
    esignet.ways.audience = esignet.issuer
    expect((await signIn(linked, 'window')).code).toBe('sign-in.client-refused')
  })

  test('an answer without its issuer is taken where the settings say so, and only there', async () => {
    const withoutIssuer = {
      tamper: (came: URL) => {
        came.searchParams.delete('iss')
        return came
      },
    }
    linked = await linkedOffice({}, {}, known)
    expect((await signIn(linked, 'window', withoutIssuer)).code).toBe('fine')
    await linked.close()
    linked = await linkedOffice({ missingIssuer: 'refuse' }, {}, known)
    expect((await signIn(linked, 'window', withoutIssuer)).code).toBe('sign-in.answer-invalid')
  })

  test('a refusal is told by its code alone, with or without an issuer', async () => {
    linked = await linkedOffice({ missingIssuer: 'refuse' }, {}, known)
    const refused = await signIn(linked, 'window', {
      tamper: (came) => {
        const state = came.searchParams.get('state') ?? ''
        came.search = String(new URLSearchParams({ error: 'access_denied', error_description: 'Selam said no', state }))
        return came
      },
    })
    expect(refused).toEqual({ code: 'sign-in.refused', value: { reason: 'access_denied' } })
  })

  test('user info in the form of e-Signet when it refuses', async () => {
    linked = await linkedOffice({}, {}, known)
    linked.esignet.ways.refusesUserInfo = true
    expect((await signIn(linked, 'window')).code).toBe('sign-in.user-info-invalid')
  })

  test('a clock that is too far off is named with its seconds; one that is a little off is made up for', async () => {
    linked = await linkedOffice({}, {}, known)
    const { office, esignet, providerId } = linked
    esignet.ways.clockOff = 120_000
    const answer = await office.ask('signIn.begin', { providerId, language: 'en' }, 'window')
    expect(answer).toMatchObject({ ok: false, error: { code: 'sign-in.clock-wrong' } })
    expect(answer.ok ? 0 : answer.error.params.seconds).toBeGreaterThan(115)
    esignet.ways.clockOff = 20_000
    esignet.changeIdToken((claims) => ({ ...claims, iat: Number(claims.iat) + 20, exp: Number(claims.exp) + 20 }))
    expect((await signIn(linked, 'window')).code).toBe('fine')
  })

  test('the second port where the first is taken', async () => {
    linked = await linkedOffice({}, {}, known)
    const first = await begin(linked, 'one')
    const second = await begin(linked, 'two')
    const port = ({ url }: { url: string }) => new URL(new URL(url).searchParams.get('redirect_uri') ?? '').port
    expect(port(second)).not.toBe(port(first))
    const answer = await linked.office.ask('signIn.begin', { providerId: linked.providerId, language: 'en' }, 'three')
    expect(answer).toMatchObject({ ok: false, error: { code: 'sign-in.ports-busy' } })
    expect((await goThrough(linked, second, 'two')).code).toBe('fine')
    expect((await goThrough(linked, first, 'one')).code).toBe('fine')
  })

  test('the test names what is wrong', async () => {
    linked = await linkedOffice({}, {}, known)
    const { office, esignet, providerId } = linked
    const faults = async () => {
      const results = await office.get<{ check: string; fault: { code: string } | null }[]>('signIn.test', {
        id: providerId,
      })
      return Object.fromEntries(results.map(({ check, fault }) => [check, fault?.code ?? null]))
    }
    expect(await faults()).toEqual({ metadata: null, abilities: null, keys: null, client: null, ports: null })
    esignet.ways.metadata = (metadata) => ({ ...metadata, code_challenge_methods_supported: ['plain'] })
    expect(await faults()).toMatchObject({ abilities: 'sign-in.method-unsupported' })
    esignet.ways.metadata = (metadata) => ({ ...metadata, issuer: 'https://elsewhere.example.org' })
    expect(await faults()).toEqual({ metadata: 'sign-in.issuer-differs', ports: null })
    esignet.ways.metadata = (metadata) => metadata
    await office.get('signIn.setClientId', { id: providerId, clientId: 'somebody-else' })
    expect(await faults()).toMatchObject({ client: 'sign-in.client-refused' })
    await office.get('signIn.setClientId', { id: providerId, clientId: '' })
    await office.get('signIn.makeKeys', { id: providerId })
    expect(await faults()).toMatchObject({ client: 'sign-in.client-refused' })
    await esignet.close()
    expect((await faults()).metadata).toMatch(/^http\./)
  })
})

test('a cancelled attempt and one that was replaced end, and nothing comes of their answers', async () => {
  linked = await linkedOffice()
  const { office } = linked
  const begun = await begin(linked, 'window')
  const finish = office.codeOf('signIn.finish', { attemptId: begun.attemptId }, 'window')
  await office.get('signIn.providers', undefined, 'window')
  await office.get('signIn.cancel', undefined, 'window')
  expect(await finish).toBe('sign-in.cancelled')
  const came = await new Browser().open(begun.url)
  await expect(land(came as URL)).rejects.toThrow()
  expect(await office.codeOf('signIn.finish', { attemptId: begun.attemptId }, 'window')).toBe('sign-in.attempt-gone')
})
