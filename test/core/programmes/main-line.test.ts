import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Draft } from '../../../electron/core/store/store.ts'
import { entitlementId, paymentId } from '../../../shared/model/ids.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import {
  cycleSettings,
  enter,
  faultOf,
  openPracticeOffice,
  PINS,
  type PracticeOffice,
  programmeSettings,
} from './practice-office.ts'

let practice: PracticeOffice

beforeEach(async () => {
  practice = await openPracticeOffice()
})
afterEach(() => practice.close())

const step = { reason: '', pin: '', acknowledgedOpen: null }

async function preparedCycle(households = 4, more: Parameters<typeof programmeSettings>[0] = {}) {
  const { as, office } = practice
  const ids = enter(
    office,
    Array.from({ length: households }, (_, index) => ({ number: `HH-${index}`, members: 2 })),
  )
  const programme = await as.administrator.programmes.programme.create(programmeSettings(more))
  await as.clerk.programmes.enrolments.enrol({ programmeId: programme.id, registrantIds: ids })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId: programme.id, settings: cycleSettings() })
  return { programme, cycle, ids }
}

async function approvedCycle(households = 4) {
  const { as } = practice
  const made = await preparedCycle(households)
  await as.clerk.programmes.cycles.generate({ cycleId: made.cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: made.cycle.id, move: 'submit' })
  await as.approver.programmes.cycles.move({ ...step, cycleId: made.cycle.id, move: 'approve', pin: PINS.approver })
  return made
}

/** A payment as preparing and sending would leave it. */
function pay(cycleId: string, programmeId: string, registrantId: string, state: PaymentState, attempt = 1): void {
  const entitlement = entitlementId(cycleId, registrantId, 'benefit')
  const { changedAt, changedBy, id, amount, currency } = practice.office.store.get('entitlement', entitlement)
  const payment: Draft<'payment'> = {
    id: paymentId(id, attempt),
    entitlementId: id,
    attempt,
    cycleId,
    programmeId,
    registrantId,
    registrantName: 'Registrant',
    payeeId: registrantId,
    payeeName: 'Payee',
    payeeAddress: 'phone:+251911000000',
    batchId: '',
    managerId: 'manager',
    amount,
    currency,
    state,
    reasonCode: '',
    reasonText: '',
    reasonParams: {},
    theirReference: '',
    amountPaid: state === 'paid' ? amount : null,
    held: false,
    stateAt: changedAt,
  }
  practice.office.store.transaction(changedBy, (transaction) => {
    transaction.put('payment', payment)
    transaction.audit({ action: 'test.paid', subjectKind: 'payment', subjectId: payment.id })
  })
}

test('from enrolment to an approved cycle, with the approver other than the maker', async () => {
  const { as } = practice
  const { cycle } = await approvedCycle(4)
  const view = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect(view.cycle.state).toBe('approved')
  expect(view.entitlements).toEqual([{ state: 'approved', count: 4, sum: 200_000 }])
})

test('a cycle id follows from programme and number, so that two offices draft the same cycle', async () => {
  const { cycleId } = await import('../../../shared/model/ids.ts')
  const { programme, cycle } = await preparedCycle(1)
  expect(cycle.id).toBe(cycleId(programme.id, 1))
})

test('who made the entitlements cannot approve the cycle, nor can somebody without the role or the right PIN', async () => {
  const { as, office } = practice
  const { cycle } = await preparedCycle(2)
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  const approve = { ...step, cycleId: cycle.id, move: 'approve' as const }
  expect(await faultOf(as.clerk.programmes.cycles.move({ ...approve, pin: PINS.clerk }))).toMatchObject({
    code: 'api.not-your-role',
  })
  expect(await faultOf(as.approver.programmes.cycles.move({ ...approve, pin: '999999' }))).toMatchObject({
    code: 'identity.wrong-pin',
  })

  // The clerk becomes an approver too, and is still the maker.
  office.store.transaction('officer-administrator', (transaction) => {
    transaction.put('officer', { ...transaction.get('officer', 'officer-clerk'), roles: ['clerk', 'approver'] })
    transaction.audit({ action: 'test.role', subjectKind: 'officer', subjectId: 'officer-clerk' })
  })
  expect(await faultOf(as.clerk.programmes.cycles.move({ ...approve, pin: PINS.clerk }))).toMatchObject({
    code: 'cycle.maker',
  })

  // An approver whom the maker could act through.
  office.store.transaction('officer-administrator', (transaction) => {
    transaction.put('officer', { ...transaction.get('officer', 'officer-approver'), sponsors: ['officer-clerk'] })
    transaction.audit({ action: 'test.sponsor', subjectKind: 'officer', subjectId: 'officer-approver' })
  })
  expect(await faultOf(as.approver.programmes.cycles.move({ ...approve, pin: PINS.approver }))).toMatchObject({
    code: 'cycle.sponsored-by-maker',
  })
  const { cycle: after, facts } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect({ state: after.state, pending: facts.pending, granted: facts.granted }).toEqual({
    state: 'to_approve',
    pending: 2,
    granted: 0,
  })
})

