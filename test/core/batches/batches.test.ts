import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { standingOf } from '../../../electron/core/batches/batch-standing.ts'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { isSignedDecision } from '../../../electron/core/batches/decision-jws.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { putPaymentsAside } from '../../../electron/core/batches/put-aside.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import type { Office } from '../../../electron/core/office.ts'
import type { Reader } from '../../../electron/core/store/reader.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { paymentId } from '../../../shared/model/ids.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import {
  addOfficer,
  DAY,
  type District,
  type DistrictOptions,
  household,
  individual,
  openDistrict,
  PIN,
  put,
  putHousehold,
} from '../district.ts'

const NOW = Date.UTC(2026, 2, 15)
let district: District
const opened: District[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function open(options: DistrictOptions = {}): Promise<void> {
  district = await openDistrict(options)
  opened.push(district)
}
const prepare = () => prepareCycle(district.office, { cycleId: district.cycleId, day: DAY, officerId: 'clerk' })
const submit = (batchId: string, officerId = 'clerk') =>
  submitBatch(district.office, { batchId, day: DAY, officerId, now: NOW })
const decide = (
  submission: Submission,
  officerId: string,
  change: { verdict?: 'approve' | 'return'; reason?: string; pin?: string; digest?: string } = {},
  now = NOW,
) => {
  const { store } = district.office
  return decideBatch(
    district.office,
    store.get('officer', officerId),
    {
      batchId: submission.batchId,
      submissionId: submission.id,
      digest: submission.digest,
      verdict: 'approve',
      reason: '',
      pin: PIN,
      ...change,
    },
    now,
    () => undefined,
  )
}
const payments = (): Payment[] =>
  (
    district.office.store.sql('SELECT body FROM payment ORDER BY entitlement_id, attempt').pluck().all() as string[]
  ).map((body) => JSON.parse(body) as Payment)
async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof OfficeError) return error.fault.code
    throw error
  }
  return 'no fault'
}
async function firstBatch(): Promise<string> {
  const { batchIds } = await prepare()
  return batchIds[0] as string
}

