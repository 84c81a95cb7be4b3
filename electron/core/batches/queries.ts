import { fail } from '../../../shared/contract/result.ts'
import type { Batch, BatchState, Decision, Submission } from '../../../shared/model/batch.ts'
import type {
  Delivery,
  Observation,
  Payment,
  PaymentState,
  PaymentView,
  Transmission,
} from '../../../shared/model/payment.ts'
import type { BatchStanding } from '../../../shared/rules/batch-life.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import type { ReadContext } from '../store/read-query.ts'
import { decisionsOf, paymentCounts, standingOf, submissionHeads } from './batch-standing.ts'
import { checkBatch } from './check.ts'
import { planBatches } from './plan.ts'

export interface BatchFilter {
  readonly offset: number
  readonly limit: number
  readonly states?: readonly BatchState[] | undefined
  readonly cycleId?: string | undefined
  readonly programmeId?: string | undefined
  readonly attention?: boolean | undefined
}

export interface BatchRow extends Batch {
  readonly programmeName: string
  readonly cycleName: string
  readonly counts: Readonly<Partial<Record<PaymentState, number>>>
}

export interface BatchPage {
  readonly batch: Batch
  readonly programmeName: string
  readonly cycleName: string
  readonly managerName: string
  readonly standing: BatchStanding
  readonly submissions: readonly Omit<Submission, 'lines'>[]
  readonly decisions: readonly Decision[]
  readonly totals: readonly { state: PaymentState; count: number; sum: number; paid: number }[]
  readonly changes: SubmissionChanges | null
  readonly transmissions: readonly (Omit<Transmission, 'body'> & { readonly deliveries: readonly Delivery[] })[]
}

/** What the latest submission changed against the one before; addresses are masked. */
export interface SubmissionChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly {
    paymentId: string
    payeeName: string
    what: readonly ('amount' | 'address' | 'payee')[]
  }[]
}

export interface PaymentFilter {
  readonly offset: number
  readonly limit: number
  readonly batchId?: string | undefined
  readonly cycleId?: string | undefined
  readonly registrantId?: string | undefined
  readonly states?: readonly PaymentState[] | undefined
}

export function toPaymentView({ payeeAddress, ...payment }: Payment): PaymentView {
  return { ...payment, payeeAddressHint: payeeAddress === '' ? '' : maskFinancialAddress(payeeAddress) }
}

type Condition = readonly [sql: string, ...params: (string | number)[]]

function where(conditions: readonly (Condition | undefined)[]): { text: string; params: (string | number)[] } {
  const used = conditions.filter((condition) => condition !== undefined)
  return {
    text: used.length === 0 ? '1' : used.map(([sql]) => sql).join(' AND '),
    params: used.flatMap(([, ...params]) => params),
  }
}

