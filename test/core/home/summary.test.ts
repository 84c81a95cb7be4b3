import { afterEach, beforeEach, expect, test } from 'vitest'
import { paymentId } from '../../../shared/model/ids.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { paymentDraft } from '../payment-draft.ts'
import {
  cycleSettings,
  enter,
  openPracticeOffice,
  PINS,
  type PracticeOffice,
  programmeSettings,
} from '../programmes/practice-office.ts'

let practice: PracticeOffice

beforeEach(async () => {
  practice = await openPracticeOffice()
})
afterEach(() => practice.close())

const step = { reason: '', pin: '', acknowledgedOpen: null }
type Who = keyof PracticeOffice['as']
const kinds = async (who: Who) => (await practice.as[who].home.summary()).waiting.map(({ kind }) => kind)

test('each officer is told what waits for them, and only that, as a cycle goes from hand to hand', async () => {
  const { as, office } = practice
  const ids = enter(office, [{ number: 'A' }, { number: 'B' }])
  const { id: programmeId } = await as.administrator.programmes.programme.create(programmeSettings())
  expect(await kinds('administrator')).toEqual(['noManager'])
  await as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: ids })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId, settings: cycleSettings() })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  expect([await kinds('clerk'), await kinds('approver')]).toEqual([['draftCycle'], []])

  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  expect([await kinds('clerk'), await kinds('approver')]).toEqual([[], ['approveCycle']])
  expect((await as.approver.home.summary()).waiting).toMatchObject([
    { kind: 'approveCycle', subjectId: cycle.id, count: 2, sum: 100_000, currency: 'ETB' },
  ])

  await as.approver.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'approve', pin: PINS.approver })
  expect([await kinds('clerk'), await kinds('approver')]).toEqual([['preparePayments'], []])
  expect(await as.clerk.home.summary()).toMatchObject({
    cycles: [{ id: cycle.id, granted: 100_000, paid: 0, currency: 'ETB' }],
    unsent: 0,
    outside: { line: 'up', paymentSystem: 'unknown' },
  })
})

test('who has only given-up payments, or none, waits to be prepared; whoever has another does not', async () => {
  const { as, office } = practice
  const ids = enter(office, [{ number: 'A' }, { number: 'B' }, { number: 'C' }])
  const { id: programmeId } = await as.administrator.programmes.programme.create(programmeSettings())
  await as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: ids })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId, settings: cycleSettings() })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  await as.approver.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'approve', pin: PINS.approver })
  const waits = async () =>
    (await as.clerk.home.summary()).waiting.filter(({ kind }) => kind === 'preparePayments').map(({ count }) => count)
  const [first, second] = office.store
    .sql('SELECT id FROM entitlement WHERE cycle_id = ? ORDER BY id')
    .pluck()
    .all(cycle.id) as string[]
  const pay = (entitlementId: string | undefined, attempt: number, state: PaymentState): void => {
    const id = entitlementId ?? ''
    office.store.transaction('officer-clerk', (tx) => {
      const facts = { entitlementId: id, attempt, cycleId: cycle.id, programmeId, state }
      tx.put('payment', paymentDraft({ ...facts, id: paymentId(id, attempt) }))
      tx.audit({ action: 'test.payment', subjectKind: 'payment', subjectId: id })
    })
  }
  expect(await waits()).toEqual([3])
  pay(first, 1, 'prepared')
  expect(await waits()).toEqual([2])
  pay(second, 1, 'cancelled')
  expect(await waits()).toEqual([2])
  pay(second, 2, 'rejected')
  expect(await waits()).toEqual([1])
})

test('an approver who made the cycle is not told to approve it', async () => {
  const { as, office } = practice
  office.store.transaction('officer-administrator', (transaction) => {
    transaction.put('officer', { ...transaction.get('officer', 'officer-clerk'), roles: ['clerk', 'approver'] })
    transaction.audit({ action: 'test.role', subjectKind: 'officer', subjectId: 'officer-clerk' })
  })
  const [id = ''] = enter(office, [{ number: 'A' }])
  const { id: programmeId } = await as.administrator.programmes.programme.create(programmeSettings())
  await as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: [id] })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId, settings: cycleSettings() })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await as.clerk.programmes.cycles.move({ ...step, cycleId: cycle.id, move: 'submit' })
  expect(await kinds('clerk')).toEqual([])
})

test('a lost answer is no news any more once the payment system has answered a look-up', async () => {
  const { as, office } = practice
  const { store } = office
  const at = (moment: string) => Number.parseInt(moment.slice(0, 9), 36)
  const delivered = store.transaction('officer-clerk', (transaction) => {
    transaction.put('batch', {
      id: 'batch',
      programmeId: 'programme',
      cycleId: 'cycle',
      managerId: 'manager',
      tagName: 'All',
      name: 'One',
      state: 'following',
      stateAt: transaction.moment,
      submissionNumber: 1,
      count: 1,
      sum: 1,
      currency: 'ETB',
      makers: [],
      held: false,
      heldReason: '',
      cancelledReason: '',
      attention: '',
    })
    transaction.put('delivery', {
      id: 'delivery',
      transmissionId: 'transmission',
      batchId: 'batch',
      part: '1',
      post: 1,
      outcome: 'unknown',
      httpStatus: null,
      code: '',
      text: '',
      correlationId: '',
    })
    transaction.audit({ action: 'test.delivery', subjectKind: 'batch', subjectId: 'batch' })
    return at(transaction.moment)
  })
  const seen = async () => (await as.clerk.home.outside()).paymentSystem
  const answered = (moment: number) => store.housekeeping((_, mark) => mark('answered-by:manager', String(moment)))
  expect(await seen()).toBe('down')
  answered(delivered - 1)
  expect(await seen()).toBe('down')
  answered(delivered + 1)
  expect(await seen()).toBe('up')
})