test('approval is refused with the figures when it exceeds the ceiling or the fund, and nothing is approved', async () => {
  const { as } = practice
  const { programme, cycle } = await preparedCycle(3, { fund: 120_000 })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  const approve = { ...step, cycleId: cycle.id, move: 'approve' as const, pin: PINS.approver }
  expect(await faultOf(as.approver.programmes.cycles.move(approve))).toEqual({
    code: 'cycle.fund-exceeded',
    params: { fund: '1200.00 ETB', wanted: '1500.00 ETB', over: '300.00 ETB' },
  })
  const { programme: seen } = await as.clerk.programmes.programme.view({ programmeId: programme.id })
  const { id, changedAt, changedBy, removed, state, ...settings } = seen
  await as.administrator.programmes.programme.update({ id, basedOn: changedAt, settings: { ...settings, fund: null } })
  const { cycle: drafted } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  await as.administrator.programmes.cycles.update({
    id: cycle.id,
    basedOn: drafted.changedAt,
    settings: cycleSettings({ ceiling: 149_999 }),
  })
  expect(await faultOf(as.approver.programmes.cycles.move(approve))).toMatchObject({
    code: 'cycle.ceiling-exceeded',
    params: { over: '0.01 ETB' },
  })
  const { facts } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect(facts.granted).toBe(0)
})

test('somebody who exits or dies between drafting and approval is not approved, and the reason stands there', async () => {
  const { as, office } = practice
  const { programme, cycle, ids } = await preparedCycle(3)
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  const [first = '', second = ''] = ids
  await as.clerk.programmes.enrolments.move({
    programmeId: programme.id,
    move: 'exit',
    reason: 'moved away',
    choice: { registrantIds: [first] },
  })
  office.store.transaction('officer-clerk', (transaction) => {
    transaction.put('registrant', { ...transaction.get('registrant', second), deceasedOn: '2026-01-15' })
    transaction.audit({ action: 'test.died', subjectKind: 'registrant', subjectId: second })
  })
  await as.approver.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'approve', pin: PINS.approver })
  const page = await as.clerk.programmes.entitlements.page({
    cycleId: cycle.id,
    states: ['cancelled'],
    paymentStates: [],
    search: '',
    filter: '[]',
    offset: 0,
    limit: 10,
  })
  expect(new Map(page.rows.map((row) => [row.registrantId, row.reason]))).toEqual(
    new Map([
      [first, 'enrolment.exited'],
      [second, 'enrolment.deceased'],
    ]),
  )
  const { facts } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect(facts.granted).toBe(1)
})

test('a cycle ends only when nothing is on its way, or an approver answers for exactly what is unsettled', async () => {
  const { as } = practice
  const { programme, cycle, ids } = await approvedCycle(4)
  const [paid = '', waiting = '', unknown = ''] = ids
  pay(cycle.id, programme.id, paid, 'paid')
  pay(cycle.id, programme.id, waiting, 'queued')
  pay(cycle.id, programme.id, unknown, 'unknown')
  const end = { ...step, cycleId: cycle.id, move: 'end' as const, pin: PINS.approver }
  expect(await faultOf(as.approver.programmes.cycles.move(end))).toEqual({
    code: 'cycle.not-all-sent',
    params: { count: 1 },
  })
  pay(cycle.id, programme.id, waiting, 'rejected')
  expect(await faultOf(as.approver.programmes.cycles.move(end))).toEqual({
    code: 'cycle.payments-open',
    params: { count: 2 },
  })
  expect(await faultOf(as.approver.programmes.cycles.move({ ...end, acknowledgedOpen: 1 }))).toEqual({
    code: 'cycle.open-payments-changed',
    params: { count: 2 },
  })
  await as.approver.programmes.cycles.move({ ...end, acknowledgedOpen: 2 })

  const statement = await as.clerk.programmes.cycles.statement({ cycleId: cycle.id, code: null, offset: 0, limit: 10 })
  expect(statement).toMatchObject({
    cycle: { state: 'ended' },
    entitled: { count: 4, sum: 200_000 },
    prepared: { count: 3, sum: 150_000 },
    sent: { count: 3, sum: 150_000 },
    paidOut: 50_000,
    differing: 3,
    kinds: { 'statement.rejected': 1, 'statement.unknown': 1, 'statement.not-prepared': 1 },
  })
})

