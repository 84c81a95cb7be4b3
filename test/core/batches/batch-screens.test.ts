import { afterEach, beforeEach, expect, test } from 'vitest'
import { decideBatch, decisionRulings } from '../../../electron/core/batches/decide.ts'
import { groupFindings } from '../../../electron/core/batches/finding-groups.ts'
import { noteLapses } from '../../../electron/core/batches/lapses.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { APPROVAL_LASTS } from '../../../shared/rules/batch-life.ts'
import { DAY, type District, household, openDistrict, PIN, put, putHousehold } from '../district.ts'

const NOW = Date.UTC(2026, 2, 15)
let district: District

beforeEach(async () => {
  district = await openDistrict({ households: 6, programme: { twoApproversAbove: 1 } })
})
afterEach(() => district.close())

async function prepared(): Promise<string> {
  const { batchIds } = await prepareCycle(district.office, { cycleId: district.cycleId, day: DAY, officerId: 'clerk' })
  return batchIds[0] ?? ''
}

test('the list tells how many of the approvals are there, and counts batches by state', async () => {
  const batchId = await prepared()
  const { submission } = await submitBatch(district.office, { batchId, day: DAY, officerId: 'clerk', now: NOW })
  const input = { batchId, submissionId: submission.id, digest: submission.digest, verdict: 'approve' as const }
  const approver = district.office.store.get('officer', 'approver')
  await decideBatch(district.office, approver, { ...input, reason: '', pin: PIN }, NOW, () => undefined)

  const page = await district.office.reader.run('batches.page', { offset: 0, limit: 10, now: NOW })
  expect(page.rows[0]).toMatchObject({ state: 'submitted', job: null, approval: { approvals: 1, approvalsNeeded: 2 } })
  expect(await district.office.reader.run('batches.tally', {})).toEqual({ states: { submitted: 1 }, attention: 0 })
})

test('a batch whose approval has lapsed goes back to those to submit by itself, and returns with the clock', async () => {
  const batchId = await prepared()
  const { store, reader } = district.office
  const { submission } = await submitBatch(district.office, { batchId, day: DAY, officerId: 'clerk', now: NOW })
  const input = { batchId, submissionId: submission.id, digest: submission.digest, verdict: 'approve' as const }
  for (const id of ['approver', 'approver-2']) {
    await decideBatch(
      district.office,
      store.get('officer', id),
      { ...input, reason: '', pin: PIN },
      NOW,
      () => undefined,
    )
  }
  const states = async () => (await reader.run('batches.tally', {})).states
  noteLapses(store, NOW + APPROVAL_LASTS - 1)
  expect(await states()).toEqual({ approved: 1 })
  noteLapses(store, NOW + APPROVAL_LASTS)
  noteLapses(store, NOW + APPROVAL_LASTS + 1)
  expect(await states()).toEqual({ lapsed: 1 })
  noteLapses(store, NOW)
  expect(await states()).toEqual({ approved: 1 })
  const audited = store.sql("SELECT action FROM audit WHERE action LIKE 'batch.lapse%' ORDER BY position").pluck().all()
  expect(audited).toEqual(['batch.lapsed', 'batch.lapse-withdrawn'])
})

test('an officer is told why a batch is not theirs to decide on', async () => {
  const batchId = await prepared()
  const { submission } = await submitBatch(district.office, { batchId, day: DAY, officerId: 'clerk', now: NOW })
  const seen = { batchId, submissionId: submission.id, digest: submission.digest }
  const { store } = district.office
  expect(decisionRulings(store, store.get('officer', 'approver'), seen)).toEqual({ approve: null, return: null })
  expect(decisionRulings(store, store.get('officer', 'clerk'), seen).approve?.code).toBe('decide.not-approver')
  const stale = { ...seen, digest: '0'.repeat(64) }
  expect(decisionRulings(store, store.get('officer', 'approver'), stale).approve?.code).toBe('decide.changed')
})

test('a search takes its wildcards as plain letters', async () => {
  const batchId = await prepared()
  const names = async (text: string) =>
    (await district.office.reader.run('payments.page', { offset: 0, limit: 10, batchId, text })).total
  expect(await names('household 3')).toBe(1)
  expect(await names('%')).toBe(0)
  expect(await names('_')).toBe(0)
})

test('who stays out is told once for each reason, with where to mend it and without an address', async () => {
  for (const n of [7, 8]) {
    const made = household(district, n)
    putHousehold(district, { ...made, head: { ...made.head, phoneNumbers: [] } })
  }
  const gone = household(district, 9)
  putHousehold(district, gone)
  put(district.office, 'enrolment', { ...gone.enrolment, state: 'paused', reason: 'away' })
  const { blocked } = await district.office.reader.run('batches.plan', { cycleId: district.cycleId, day: DAY })
  const groups = groupFindings(
    blocked.flatMap(({ paymentId, blocked: why }) =>
      why === null ? [] : [{ ...why, severity: 'blocks' as const, paymentId }],
    ),
    blocked,
  )
  expect(groups.map(({ code, count, sum }) => [code, count, sum])).toEqual([
    ['address.no-phone', 2, 250_000],
    ['preflight.enrolment-paused', 1, 125_000],
  ])
  expect(groups[0]?.first[0]?.fix.kind).toBe('registrant')
  expect(JSON.stringify(groups)).not.toContain('@wallet')
})

test('an open batch names who prepared it; a payment names the submissions it was in', async () => {
  const batchId = await prepared()
  await submitBatch(district.office, { batchId, day: DAY, officerId: 'clerk', now: NOW })
  const batch = await district.office.reader.run('batches.open', { batchId, now: NOW })
  expect(batch.prepared?.officerId).toBe('clerk')
  expect(batch.ordered).toBeNull()
  const { rows } = await district.office.reader.run('payments.page', { offset: 0, limit: 1, batchId })
  const payment = await district.office.reader.run('payments.open', { paymentId: rows[0]?.id ?? '' })
  expect(payment.submissions).toMatchObject([{ number: 1, officerId: 'clerk' }])
  expect(payment.posts).toEqual([])
})