describe('preparing a cycle', () => {
  test('makes one payment for each approved entitlement, to the head of the household', async () => {
    await open({ households: 7, manager: { batchTags: [{ id: 'a', name: 'All', filter: '[]', maximumBatchSize: 3 }] } })
    const { batchIds, prepared, blocked } = await prepare()
    expect({ batches: batchIds.length, prepared, blocked }).toEqual({ batches: 3, prepared: 7, blocked: 0 })
    for (const payment of payments()) {
      expect(payment.id).toBe(paymentId(payment.entitlementId, 1))
      expect(payment.payeeAddress).toMatch(/^phone:\+2519\d{8}@wallet$/)
      expect(payment.state).toBe('prepared')
    }
    const sums = batchIds.map((id) => district.office.store.get('batch', id)).map(({ count, sum }) => ({ count, sum }))
    expect(sums).toEqual([3, 3, 1].map((count) => ({ count, sum: count * 125_000 })))
  })

  test('again makes nothing new, and another laptop would make the very same payments', async () => {
    await open({ households: 5 })
    await prepare()
    const before = payments().map(({ id }) => id)
    expect(await prepare()).toMatchObject({ batchIds: [], prepared: 0, blocked: 0 })
    expect(payments().map(({ id }) => id)).toEqual(before)
    await open({ households: 5 })
    await prepare()
    expect(payments().map(({ id }) => id)).toEqual(before)
  })

  test('keeps who cannot be paid with the reason, prepares the rest, and takes them in once mended', async () => {
    await open({ households: 2 })
    const made = household(district, 3)
    putHousehold(district, { ...made, head: { ...made.head, phoneNumbers: [] } })
    const ended = household(district, 4)
    putHousehold(district, { ...ended, membership: { ...ended.membership, endedDate: '2026-01-01' } })
    const paused = household(district, 5)
    putHousehold(district, { ...paused, enrolment: { ...paused.enrolment, state: 'paused' } })
    expect(await prepare()).toMatchObject({ prepared: 2, blocked: 3 })
    const reasons = new Map(payments().map((payment) => [payment.registrantId, payment.reasonCode]))
    expect(reasons.get(made.group.id)).toBe('address.no-phone')
    expect(reasons.get(ended.group.id)).toBe('payee.head-ended')
    expect(reasons.get(paused.group.id)).toBe('preflight.enrolment-paused')

    put(district.office, 'registrant', made.head)
    expect(await prepare()).toMatchObject({ prepared: 1, blocked: 2 })
    const mended = payments().filter(({ registrantId }) => registrantId === made.group.id)
    expect(mended.map(({ state, attempt }) => ({ state, attempt }))).toEqual([{ state: 'prepared', attempt: 1 }])
  })

  test('never lets the missing leak into an address, whatever a record lacks', async () => {
    await open({ manager: { payeeIdType: 'bank_acc_no', payeePrefix: 'account_no:', payeeSuffix: '' } })
    const nothings = fc.constantFrom('', ' ', 'False', 'None', 'null', 'undefined', '-')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), nothings, nothings, async (n, accountNumber, bic) => {
        const made = household(district, n)
        const account = { id: 'a', accountNumber, iban: '', bic, bankName: '', preferred: true, disabled: false }
        putHousehold(district, { ...made, head: { ...made.head, bankAccounts: [account] } })
      }),
      { numRuns: 20 },
    )
    await prepare()
    expect(payments().length).toBeGreaterThan(0)
    for (const { state, payeeAddress } of payments())
      expect({ state, payeeAddress }).toEqual({ state: 'blocked', payeeAddress: '' })
  })

  test('puts each payment into the first tag whose filter takes it', async () => {
    await open({
      manager: {
        batchTags: [
          { id: 'n', name: 'North', filter: "[('partner_id.area', '=', 'North')]", maximumBatchSize: 10 },
          { id: 'big', name: 'Large', filter: "[('initial_amount', '>', 2000)]", maximumBatchSize: 10 },
          { id: 'rest', name: 'Rest', filter: '[]', maximumBatchSize: 10 },
        ],
      },
    })
    const south = (n: number, amount: number): void => {
      const made = household(district, n, amount)
      putHousehold(district, { ...made, group: { ...made.group, area: 'South' } })
    }
    putHousehold(district, household(district, 1, 500_000))
    south(2, 500_000)
    south(3, 100_000)
    const { batchIds } = await prepare()
    const tags = batchIds.map((id) => district.office.store.get('batch', id)).map(({ tagName, sum }) => [tagName, sum])
    expect(tags).toEqual([
      ['North', 500_000],
      ['Large', 500_000],
      ['Rest', 100_000],
    ])
  })

  test('filters of tags know which types of identity numbers the people have', async () => {
    await open({
      manager: {
        batchTags: [
          { id: 't', name: 'Token', filter: "[('partner_id.reg_ids.id_type', '=', 'TOKEN')]", maximumBatchSize: 10 },
          { id: 'none', name: 'None', filter: "[('partner_id.reg_ids', '=', False)]", maximumBatchSize: 10 },
          { id: 'rest', name: 'Rest', filter: '[]', maximumBatchSize: 10 },
        ],
      },
    })
    const has = (n: number, amount: number, type?: string, removed = false): void => {
      const made = household(district, n, amount)
      putHousehold(district, made)
      if (type === undefined) return
      const value = { registrantId: made.group.id, type, value: removed ? '' : `${n}`, status: 'valid' as const }
      put(district.office, 'identityNumber', {
        id: `number-${n}`,
        removed,
        expiresOn: null,
        importId: '',
        ...value,
      })
    }
    has(1, 100_000, 'TOKEN')
    has(2, 200_000, 'VID')
    has(3, 300_000)
    has(4, 400_000, 'TOKEN', true)
    const { batchIds } = await prepare()
    const tags = batchIds.map((id) => district.office.store.get('batch', id)).map(({ tagName, sum }) => [tagName, sum])
    expect(tags).toEqual([
      ['Token', 100_000],
      ['None', 700_000],
      ['Rest', 200_000],
    ])
  })

  test('stops at the fund and the ceiling with the figures, and prepares nothing', async () => {
    await open({ households: 3, cycle: { ceiling: 300_000 } })
    const { obstacles, prepared } = await prepare()
    expect(prepared).toBe(0)
    expect(obstacles).toMatchObject([
      { code: 'preflight.ceiling-exceeded', params: { over: '750.00 ETB', ceiling: '3000.00 ETB' } },
    ])
    expect(payments()).toEqual([])
  })

  test('leaves alone what may have been paid, and attempts anew only with proof (I5)', async () => {
    await open({ households: 4 })
    const batchId = await firstBatch()
    const states: Partial<Payment>[] = [
      { state: 'unknown' },
      { state: 'rejected', reasonCode: 'rjct.payment.failed' },
      { state: 'rejected', reasonCode: 'rjct.payee_fa.invalid' },
      { state: 'paid' },
    ]
    for (const [index, payment] of payments().entries()) {
      const { changedAt, changedBy, ...rest } = { ...payment, ...states[index] }
      put(district.office, 'payment', rest)
    }
    expect(await prepare()).toMatchObject({ prepared: 1, blocked: 0 })
    const anew = payments().filter(({ attempt }) => attempt === 2)
    expect(anew.length).toBe(1)
    expect(anew[0]?.batchId).not.toBe(batchId)
    expect(payments().find(({ id }) => id === paymentId(anew[0]?.entitlementId as string, 1))?.reasonCode).toBe(
      'rjct.payee_fa.invalid',
    )
  })

  test('two of the same preparation at once: the second is told to wait', async () => {
    await open({ households: 3 })
    const [one, other] = await Promise.allSettled([prepare(), prepare()])
    expect(one.status).toBe('fulfilled')
    expect(other).toMatchObject({ status: 'rejected', reason: { message: 'batches.already-preparing' } })
    expect(payments().length).toBe(3)
  })
})