test('a cycle is distributed once every approved entitlement has a payment that left, and can be reopened', async () => {
  const { as } = practice
  const { programme, cycle, ids } = await approvedCycle(2)
  const distribute = { ...step, cycleId: cycle.id, move: 'distribute' as const }
  for (const id of ids) pay(cycle.id, programme.id, id, 'prepared')
  expect(await faultOf(as.clerk.programmes.cycles.move(distribute))).toEqual({
    code: 'cycle.not-all-sent',
    params: { count: 2 },
  })
  for (const id of ids) pay(cycle.id, programme.id, id, 'acknowledged')
  await as.clerk.programmes.cycles.move(distribute)
  const reopened = await as.approver.programmes.cycles.move({
    ...step,
    cycleId: cycle.id,
    move: 'reopen',
    reason: 'rejected payments are prepared again',
  })
  expect(reopened.cycle.state).toBe('approved')
})

test('a cancelled cycle gives its sum back to the fund, and cannot be cancelled once payments stand', async () => {
  const { as } = practice
  const { programme, cycle, ids } = await approvedCycle(2)
  const cancel = { ...step, cycleId: cycle.id, move: 'cancel' as const, pin: PINS.approver, reason: 'made by mistake' }
  pay(cycle.id, programme.id, ids[0] ?? '', 'prepared')
  expect(await faultOf(as.approver.programmes.cycles.move(cancel))).toMatchObject({ code: 'cycle.has-payments' })
  pay(cycle.id, programme.id, ids[0] ?? '', 'cancelled')
  expect((await as.clerk.programmes.programme.view({ programmeId: programme.id })).granted).toBe(100_000)
  await as.approver.programmes.cycles.move(cancel)
  const { granted, cycles } = await as.clerk.programmes.programme.view({ programmeId: programme.id })
  expect({ granted, state: cycles[0]?.state }).toEqual({ granted: 0, state: 'cancelled' })
})

test('a returned cycle is a draft again and can be corrected and submitted anew', async () => {
  const { as } = practice
  const { cycle } = await preparedCycle(2)
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  await as.approver.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'return', reason: 'amount' })
  const { rows } = await as.clerk.programmes.entitlements.page({
    cycleId: cycle.id,
    states: ['draft'],
    paymentStates: ['none'],
    search: 'HH-1',
    filter: "[('amount', '>', 499)]",
    offset: 0,
    limit: 10,
  })
  const [row] = rows
  expect(rows).toHaveLength(1)
  await as.clerk.programmes.entitlements.editAmount({
    id: row?.id ?? '',
    basedOn: row?.changedAt ?? '',
    amount: 60_000,
    reason: 'two houses',
  })
  // What was edited by hand survives another run of the rule.
  expect(await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })).toMatchObject({
    made: 0,
    kept: 2,
  })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  await as.approver.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'approve', pin: PINS.approver })
  const { facts } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect(facts.grantedSum).toBe(110_000)
})

test('the export has one row an entitlement, safe for spreadsheets', async () => {
  const { as, office } = practice
  const { cycle, ids } = await approvedCycle(2)
  office.store.transaction('officer-clerk', (transaction) => {
    transaction.put('registrant', { ...transaction.get('registrant', ids[0] ?? ''), name: '=HYPERLINK("x"), A' })
    transaction.audit({ action: 'test.renamed', subjectKind: 'registrant', subjectId: '' })
  })
  const { text, next } = await as.clerk.programmes.cycles.export({ cycleId: cycle.id, after: '' })
  expect(next).toBeNull()
  expect(text.split('\r\n').filter((line) => line !== '')).toHaveLength(3)
  expect(text).toContain(`"'=HYPERLINK(""x""), A"`)
  expect(text).toContain('500.00,ETB,approved')
})

test('the currency is fixed once anything is entitled, the target once anybody is enrolled', async () => {
  const { as } = practice
  const { programme, cycle } = await preparedCycle(1)
  const change = async (more: Parameters<typeof programmeSettings>[0]) => {
    const { programme: seen } = await as.clerk.programmes.programme.view({ programmeId: programme.id })
    return as.administrator.programmes.programme.update({
      id: seen.id,
      basedOn: seen.changedAt,
      settings: programmeSettings(more),
    })
  }
  expect(await faultOf(change({ target: 'individual' }))).toMatchObject({ code: 'programme.target-fixed' })
  await change({ currency: 'UGX' })
  await change({ currency: 'ETB' })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  expect(await faultOf(change({ currency: 'UGX' }))).toMatchObject({ code: 'programme.currency-fixed' })
  expect(await faultOf(as.administrator.programmes.programme.setState({ id: programme.id, state: 'ended' }))).toEqual({
    code: 'programme.cycles-open',
    params: { open: 1 },
  })
})
