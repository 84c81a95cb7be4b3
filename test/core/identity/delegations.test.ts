import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADMIN_PIN, type OpenOffice, officerNamed } from '../open-office.ts'
import { DAY, LEILA, openStandInOffice, SAMIR } from './stand-in-office.ts'

let office: OpenOffice
let admin: string
let samir: string
let leila: string
beforeEach(async () => {
  ;({ office, admin, samir, leila } = await openStandInOffice())
})
afterEach(() => office.close())

async function delegate(more: Record<string, unknown> = {}): Promise<string> {
  const { id, changedAt } = await officerNamed(office, 'samir')
  const now = Date.now()
  return office.codeOf('officers.delegate', {
    id,
    basedOn: changedAt,
    pin: ADMIN_PIN,
    from: leila,
    role: 'approver',
    begins: now - 1_000,
    ends: now + DAY,
    ...more,
  })
}

const DECISION = {
  batchId: 'none',
  submissionId: 'none',
  digest: 'd'.repeat(64),
  verdict: 'approve',
  reason: '',
  pin: SAMIR,
}
const decide = (): Promise<string> => office.codeOf('batches.decide', DECISION, 'samir')
const delegation = (): { id: string; ends: number } =>
  office.core.getOffice().store.get('officer', samir).delegations?.[0] as { id: string; ends: number }

test('an officer has the role of another for a time, and everything done meanwhile says so', async () => {
  expect(await decide()).toBe('api.not-your-role')
  expect(await delegate()).toBe('fine')
  // The role is there; that batch is not.
  expect(await decide()).toBe('store.not-found')
  expect(await office.get('session.current', undefined, 'samir')).toMatchObject({ roles: ['clerk', 'approver'] })
  const listed = await officerNamed(office, 'samir')
  expect(listed).toMatchObject({
    roles: ['clerk'],
    trusted: true,
    sponsors: [admin, leila],
    delegations: [{ from: leila, role: 'approver', by: admin }],
  })
  await office.get('session.signOut', undefined, 'samir')
  const { store } = office.core.getOffice()
  const said = store
    .sql('SELECT detail FROM audit WHERE officer_id = ? ORDER BY position DESC LIMIT 1')
    .pluck()
    .get(samir)
  expect(JSON.parse(said as string)).toEqual({ delegateOf: `${leila} (approver)` })
  expect(store.sql("SELECT officer_id FROM audit WHERE action = 'officer.delegated'").pluck().all()).toEqual([admin])
})

test('it ends by itself, and at once when an administrator says so', async () => {
  expect(await delegate({ ends: Date.now() + 400 })).toBe('fine')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await decide()).toBe('api.not-your-role')
  expect(await delegate()).toBe('fine')
  expect(await decide()).toBe('store.not-found')
  const { id, changedAt } = await officerNamed(office, 'samir')
  const open = office.core.getOffice().store.get('officer', samir).delegations?.at(-1)?.id
  const edit = { id, basedOn: changedAt, pin: ADMIN_PIN, delegationId: open }
  expect(await office.codeOf('officers.endDelegation', edit)).toBe('fine')
  expect(await decide()).toBe('api.not-your-role')
  expect(delegation().ends).toBeLessThanOrEqual(Date.now())
  expect(await officerNamed(office, 'samir')).toMatchObject({ trusted: true })
})

test('it is the deed of an administrator, for others, with the PIN', async () => {
  const begins = Date.now()
  const wish = { id: samir, basedOn: '0', from: leila, role: 'approver', begins, ends: begins + DAY, pin: LEILA }
  expect(await office.codeOf('officers.delegate', wish, 'leila')).toBe('api.not-your-role')
  expect(await delegate({ pin: '111222' })).toBe('identity.wrong-pin')
  expect(await delegate({ role: 'administrator' })).toBe('api.input-invalid')
  const own = await officerNamed(office, 'almaz')
  expect(await delegate({ id: own.id, basedOn: own.changedAt })).toBe('identity.own-record')
  expect(await delegate({ ends: begins - 2 * DAY })).toBe('identity.delegation-time')
})

test('who is written into the record without a signature has no role by it', async () => {
  const { store } = office.core.getOffice()
  const before = store.get('officer', samir)
  const forged = { id: 'd', from: leila, role: 'approver' as const, begins: 0, ends: Date.now() + DAY, by: admin }
  store.transaction('office', (transaction) => {
    transaction.put('officer', { ...before, delegations: [forged] })
    transaction.audit({ action: 'test.forged', subjectKind: 'officer', subjectId: samir })
  })
  expect(await officerNamed(office, 'samir')).toMatchObject({ trusted: false })
})
