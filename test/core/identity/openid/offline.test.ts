import { afterEach, expect, test, vi } from 'vitest'
import { ADMIN_PIN, officerNamed } from '../../open-office.ts'
import { admit, goThrough, type LinkedOffice, linkedOffice, signIn } from './linked-office.ts'

// Keys are sealed under PINs again and again, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let linked: LinkedOffice
afterEach(async () => {
  vi.useRealTimers()
  await linked.close()
})

const PIN = '903718'
const DAY = 86_400_000

/** The machine's clock stands at so many days from when the test began, before or after. */
function setClock(days: number): void {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY })
}

test('a PIN is enough for the days that are set, then only the provider is; a clock put back changes nothing', async () => {
  linked = await linkedOffice({ onlineEveryDays: 14 })
  const { office } = linked
  const officerId = await admit(linked, { user: 'officer-one', roles: ['clerk'], pin: PIN })
  const byPin = () => office.codeOf('session.signIn', { officerId, pin: PIN }, 'field')
  setClock(13)
  expect(await byPin()).toBe('fine')
  expect(await office.get('session.current', undefined, 'field')).toMatchObject({ by: 'pin', roles: ['clerk'] })
  setClock(15)
  office.core.getOffice().sessions.sweep()
  expect(await office.get('session.current', undefined, 'field')).toBeNull()
  expect(await byPin()).toBe('sign-in.online-needed')
  // Before the last entry of this store.
  setClock(-3)
  expect(await byPin()).toBe('sign-in.clock-behind')
  // The administrator, who belongs to no provider, comes in as ever.
  expect(await office.codeOf('session.signIn', { officerId: linked.admin, pin: ADMIN_PIN }, 'field')).toBe('fine')
})

test('by PIN an officer has the roles that the settings leave, and by the provider all of them', async () => {
  linked = await linkedOffice({ offlineRoles: ['clerk'] })
  const { office } = linked
  const officerId = await admit(linked, { user: 'officer-one', roles: ['clerk', 'administrator'], pin: PIN })
  await office.get('session.signIn', { officerId, pin: PIN }, 'field')
  expect(await office.get('session.current', undefined, 'field')).toMatchObject({
    roles: ['clerk'],
    withheld: ['administrator'],
  })
  expect(await office.codeOf('signIn.applicants', undefined, 'field')).toBe('api.not-your-role')
  expect(await office.codeOf('officers.create', {}, 'field')).toBe('api.not-your-role')
  expect(await office.codeOf('registry.create', {}, 'field')).toBe('api.input-invalid')
  await signIn(linked, 'field')
  expect(await office.get('session.current', undefined, 'field')).toMatchObject({
    roles: ['clerk', 'administrator'],
    by: 'provider',
    withheld: [],
  })
  // With the record that was signed, not the narrowed one, an administrator's signature is made.
  const { changedAt } = await officerNamed(office, 'almaz', 'field')
  expect(changedAt).toBeTruthy()
  const settings = { name: 'Officer new', login: 'new', roles: ['clerk'], firstPin: '730164', pin: PIN }
  expect(await office.codeOf('officers.create', settings, 'field')).toBe('fine')
})

test('who may administer by PIN still signs validly although another role is withheld', async () => {
  linked = await linkedOffice({ offlineRoles: ['administrator'] })
  const { office } = linked
  const officerId = await admit(linked, { user: 'officer-one', roles: ['clerk', 'administrator'], pin: PIN })
  await office.get('session.signIn', { officerId, pin: PIN }, 'field')
  const settings = { name: 'Officer new', login: 'new', roles: ['clerk'], firstPin: '730164', pin: PIN }
  expect(await office.codeOf('officers.create', settings, 'field')).toBe('fine')
  expect((await officerNamed(office, 'new')).trusted).toBe(true)
})

test('a provider that an administrator suspends limits nobody and signs nobody in', async () => {
  linked = await linkedOffice({ offlineRoles: [], onlineEveryDays: 1 })
  const { office, providerId } = linked
  const officerId = await admit(linked, { user: 'officer-one', roles: ['clerk'], pin: PIN })
  const [{ changedAt }] = await office.get<[{ changedAt: string }]>('signIn.list')
  await office.get('signIn.setState', { id: providerId, basedOn: changedAt, pin: ADMIN_PIN, state: 'suspended' })
  setClock(30)
  await office.get('session.signIn', { officerId, pin: PIN }, 'field')
  expect(await office.get('session.current', undefined, 'field')).toMatchObject({ roles: ['clerk'] })
  expect(await office.codeOf('signIn.begin', { providerId, language: 'en' })).toBe('sign-in.provider-gone')
})

test('before a deed the officer shows up at the provider again, as the same person, for that deed alone', async () => {
  linked = await linkedOffice({ stepUp: 'approving-and-sending', stepUpOffline: 'refused' })
  const { office, esignet } = linked
  const officerId = await admit(linked, { user: 'officer-one', roles: ['approver'], pin: PIN })
  await signIn(linked, 'desk')
  const send = (batchIds: string[]) => office.codeOf('dispatch.send', { batchIds, pin: PIN }, 'desk')
  const stepUp = async (ids: string[]) =>
    goThrough(linked, await office.get('signIn.beginStepUp', { deed: 'send', ids, language: 'en' }, 'desk'), 'desk')

  expect(await send(['b1', 'b2'])).toBe('sign-in.step-up-needed')
  // Somebody else at the same table.
  esignet.ways.user = 'officer-two'
  expect((await stepUp(['b1', 'b2'])).code).toBe('sign-in.other-officer')
  esignet.ways.user = 'officer-one'
  // An old sign-in, warmed up.
  esignet.changeIdToken((claims) => ({ ...claims, auth_time: Number(claims.iat) - 600 }))
  expect((await stepUp(['b1', 'b2'])).code).toBe('sign-in.not-fresh')
  esignet.changeIdToken(({ auth_time, ...claims }) => claims)
  expect((await stepUp(['b1', 'b2'])).code).not.toBe('fine')
  esignet.ways.tokens = (reply) => reply
  expect(await stepUp(['b1', 'b2'])).toMatchObject({ value: { kind: 'stepped-up' } })
  // Not for another deed, and not at another window.
  expect(await send(['b1'])).toBe('sign-in.step-up-needed')
  expect(await office.codeOf('signIn.beginStepUp', { deed: 'send', ids: ['b1'], language: 'en' }, 'nobody')).toBe(
    'api.signed-out',
  )
  // A wrong PIN does not use it up; the deed itself does (these batches are none).
  const wrong = { batchIds: ['b2', 'b1'], pin: '000000' }
  expect(await office.codeOf('dispatch.send', wrong, 'desk')).toBe('identity.wrong-pin')
  expect(await send(['b2', 'b1'])).not.toMatch(/^sign-in/)
  // Without a line only what is left to the PIN.
  office.core.getOffice().http.cutLine(true)
  expect(await send(['b3'])).toBe('sign-in.step-up-no-line')
  office.core.getOffice().http.cutLine(false)
  expect(officerId).toBeTruthy()
})
