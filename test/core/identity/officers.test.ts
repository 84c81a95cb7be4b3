import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ADMIN_PIN,
  hire,
  type ListedOfficer,
  newOffice,
  type OpenOffice,
  officerNamed,
  PASSPHRASE,
} from '../open-office.ts'

let office: OpenOffice
let admin: string

beforeEach(async () => {
  const made = await newOffice()
  office = made.office
  admin = made.admin
})
afterEach(() => office.close())

const edit = async (login: string, window = 'window', pin = ADMIN_PIN) => {
  const { id, changedAt } = await officerNamed(office, login, window)
  return { id, basedOn: changedAt, pin }
}

describe('a new officer', () => {
  const draft = { name: 'Samir Haddad', login: 'samir', roles: ['clerk'], firstPin: '730164', pin: ADMIN_PIN }

  test('is trusted, sponsored by the administrator, and can do nothing before the first PIN is changed', async () => {
    const made = await office.get<ListedOfficer>('officers.create', draft)
    expect(made).toMatchObject({ trusted: true, firstPin: true, sponsors: [admin], state: 'active', hasKey: true })
    const signedIn = await office.get('session.signIn', { officerId: made.id, pin: '730164' }, 'second')
    expect(signedIn).toMatchObject({ mustChangePin: true })
    expect(await office.codeOf('officers.list', undefined, 'second')).toBe('identity.change-pin-first')
    expect(await office.codeOf('session.changePin', { pin: '730164', newPin: '730164' }, 'second')).toBe(
      'identity.same-pin',
    )
    expect(await office.codeOf('session.changePin', { pin: '730164', newPin: '123456' }, 'second')).toBe(
      'identity.weak-pin',
    )
    expect(await office.codeOf('session.changePin', { pin: '730164', newPin: '605918' }, 'second')).toBe('fine')
    expect(await office.codeOf('officers.list', undefined, 'second')).toBe('fine')
    expect(await office.codeOf('session.signIn', { officerId: made.id, pin: '730164' }, 'third')).toBe(
      'identity.wrong-pin',
    )
  })

  test.each([
    ['a PIN that is a run', { firstPin: '123456' }, 'identity.weak-pin'],
    ['a login that differs only in case', { login: 'ALMAZ' }, 'identity.login-taken'],
    ['a wrong PIN of the administrator', { pin: '999111' }, 'identity.wrong-pin'],
    ['a name that hides its direction', { name: 'Samir \u202ehaddaH' }, 'text.bidi-control'],
    ['no role', { roles: [] }, 'api.input-invalid'],
  ])('is refused with %s', async (_, change, code) => {
    expect(await office.codeOf('officers.create', { ...draft, ...change })).toBe(code)
    expect(await office.get<ListedOfficer[]>('officers.list')).toHaveLength(1)
  })
})

test('only administrators change officers; everybody who is signed in may see them', async () => {
  await hire(office, 'clerk', ['clerk'], '605918')
  await hire(office, 'approver', ['approver'], '605918')
  await hire(office, 'auditor', ['auditor'], '605918')
  const target = await officerNamed(office, 'clerk')
  const inputs: Record<string, unknown> = {
    'officers.create': { name: 'New', login: 'new', roles: ['clerk'], firstPin: '730164', pin: '605918' },
    'officers.change': {
      id: target.id,
      basedOn: target.changedAt,
      pin: '605918',
      name: 'X',
      login: 'x',
      roles: ['clerk'],
    },
    'officers.setState': { id: target.id, basedOn: target.changedAt, pin: '605918', state: 'suspended' },
    'officers.resetPin': { id: target.id, basedOn: target.changedAt, pin: '605918', firstPin: '730164' },
    'officers.confirmReset': { id: target.id, basedOn: target.changedAt, pin: '605918' },
  }
  for (const [path, input] of Object.entries(inputs)) {
    expect(await office.codeOf(path, input, 'nobody'), path).toBe('api.signed-out')
    for (const window of ['clerk', 'approver', 'auditor']) {
      expect(await office.codeOf(path, input, window), `${path} by ${window}`).toBe('api.not-your-role')
    }
  }
  expect(await office.codeOf('officers.list', undefined, 'clerk')).toBe('fine')
})

