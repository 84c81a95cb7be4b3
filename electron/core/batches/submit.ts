import { fail } from '../../../shared/contract/result.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { channelRules } from '../../../shared/rules/payment-channels.ts'
import { withdrawPayments } from '../dispatch/claim.ts'
import type { Office } from '../office.ts'
import type { Transaction } from '../store/store.ts'
import { refreshBatch } from './batch-standing.ts'
import type { BatchCheck } from './check.ts'
import { managerDigest, submissionDigest } from './digest.ts'
import { makersOf } from './makers.ts'
import { putPayment } from './prepare.ts'

/** Kinds whose change makes a check stale. */
const CHECKED: ReadonlySet<string> = new Set<RecordKind>([
  'registrant',
  'membership',
  'identityNumber',
  'enrolment',
  'entitlement',
  'programme',
  'cycle',
  'paymentManager',
])
const TRIES = 5

export interface Submitted {
  readonly submission: Submission
  /** Payments that left the batch because they cannot be paid any more. */
  readonly left: number
}

/**
 * Freezes a batch: examines every payment anew, puts out what cannot be paid, and writes down for good what is to be
 * approved and sent.
 *
 * @param day day of payment, `YYYY-MM-DD`
 * @throws OfficeError `batches.not-open`, `batches.blocked`, `batches.nothing-payable`, `batches.registry-busy`
 */
export async function submitBatch(
  office: Pick<Office, 'store' | 'reader'>,
  { batchId, day, officerId, now }: { batchId: string; day: string; officerId: string; now: number },
): Promise<Submitted> {
  const { store } = office
  let batch = store.get('batch', batchId)
  if (!SUBMITTABLE.has(batch.state) || batch.held) fail('batches.not-open')
  // The office that had them wait for the line may be gone, and nobody else would ever take them up. Should it have claimed
  // them after all, the claim tells (I6).
  await withdrawPayments({ store, time: { now: () => now } }, batchId)
  batch = store.get('batch', batchId)
  for (let tries = 0; tries < TRIES; tries += 1) {
    const check = await freshCheck(office, batch, day)
    const submitted = submitChecked(store, batch, check, { officerId, now })
    if (submitted !== undefined) return submitted
  }
  return fail('batches.registry-busy')
}

/**
 * Freezes what was checked; undefined when payments of the batch are not what the check saw: records of other offices that
 * came meanwhile may have sent or settled them, and are never written over.
 */
function submitChecked(
  store: Office['store'],
  batch: Batch,
  check: BatchCheck,
  { officerId, now }: { readonly officerId: string; readonly now: number },
): Submitted | undefined {
  const batchId = batch.id
  const obstacle = check.findings.find(({ severity, paymentId }) => severity === 'blocks' && paymentId === undefined)
  if (obstacle !== undefined) fail('batches.blocked', { reason: obstacle.code })
  const payable = check.payments.filter(({ blocked }) => blocked === null)
  if (payable.length === 0) fail('batches.nothing-payable')

  return store.transaction(officerId, (tx) => {
    const current = tx.get('batch', batchId)
    if (current.changedAt !== batch.changedAt) fail('store.changed-meanwhile', { kind: 'batch' })
    // What other records say of it does not change who wrote it when.
    if (!SUBMITTABLE.has(current.state)) fail('batches.not-open')
    const stored = preparedPayments(tx, batchId)
    const checked = [...check.payments.map(({ paymentId }) => paymentId), ...check.missing]
    if (checked.length !== stored.size || checked.some((id) => !stored.has(id))) return undefined
    const left = putOut(tx, current, check)
    for (const planned of payable) {
      const known = stored.get(planned.paymentId) ?? fail('store.changed-meanwhile', { kind: 'payment' })
      if (
        known.payeeAddress !== planned.payeeAddress ||
        known.payeeName !== planned.payeeName ||
        known.payeeId !== planned.payeeId ||
        known.amount !== planned.amount
      ) {
        putPayment(tx, planned, { ...commonOf(current), batchId })
      }
    }
    const submission = freeze(tx, current, check)
    refreshBatch(tx, batchId, now, {
      makers: submission.makers,
      submissionNumber: submission.number,
      // It was why the batch came back; this submission is without those payments.
      ...(current.attention === PAID_ELSEWHERE ? { attention: '', attentionParams: {} } : {}),
    })
    tx.audit({
      action: 'batch.submitted',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: {
        number: submission.number,
        digest: submission.digest,
        count: submission.count,
        sum: submission.sum,
        left,
      },
    })
    return { submission, left }
  })
}