const oneOf = (column: string, values: readonly string[] | undefined): Condition | undefined =>
  values === undefined ? undefined : [`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values)]

const equal = (column: string, value: string | undefined): Condition | undefined =>
  value === undefined ? undefined : [`${column} = ?`, value]

export const batchQueries = {
  'batches.plan': planBatches,
  'batches.check': checkBatch,

  /** Newest change first. */
  'batches.page': ({ sql }: ReadContext, filter: BatchFilter): { rows: BatchRow[]; total: number } => {
    const { text, params } = where([
      oneOf('b.state', filter.states),
      equal('b.cycle_id', filter.cycleId),
      equal('b.programme_id', filter.programmeId),
      filter.attention ? ["b.attention <> ''"] : undefined,
    ])
    const total = sql(`SELECT count(*) FROM batch b WHERE ${text}`)
      .pluck()
      .get(...params) as number
    const rows = sql(
      `SELECT b.body, p.name AS programmeName, c.body ->> '$.name' AS cycleName
       FROM batch b LEFT JOIN programme p ON p.id = b.programme_id LEFT JOIN cycle c ON c.id = b.cycle_id
       WHERE ${text} ORDER BY b.state_at DESC, b.id LIMIT ? OFFSET ?`,
    ).all(...params, filter.limit, filter.offset) as { body: string; programmeName: string; cycleName: string }[]
    return {
      total,
      rows: rows.map(({ body, programmeName, cycleName }) => {
        const batch = JSON.parse(body) as Batch
        return { ...batch, programmeName, cycleName, counts: paymentCounts(sql, batch.id) }
      }),
    }
  },

  'batches.open': ({ sql }: ReadContext, { batchId, now }: { batchId: string; now: number }): BatchPage => {
    const body = sql('SELECT body FROM batch WHERE id = ?').pluck().get(batchId) as string | undefined
    if (body === undefined) fail('store.not-found', { kind: 'batch' })
    const batch = JSON.parse(body) as Batch
    const name = (table: string, id: string): string =>
      (sql(`SELECT body ->> '$.name' FROM ${table} WHERE id = ?`).pluck().get(id) as string | undefined) ?? ''
    const deliveries = (
      sql('SELECT body FROM delivery WHERE batch_id = ? ORDER BY changed_at').pluck().all(batchId) as string[]
    ).map((text) => JSON.parse(text) as Delivery)
    const transmissions = (
      sql("SELECT json_remove(body, '$.body') FROM transmission WHERE batch_id = ? ORDER BY part, envelope")
        .pluck()
        .all(batchId) as string[]
    ).map((text) => JSON.parse(text) as Omit<Transmission, 'body'>)
    return {
      batch,
      programmeName: name('programme', batch.programmeId),
      cycleName: name('cycle', batch.cycleId),
      managerName: name('payment_manager', batch.managerId),
      standing: standingOf(sql, batch, now),
      submissions: submissionHeads(sql, batchId),
      decisions: decisionsOf(sql, batchId),
      totals: sql(
        `SELECT state, count(*) AS count, sum(amount) AS sum, coalesce(sum(amount_paid), 0) AS paid
         FROM payment WHERE batch_id = ? GROUP BY state`,
      ).all(batchId) as BatchPage['totals'][number][],
      changes: submissionChanges(sql, batchId, batch.submissionNumber),
      transmissions: transmissions.map((transmission) => ({
        ...transmission,
        deliveries: deliveries.filter(({ transmissionId }) => transmissionId === transmission.id),
      })),
    }
  },

  'payments.page': ({ sql }: ReadContext, filter: PaymentFilter): { rows: PaymentView[]; total: number } => {
    const { text, params } = where([
      equal('batch_id', filter.batchId),
      equal('cycle_id', filter.cycleId),
      filter.registrantId === undefined
        ? undefined
        : ['(registrant_id = ? OR payee_id = ?)', filter.registrantId, filter.registrantId],
      oneOf('state', filter.states),
    ])
    const total = sql(`SELECT count(*) FROM payment WHERE ${text}`)
      .pluck()
      .get(...params) as number
    const rows = sql(`SELECT body FROM payment WHERE ${text} ORDER BY entitlement_id, attempt LIMIT ? OFFSET ?`)
      .pluck()
      .all(...params, filter.limit, filter.offset) as string[]
    return { total, rows: rows.map((body) => toPaymentView(JSON.parse(body) as Payment)) }
  },

  /** One payment with everything that was ever said about it. */
  'payments.open': ({ sql }: ReadContext, { paymentId }: { paymentId: string }) => {
    const body = sql('SELECT body FROM payment WHERE id = ?').pluck().get(paymentId) as string | undefined
    if (body === undefined) fail('store.not-found', { kind: 'payment' })
    const payment = JSON.parse(body) as Payment
    const observations = (
      sql('SELECT body FROM observation WHERE payment_id = ? ORDER BY changed_at').pluck().all(paymentId) as string[]
    ).map((text) => {
      const { payeeAddress, ...observation } = JSON.parse(text) as Observation
      return { ...observation, payeeAddressHint: payeeAddress === '' ? '' : maskFinancialAddress(payeeAddress) }
    })
    const attempts = (
      sql('SELECT body FROM payment WHERE entitlement_id = ? ORDER BY attempt')
        .pluck()
        .all(payment.entitlementId) as string[]
    ).map((text) => toPaymentView(JSON.parse(text) as Payment))
    return { payment: toPaymentView(payment), observations, attempts }
  },
} as const

function submissionChanges(sql: ReadContext['sql'], batchId: string, number: number): SubmissionChanges | null {
  if (number < 2) return null
  const lines = (of: number): Map<string, Submission['lines'][number]> => {
    const body = sql('SELECT body FROM submission WHERE batch_id = ? AND number = ?').pluck().get(batchId, of) as
      | string
      | undefined
    const submission = body === undefined ? undefined : (JSON.parse(body) as Submission)
    return new Map((submission?.lines ?? []).map((line) => [line.paymentId, line]))
  }
  const before = lines(number - 1)
  const after = lines(number)
  const changed: SubmissionChanges['changed'][number][] = []
  for (const [paymentId, line] of after) {
    const earlier = before.get(paymentId)
    if (earlier === undefined) continue
    const what = [
      ...(earlier.amount === line.amount ? [] : (['amount'] as const)),
      ...(earlier.payeeAddress === line.payeeAddress ? [] : (['address'] as const)),
      ...(earlier.payeeId === line.payeeId && earlier.payeeName === line.payeeName ? [] : (['payee'] as const)),
    ]
    if (what.length > 0) changed.push({ paymentId, payeeName: line.payeeName, what })
  }
  return {
    added: [...after].filter(([id]) => !before.has(id)).map(([, { payeeName }]) => payeeName),
    removed: [...before].filter(([id]) => !after.has(id)).map(([, { payeeName }]) => payeeName),
    changed,
  }
}