test('a suspended officer is signed out at once, everywhere, and cannot come back until reactivated', async () => {
  const id = await hire(office, 'samir', ['clerk'], '605918')
  const stream = office.follow('changes.stream', 'samir')
  const session = office.follow('session.follow', 'samir')
  expect(await office.codeOf('officers.setState', { ...(await edit('samir')), state: 'suspended' })).toBe('fine')
  expect(await stream.ended).toBe('api.signed-out')
  expect(await office.codeOf('officers.list', undefined, 'samir')).toBe('api.signed-out')
  await expect.poll(() => session.events.at(-1)).toBeNull()
  expect(await office.codeOf('session.signIn', { officerId: id, pin: '605918' }, 'samir')).toBe('identity.suspended')
  expect(await office.codeOf('officers.setState', { ...(await edit('samir')), state: 'active' })).toBe('fine')
  expect(await office.codeOf('session.signIn', { officerId: id, pin: '605918' }, 'samir')).toBe('fine')
})

test('the last administrator cannot be suspended or lose the role, and nobody decides about themselves', async () => {
  expect(await office.codeOf('officers.setState', { ...(await edit('almaz')), state: 'suspended' })).toBe(
    'identity.own-record',
  )
  expect(
    await office.codeOf('officers.change', {
      ...(await edit('almaz')),
      name: 'Almaz',
      login: 'almaz',
      roles: ['clerk'],
    }),
  ).toBe('identity.last-administrator')
  expect(await office.codeOf('officers.resetPin', { ...(await edit('almaz')), firstPin: '730164' })).toBe(
    'identity.own-record',
  )
  await hire(office, 'second', ['administrator'], '605918')
  expect(
    await office.codeOf(
      'officers.change',
      {
        ...(await edit('second', 'second', '605918')),
        name: 'Second',
        login: 'second',
        roles: ['administrator', 'clerk'],
      },
      'second',
    ),
  ).toBe('identity.own-record')
})

test('two administrators who change the same officer do not overwrite each other', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const stale = await edit('samir')
  const change = { name: 'Samir', login: 'samir', roles: ['clerk', 'approver'] }
  expect(await office.codeOf('officers.change', { ...stale, ...change })).toBe('fine')
  expect(await office.codeOf('officers.change', { ...stale, ...change })).toBe('store.changed-meanwhile')
})