const PAID_ELSEWHERE = 'central.payments-claimed-elsewhere'

const SUBMITTABLE: ReadonlySet<Batch['state']> = new Set<Batch['state']>(['open', 'returned', 'lapsed'])

/** A check during which nothing it looked at changed. */
async function freshCheck({ store, reader }: Pick<Office, 'store' | 'reader'>, batch: Batch, day: string) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    let stale = false
    const stop = store.onChange(({ kinds }) => {
      stale ||= kinds.some((kind) => CHECKED.has(kind))
    })
    try {
      const check = await reader.run('batches.check', { batchId: batch.id, cycleId: batch.cycleId, day })
      if (!stale) return check
    } finally {
      stop()
    }
  }
  return fail('batches.registry-busy')
}

/** The payments of a batch in one read; each by itself would be sought all over the file. */
function preparedPayments(tx: Transaction, batchId: string): Map<string, Payment> {
  const bodies = tx
    .sql("SELECT body FROM payment WHERE batch_id = ? AND state = 'prepared'")
    .pluck()
    .all(batchId) as string[]
  return new Map(bodies.map((body) => JSON.parse(body) as Payment).map((payment) => [payment.id, payment]))
}

const commonOf = ({ cycleId, programmeId, managerId, currency }: Batch) => ({
  cycleId,
  programmeId,
  managerId,
  currency,
  held: false,
})

/** Payments that cannot be paid leave the batch with their reason; those without an entitlement are cancelled. */
function putOut(tx: Transaction, batch: Batch, check: BatchCheck): number {
  for (const planned of check.payments) {
    if (planned.blocked !== null) putPayment(tx, planned, { ...commonOf(batch), batchId: '' })
  }
  for (const id of check.missing) {
    const { changedAt, changedBy, ...payment } = tx.get('payment', id)
    tx.put('payment', {
      ...payment,
      state: 'cancelled',
      reasonCode: 'preflight.entitlement-not-approved',
      batchId: '',
      stateAt: tx.moment,
    })
  }
  return check.missing.length + check.payments.filter(({ blocked }) => blocked !== null).length
}

function freeze(tx: Transaction, batch: Batch, check: BatchCheck): Submission {
  const programme = tx.get('programme', batch.programmeId)
  const manager = tx.get('paymentManager', batch.managerId)
  const approved = check.payments
    .filter(({ blocked }) => blocked === null)
    .map(({ paymentId, entitlementId, attempt, registrantId, payeeId, payeeName, payeeAddress, mapped, amount }) => ({
      paymentId,
      entitlementId,
      attempt,
      registrantId,
      payeeId,
      payeeName,
      payeeAddress,
      ...(mapped === null ? {} : { mapped }),
      amount,
    }))
  const common = {
    programmeName: programme.name,
    cycleName: tx.get('cycle', batch.cycleId).name,
    payerAddress: manager.payerAddress,
    currency: batch.currency,
  }
  const arranged = channelRules[manager.kind].arrange(approved, common, manager)
  if (!arranged.ok) fail('batches.blocked', { reason: arranged.error.code })
  const { lines, partStarts } = arranged.value
  const frozen = {
    ...common,
    batchId: batch.id,
    number: batch.submissionNumber + 1,
    programmeId: programme.id,
    cycleId: batch.cycleId,
    managerId: manager.id,
    managerDigest: managerDigest(manager),
    channel: manager.kind,
    payerName: manager.payerName,
    count: lines.length,
    sum: lines.reduce((sum, { amount }) => sum + amount, 0),
    partSize: manager.partSize,
    ...(partStarts === undefined ? {} : { partStarts: [...partStarts] }),
    lines: [...lines],
  }
  return tx.put('submission', {
    ...frozen,
    id: newId(),
    submittedBy: tx.officerId,
    makers: [...new Set([...batch.makers, tx.officerId, ...check.makers, ...makersOf(tx, lines)])],
    digest: submissionDigest(frozen),
  })
}