describe('submitting', () => {
  test('freezes what the registry says now, not what it said when prepared', async () => {
    await open({ households: 3 })
    const batchId = await firstBatch()
    const one = household(district, 1)
    put(district.office, 'registrant', {
      ...one.head,
      phoneNumbers: [{ id: 'new', number: '+251922000000', preferred: true, disabled: false }],
    })
    put(district.office, 'registrant', { ...household(district, 2).head, deceasedOn: '2026-03-01' })
    const { submission, left } = await submit(batchId)
    expect(left).toBe(1)
    expect({ count: submission.count, sum: submission.sum }).toEqual({ count: 2, sum: 250_000 })
    expect(submission.lines.find(({ registrantId }) => registrantId === one.group.id)?.payeeAddress).toBe(
      'phone:+251922000000@wallet',
    )
    expect(district.office.store.get('batch', batchId)).toMatchObject({ state: 'submitted', count: 2, sum: 250_000 })
    expect(
      payments()
        .filter(({ state }) => state === 'blocked')
        .map(({ reasonCode }) => reasonCode),
    ).toEqual(['payee.head-deceased'])
  })

  test('takes up what another office had wait for the line before it was lost', async () => {
    await open({ households: 3 })
    const batchId = await firstBatch()
    const { submission } = await submit(batchId)
    await decide(submission, 'approver')
    await decide(submission, 'approver', { verdict: 'return', reason: 'the laptop was lost' })
    // As they came from there: they waited, and nobody takes that back.
    const { store } = district.office
    store.transaction('clerk', (tx) => {
      for (const payment of payments()) tx.change('payment', payment, { state: 'queued' })
      tx.audit({ action: 'test.queued', subjectKind: 'batch', subjectId: batchId })
    })
    const again = await submit(batchId)
    expect(again.left).toBe(0)
    expect(again.submission.lines.map(({ paymentId: id }) => id).sort()).toEqual(
      submission.lines.map(({ paymentId: id }) => id).sort(),
    )
    expect(payments().map(({ state }) => state)).toEqual(Array(3).fill('prepared'))
  })

  test('is refused when nothing is left to pay, and when the batch is already submitted', async () => {
    await open({ households: 1 })
    const batchId = await firstBatch()
    await submit(batchId)
    expect(await codeOf(() => submit(batchId))).toBe('batches.not-open')
    await open({ households: 1 })
    const other = await firstBatch()
    put(district.office, 'registrant', { ...household(district, 1).head, phoneNumbers: [] })
    expect(await codeOf(() => submit(other))).toBe('batches.nothing-payable')
  })

  test('any change of what money depends on changes the digest', async () => {
    await open({ households: 2 })
    const batchId = await firstBatch()
    const first = (await submit(batchId)).submission
    await decide(first, 'approver', { verdict: 'return', reason: 'look again' })
    const second = (await submit(batchId)).submission
    expect(second.number).toBe(2)
    expect(second.digest).not.toBe(first.digest)
    expect(second.lines).toEqual(first.lines)
  })
})