describe('a PIN reset', () => {
  test('counts at once where there is no other administrator, and the trail says so', async () => {
    const id = await hire(office, 'samir', ['clerk'], '605918')
    const reset = await office.get<ListedOfficer>('officers.resetPin', { ...(await edit('samir')), firstPin: '914207' })
    expect(reset).toMatchObject({ state: 'active', firstPin: true, trusted: true })
    expect(await office.codeOf('session.signIn', { officerId: id, pin: '914207' }, 'again')).toBe('fine')
    const { rows } = await office.get<{ rows: { detail: string }[] }>('audit.page', {
      limit: 5,
      action: 'officer.pin-reset',
    })
    expect(JSON.parse(rows[0]?.detail as string)).toMatchObject({ confirmed: 'no-other-administrator' })
  })

  test('waits for a second administrator, who may not be the one that reset it', async () => {
    const id = await hire(office, 'samir', ['clerk'], '605918')
    const second = await hire(office, 'second', ['administrator'], '605918')
    const reset = await office.get<ListedOfficer>('officers.resetPin', { ...(await edit('samir')), firstPin: '914207' })
    expect(reset).toMatchObject({ state: 'unapproved', resetBy: admin })
    expect(await office.codeOf('session.signIn', { officerId: id, pin: '914207' }, 'samir')).toBe(
      'identity.waits-for-confirmation',
    )
    expect(await office.codeOf('officers.confirmReset', await edit('samir'))).toBe('identity.confirmed-by-resetter')
    // Suspending and taking that back is no way around the confirmation.
    await office.get('officers.setState', { ...(await edit('samir')), state: 'suspended' })
    await office.get('officers.setState', { ...(await edit('samir')), state: 'active' })
    expect(await officerNamed(office, 'samir')).toMatchObject({ state: 'unapproved', resetBy: admin })
    expect(await office.codeOf('officers.confirmReset', await edit('samir', 'second', '605918'), 'second')).toBe('fine')
    const confirmed = await officerNamed(office, 'samir')
    expect(confirmed).toMatchObject({ state: 'active', trusted: true, resetBy: null })
    expect(confirmed.sponsors).toEqual([admin])
    expect(confirmed.sponsors).not.toContain(second)
    expect(await office.codeOf('session.signIn', { officerId: id, pin: '914207' }, 'samir')).toBe('fine')
    expect(await office.codeOf('officers.confirmReset', await edit('samir'))).toBe('identity.nothing-to-confirm')
  })

  test('of an administrator keeps what they had signed trusted: the other one signs it again', async () => {
    await hire(office, 'second', ['administrator'], '605918')
    const byOther = await office.get<ListedOfficer>(
      'officers.create',
      { name: 'Leila', login: 'leila', roles: ['approver'], firstPin: '730164', pin: '605918' },
      'second',
    )
    expect(byOther.trusted).toBe(true)
    await office.get('officers.resetPin', { ...(await edit('second')), firstPin: '914207' })
    expect(await officerNamed(office, 'leila')).toMatchObject({ trusted: true })
  })

  test('of the first administrator leaves everything they had signed trusted', async () => {
    await hire(office, 'second', ['administrator'], '605918')
    await hire(office, 'samir', ['clerk'], '605918')
    const reset = await office.get<ListedOfficer>(
      'officers.resetPin',
      { ...(await edit('almaz', 'second', '605918')), firstPin: '914207' },
      'second',
    )
    expect(reset).toMatchObject({ trusted: true })
    const list = await office.get<ListedOfficer[]>('officers.list', undefined, 'second')
    expect(list.map(({ trusted }) => trusted)).toEqual(list.map(() => true))
    // The trust root's key is gone with the PIN: now each of the two stands on the other, so neither can be made anew.
    expect(await office.codeOf('session.signIn', { officerId: admin, pin: '914207' })).toBe('fine')
    await office.get('session.changePin', { pin: '914207', newPin: ADMIN_PIN })
    expect(await office.codeOf('officers.resetPin', { ...(await edit('second')), firstPin: '914207' })).toBe(
      'identity.would-break-trust',
    )
  })
})

test('a record that was tampered with is shown as untrusted and its officer cannot administer', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const { store } = office.core.getOffice()
  const before = store.get('officer', (await officerNamed(office, 'samir')).id)
  store.transaction('office', (tx) => {
    tx.put('officer', { ...before, roles: ['administrator', 'approver'] })
    tx.audit({ action: 'officer.changed', subjectKind: 'officer', subjectId: before.id })
  })
  expect(await officerNamed(office, 'samir')).toMatchObject({ trusted: false })
  const draft = { name: 'Mole', login: 'mole', roles: ['clerk'], firstPin: '730164', pin: '605918' }
  expect(await office.codeOf('officers.create', draft, 'samir')).toBe('identity.signature-invalid')
})

test('wrong PINs are answered later and later, wherever the PIN is asked and also after a restart', async () => {
  const id = await hire(office, 'samir', ['clerk'], '605918')
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await office.codeOf('session.signIn', { officerId: id, pin: '000111' }, 'thief')).toBe('identity.wrong-pin')
  }
  expect(await office.ask('session.signIn', { officerId: id, pin: '605918' }, 'thief')).toMatchObject({
    error: { code: 'identity.too-many-tries' },
  })
  expect(await office.codeOf('session.changePin', { pin: '605918', newPin: '914207' }, 'samir')).toBe(
    'identity.too-many-tries',
  )
  await office.get('setup.lock')
  await office.get('setup.unlock', { passphrase: PASSPHRASE })
  expect(await office.codeOf('session.signIn', { officerId: id, pin: '605918' })).toBe('identity.too-many-tries')
})