describe('records of another office that come while a plan or a check is worked out', () => {
  /** The office, whose next read of this name is overtaken by what came. */
  const overtaken = (name: string, come: () => void): Pick<Office, 'store' | 'reader'> => {
    const { store, reader } = district.office
    let isNext = true
    const run: Reader['run'] = async (asked, input, options) => {
      const found = await reader.run(asked, input, options)
      if (asked === name && isNext) {
        isNext = false
        come()
      }
      return found
    }
    return { store, reader: { run } as Reader }
  }
  const paidElsewhere = (payment: Payment): void =>
    put(district.office, 'payment', { ...payment, batchId: 'theirs', state: 'paid', amountPaid: payment.amount })

  test('preparing writes over nothing that they paid', async () => {
    await open({ households: 3 })
    const other = await openDistrict({ households: 3 })
    opened.push(other)
    await prepareCycle(other.office, { cycleId: other.cycleId, day: DAY, officerId: 'clerk' })
    const body = other.office.store.sql('SELECT body FROM payment ORDER BY entitlement_id LIMIT 1').pluck().get()
    const theirs = JSON.parse(body as string) as Payment
    const made = await prepareCycle(
      overtaken('batches.plan', () => paidElsewhere(theirs)),
      { cycleId: district.cycleId, day: DAY, officerId: 'clerk' },
    )
    expect(made).toMatchObject({ prepared: 2, blocked: 0 })
    expect(payments().find(({ id }) => id === theirs.id)).toMatchObject({ state: 'paid', batchId: 'theirs' })
    expect(district.office.store.get('batch', made.batchIds[0] as string)).toMatchObject({ count: 2, sum: 250_000 })
  })

  test('submitting checks again and freezes only what is still to be paid', async () => {
    await open({ households: 3 })
    const batchId = await firstBatch()
    const { group, head } = household(district, 1)
    const gone = payments().find(({ registrantId }) => registrantId === group.id)
    const rest = payments().filter(({ id }) => id !== gone?.id)
    // The check that was overtaken wants it out of the batch.
    put(district.office, 'registrant', { ...head, phoneNumbers: [] })
    const office = overtaken('batches.check', () => {
      for (const payment of payments().filter(({ id }) => id === gone?.id)) paidElsewhere(payment)
    })
    const { submission } = await submitBatch(office, { batchId, day: DAY, officerId: 'clerk', now: NOW })
    expect(payments().find(({ id }) => id === gone?.id)).toMatchObject({ state: 'paid', batchId: 'theirs' })
    expect(submission.lines.every(({ paymentId: id }) => rest.some((payment) => payment.id === id))).toBe(true)
  })
})

describe('deciding (I7)', () => {
  test('an approver who made nothing approves, and the signature verifies with that officer’s key only', async () => {
    await open({ households: 2 })
    const { submission } = await submit(await firstBatch())
    const batch = await decide(submission, 'approver')
    expect(batch.state).toBe('approved')
    const { store } = district.office
    const body = store.sql('SELECT body FROM decision').pluck().get() as string
    const decision = JSON.parse(body)
    expect(await isSignedDecision(decision, store.get('officer', 'approver').signingKey)).toBe(true)
    expect(await isSignedDecision(decision, store.get('officer', 'approver-2').signingKey)).toBe(false)
    expect(
      await isSignedDecision({ ...decision, verdict: 'return' }, store.get('officer', 'approver').signingKey),
    ).toBe(false)
  })

  test('who prepared, submitted, or entered an account or an amount cannot approve', async () => {
    await open({ households: 2 })
    await addOfficer(district.office, 'both', ['clerk', 'approver'])
    const made = household(district, 1)
    district.office.store.transaction('both', (tx) => {
      tx.put('registrant', {
        ...made.head,
        phoneNumbers: [
          { id: 'x', number: '+251922000001', preferred: true, disabled: false },
          { id: 'y', number: '+251922000002', preferred: false, disabled: false },
        ],
      })
      tx.audit({ action: 'registrant.contact-set', subjectKind: 'registrant', subjectId: made.head.id })
    })
    const { submission } = await submit(await firstBatch())
    expect(submission.makers).toEqual(expect.arrayContaining(['clerk', 'both']))
    expect(await codeOf(() => decide(submission, 'both'))).toBe('decide.maker')
    expect(await codeOf(() => decide(submission, 'clerk'))).toBe('decide.not-approver')
    expect((await decide(submission, 'approver')).state).toBe('approved')
  })

  test('nobody approves through an officer they created or reset', async () => {
    await open({ households: 1 })
    await addOfficer(district.office, 'puppet', ['approver'], ['clerk'])
    const { submission } = await submit(await firstBatch())
    expect(await codeOf(() => decide(submission, 'puppet'))).toBe('decide.sponsored-by-maker')
  })

  test('a wrong PIN, another digest, an older submission and a missing reason are each refused', async () => {
    await open({ households: 1 })
    const batchId = await firstBatch()
    const { submission } = await submit(batchId)
    expect(await codeOf(() => decide(submission, 'approver', { pin: '111111' }))).toBe('identity.wrong-pin')
    expect(await codeOf(() => decide(submission, 'approver', { digest: '0'.repeat(64) }))).toBe('decide.changed')
    expect(await codeOf(() => decide(submission, 'approver', { verdict: 'return' }))).toBe('batches.reason-needed')
    await decide(submission, 'approver', { verdict: 'return', reason: 'wrong sum' })
    await submit(batchId)
    expect(await codeOf(() => decide(submission, 'approver'))).toBe('batches.not-latest')
  })

  test('above the set amount two different approvers are needed', async () => {
    await open({ households: 2, programme: { twoApproversAbove: 200_000 } })
    const { submission } = await submit(await firstBatch())
    expect((await decide(submission, 'approver')).state).toBe('submitted')
    expect(await codeOf(() => decide(submission, 'approver'))).toBe('decide.already-decided')
    expect((await decide(submission, 'approver-2')).state).toBe('approved')
  })

  test('an approval lapses after seven days, and the batch can be submitted again', async () => {
    await open({ households: 1 })
    const batchId = await firstBatch()
    const { submission } = await submit(batchId)
    await decide(submission, 'approver')
    const { store } = district.office
    const standing = (now: number) => standingOf((text) => store.sql(text), store.get('batch', batchId), now).state
    expect(standing(NOW + 6.9 * 86_400_000)).toBe('approved')
    expect(standing(NOW + 7 * 86_400_000)).toBe('lapsed')
  })

  test('an officer whose record was tampered with decides nothing', async () => {
    await open({ households: 1 })
    const { submission } = await submit(await firstBatch())
    const { changedAt, changedBy, ...approver } = district.office.store.get('officer', 'approver')
    put(district.office, 'officer', { ...approver, roles: ['approver', 'administrator'] })
    expect(await codeOf(() => decide(submission, 'approver'))).toBe('identity.signature-invalid')
  })
})

test('payments put aside leave the batch with a reason and can be prepared again', async () => {
  await open({ households: 3 })
  const batchId = await firstBatch()
  const [first] = payments()
  const batch = putPaymentsAside(district.office, {
    batchId,
    paymentIds: [first?.id as string],
    reason: 'family asked to wait',
    officerId: 'clerk',
    now: NOW,
  })
  expect({ count: batch.count, sum: batch.sum }).toEqual({ count: 2, sum: 250_000 })
  expect(await prepare()).toMatchObject({ prepared: 1 })
  expect(
    payments()
      .filter(({ entitlementId }) => entitlementId === first?.entitlementId)
      .map(({ attempt, state }) => [attempt, state]),
  ).toEqual([
    [1, 'cancelled'],
    [2, 'prepared'],
  ])
})

test('individuals are paid themselves', async () => {
  await open({ programme: { target: 'individual' } })
  const made = household(district, 9)
  const person = individual('P9', { phoneNumbers: made.head.phoneNumbers })
  putHousehold(district, {
    ...made,
    group: person,
    enrolment: { ...made.enrolment, registrantId: person.id },
    entitlement: { ...made.entitlement, registrantId: person.id },
  })
  await prepare()
  expect(payments().map(({ registrantId, payeeId }) => registrantId === payeeId)).toEqual([true])
})
