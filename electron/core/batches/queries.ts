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
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { CycleState } from '../../../shared/model/programme.ts'
import type { BatchStanding } from '../../../shared/rules/batch-life.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { isPaidByHand } from '../../../shared/rules/pay-table.ts'
import { mayReissue } from '../../../shared/rules/payment-life.ts'
import { partAt } from '../../../shared/rules/submission-parts.ts'
import { BATCH_JOB } from '../dispatch/dispatch-context.ts'
import { STOP_JOB } from '../dispatch/stop-batch.ts'
import type { Deferral, JobState } from '../scheduler/job.ts'
import type { ReadContext } from '../store/read-query.ts'
import { decisionsOf, paymentCounts, standingOf, submissionHeads } from './batch-standing.ts'
import { checkBatch } from './check.ts'
import { askingQueries } from './people-to-ask.ts'
import { planBatches } from './plan.ts'
import { HAS_EVIDENCE } from './standing.ts'

export interface BatchFilter {
  readonly offset: number
  readonly limit: number
  readonly states?: readonly BatchState[] | undefined
  readonly cycleId?: string | undefined
  readonly programmeId?: string | undefined
  readonly attention?: boolean | undefined
  /** Part of the batch's name. */
  readonly text?: string | undefined
}

export interface BatchRow extends Batch {
  readonly programmeName: string
  readonly cycleName: string
  readonly counts: Readonly<Partial<Record<PaymentState, number>>>
  /** The job that brings it out, once somebody ordered it to be sent; null before and afterwards. */
  readonly job: BatchJob | null
  /** How far its approval is; null where no approval is open. */
  readonly approval: Pick<BatchStanding, 'approvals' | 'approvalsNeeded' | 'lapsesAt'> | null
  /** Who sends it by the central server's claims; null before the claim, or where the office works alone. */
  readonly holder: BatchHolder | null
}

/** How the sending of a batch stands in the outbox. */
export interface BatchJob {
  readonly state: Exclude<JobState, 'done'>
  readonly deferredBy: Deferral | ''
}

/** Batches in all by state, and how many need attention. */
export interface BatchTally {
  readonly states: Readonly<Partial<Record<BatchState, number>>>
  readonly attention: number
}

/** A cycle of a programme, as far as choosing one to prepare or to filter by needs it. */
export interface CycleChoice {
  readonly programmeId: string
  readonly programmeName: string
  readonly cycleId: string
  readonly cycleName: string
  readonly state: CycleState
  readonly batches: number
}

/** Who did something with a batch, and when. */
export interface Milestone {
  readonly officerId: string
  readonly moment: string
}

/** The office that sends a batch. */
export interface BatchHolder {
  readonly officeName: string
  /** Epoch milliseconds by the server's clock. */
  readonly since: number
  readonly own: boolean
}

/** Payments that a batch submitted and another one has now: two offices prepared the same cycle. */
export interface MovedPayments {
  readonly batchId: string
  readonly name: string
  readonly count: number
  readonly holder: BatchHolder | null
}

export interface BatchPage {
  readonly batch: Batch
  readonly programmeName: string
  readonly cycleName: string
  readonly managerName: string
  /** Officers hand the money out themselves and tick it off. */
  readonly paidByHand: boolean
  /** Names of all officers, by id. */
  readonly officers: Readonly<Record<string, string>>
  readonly prepared: Milestone | null
  readonly claimed: Milestone | null
  /** Who sends it by the central server's claims; null before the claim, or where the office works alone. */
  readonly holder: BatchHolder | null
  /** Only of a batch that needs attention. */
  readonly moved: readonly MovedPayments[]
  /** What the central server has not been told yet of what an officer wants; null when it knows. */
  readonly wish: 'cancel' | 'hold' | 'release' | null
  /** The first order of an officer to send it; null when it went by itself or has not been ordered. */
  readonly ordered: Milestone | null
  readonly cancelled: Milestone | null
  readonly standing: BatchStanding
  readonly job: BatchJob | null
  readonly submissions: readonly Omit<Submission, 'lines'>[]
  readonly decisions: readonly Decision[]
  readonly totals: readonly { state: PaymentState; count: number; sum: number; paid: number }[]
  readonly changes: SubmissionChanges | null
  readonly transmissions: readonly (Omit<Transmission, 'body' | 'headers' | 'message'> & {
    readonly deliveries: readonly Delivery[]
  })[]
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
  readonly reasonCode?: string | undefined
  /** Part of the payee's or the registrant's name. */
  readonly text?: string | undefined
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

const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** States in which the number of approvals and the time they last matter. */
const APPROVAL_OPEN: ReadonlySet<BatchState> = new Set<BatchState>(['submitted', 'approved', 'queued'])

function findHolder(sql: ReadContext['sql'], batchId: string): BatchHolder | null {
  const found = sql(
    `SELECT body ->> '$.officeName' AS officeName, body ->> '$.claimedAt' AS since,
            body ->> '$.installationId' = (SELECT value FROM meta WHERE key = 'installation') AS own
     FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1`,
  ).get(batchId) as { officeName: string | null; since: number | null; own: number } | undefined
  if (found === undefined || found.officeName === null || found.since === null) return null
  return { officeName: found.officeName, since: found.since, own: found.own === 1 }
}

function findMoved(sql: ReadContext['sql'], { id, attention, submissionNumber }: Batch): MovedPayments[] {
  if (attention === '' || submissionNumber === 0) return []
  const rows = sql(
    `SELECT p.batch_id AS batchId, (SELECT body ->> '$.name' FROM batch WHERE id = p.batch_id) AS name, count(*) AS count
     FROM submission s, json_each(s.body, '$.lines') line JOIN payment p ON p.id = line.value ->> '$.paymentId'
     WHERE s.batch_id = ? AND s.number = ? AND p.batch_id NOT IN ('', s.batch_id)
     GROUP BY p.batch_id ORDER BY count DESC, p.batch_id`,
  ).all(id, submissionNumber) as { batchId: string; name: string | null; count: number }[]
  return rows.map((row) => ({ ...row, name: row.name ?? '', holder: findHolder(sql, row.batchId) }))
}

function isManagerByHand(sql: ReadContext['sql'], managerId: string): boolean {
  const body = sql('SELECT body FROM payment_manager WHERE id = ?').pluck().get(managerId) as string | undefined
  return body !== undefined && isPaidByHand(JSON.parse(body) as PaymentManager)
}

export const batchQueries = {
  'batches.plan': planBatches,
  'batches.check': checkBatch,
  ...askingQueries,

  /** Newest change first. */
  'batches.page': (
    { sql }: ReadContext,
    { now, ...filter }: BatchFilter & { now: number },
  ): { rows: BatchRow[]; total: number } => {
    const { text, params } = where([
      oneOf('b.state', filter.states),
      equal('b.cycle_id', filter.cycleId),
      equal('b.programme_id', filter.programmeId),
      filter.attention ? ["b.attention <> ''"] : undefined,
      filter.text ? ["b.body ->> '$.name' LIKE ? ESCAPE '\\'", like(filter.text)] : undefined,
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
        return {
          ...batch,
          programmeName,
          cycleName,
          counts: paymentCounts(sql, batch.id),
          job: jobOf(sql, batch.id),
          holder: findHolder(sql, batch.id),
          approval: APPROVAL_OPEN.has(batch.state) ? standingOf(sql, batch, now) : null,
        }
      }),
    }
  },

  'batches.tally': (
    { sql }: ReadContext,
    filter: { cycleId?: string | undefined; programmeId?: string | undefined },
  ): BatchTally => {
    const { text, params } = where([equal('cycle_id', filter.cycleId), equal('programme_id', filter.programmeId)])
    const rows = sql(
      `SELECT state, count(*) AS n, sum(attention <> '') AS attention FROM batch WHERE ${text} GROUP BY state`,
    ).all(...params) as { state: BatchState; n: number; attention: number }[]
    return {
      states: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
      attention: rows.reduce((sum, { attention }) => sum + attention, 0),
    }
  },

  /** Every cycle, the newest of each programme first. */
  'batches.cycles': ({ sql }: ReadContext): CycleChoice[] =>
    sql(
      `SELECT p.id AS programmeId, p.name AS programmeName, c.id AS cycleId, c.body ->> '$.name' AS cycleName, c.state,
              (SELECT count(*) FROM batch b WHERE b.cycle_id = c.id) AS batches
       FROM cycle c JOIN programme p ON p.id = c.programme_id
       WHERE c.removed = 0 AND p.removed = 0 ORDER BY p.name, p.id, c.sequence DESC`,
    ).all() as CycleChoice[],

  'batches.open': ({ sql }: ReadContext, { batchId, now }: { batchId: string; now: number }): BatchPage => {
    const body = sql('SELECT body FROM batch WHERE id = ?').pluck().get(batchId) as string | undefined
    if (body === undefined) fail('store.not-found', { kind: 'batch' })
    const batch = JSON.parse(body) as Batch
    const name = (table: string, id: string): string =>
      (sql(`SELECT body ->> '$.name' FROM ${table} WHERE id = ?`).pluck().get(id) as string | undefined) ?? ''
    const milestone = (action: string): Milestone | null =>
      (sql(
        `SELECT officer_id AS officerId, moment FROM audit
         WHERE subject_kind = 'batch' AND subject_id = ? AND action = ? ORDER BY position LIMIT 1`,
      ).get(batchId, action) as Milestone | undefined) ?? null
    const deliveries = (
      sql('SELECT body FROM delivery WHERE batch_id = ? ORDER BY changed_at').pluck().all(batchId) as string[]
    ).map((text) => JSON.parse(text) as Delivery)
    const transmissions = (
      sql(
        `SELECT json_remove(body, '$.body', '$.headers', '$.message') FROM transmission
         WHERE batch_id = ? ORDER BY CAST(part AS INTEGER), part, envelope`,
      )
        .pluck()
        .all(batchId) as string[]
    ).map((text) => JSON.parse(text) as Omit<Transmission, 'body' | 'headers' | 'message'>)
    return {
      batch,
      programmeName: name('programme', batch.programmeId),
      cycleName: name('cycle', batch.cycleId),
      managerName: name('payment_manager', batch.managerId),
      paidByHand: isManagerByHand(sql, batch.managerId),
      officers: officerNames(sql),
      prepared: milestone('batch.prepared'),
      claimed:
        (sql(
          `SELECT changed_at AS moment, body ->> '$.changedBy' AS officerId FROM claim
           WHERE batch_id = ? ORDER BY generation LIMIT 1`,
        ).get(batchId) as Milestone | undefined) ?? null,
      holder: findHolder(sql, batchId),
      moved: findMoved(sql, batch),
      wish:
        (sql("SELECT input ->> '$.wish' FROM job WHERE kind = ? AND key = ? AND state <> 'done'")
          .pluck()
          .get(STOP_JOB, batchId) as BatchPage['wish'] | undefined) ?? null,
      ordered: milestone('batch.send-ordered'),
      cancelled: milestone('batch.cancelled'),
      standing: standingOf(sql, batch, now),
      job: jobOf(sql, batchId),
      submissions: submissionHeads(sql, batchId),
      decisions: decisionsOf(sql, batchId),
      totals: sql(
        `SELECT state, count(*) AS count, sum(amount) AS sum, coalesce(sum(amount_paid), 0) AS paid
         FROM payment WHERE batch_id = ? GROUP BY state`,
      ).all(batchId) as BatchPage['totals'][number][],
      changes: submissionChanges(sql, batchId),
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
      equal('reason_code', filter.reasonCode),
      filter.text
        ? [
            "(body ->> '$.registrantName' LIKE ? ESCAPE '\\' OR body ->> '$.payeeName' LIKE ? ESCAPE '\\')",
            like(filter.text),
            like(filter.text),
          ]
        : undefined,
    ])
    const total = sql(`SELECT count(*) FROM payment WHERE ${text}`)
      .pluck()
      .get(...params) as number
    const rows = sql(`SELECT body FROM payment WHERE ${text} ORDER BY entitlement_id, attempt LIMIT ? OFFSET ?`)
      .pluck()
      .all(...params, filter.limit, filter.offset) as string[]
    return { total, rows: rows.map((body) => toPaymentView(JSON.parse(body) as Payment)) }
  },

  /** How many payments of a cycle stand in a state for which reason, the most frequent first. */
  'payments.reasons': (
    { sql }: ReadContext,
    { cycleId, state }: { cycleId: string; state: PaymentState },
  ): { code: string; count: number; sum: number }[] =>
    sql(
      `SELECT reason_code AS code, count(*) AS count, sum(amount) AS sum FROM payment
       WHERE cycle_id = ? AND state = ? GROUP BY reason_code ORDER BY count DESC, code`,
    ).all(cycleId, state) as { code: string; count: number; sum: number }[],

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
    const name = (table: string, id: string): string =>
      (sql(`SELECT body ->> '$.name' FROM ${table} WHERE id = ?`).pluck().get(id) as string | undefined) ?? ''
    const evidence = sql(`SELECT ${HAS_EVIDENCE} FROM payment WHERE id = ?`).pluck().get(paymentId) === 1
    const managerBody = sql('SELECT body FROM payment_manager WHERE id = ?').pluck().get(payment.managerId) as
      | string
      | undefined
    const noMoneyMovedCodes =
      managerBody === undefined ? [] : (JSON.parse(managerBody) as PaymentManager).noMoneyMovedCodes
    return {
      payment: toPaymentView(payment),
      /** It is over without payment, its entitlement has no later attempt, and nothing proves yet that no money moved (I5). */
      needsProof:
        (payment.state === 'rejected' || payment.state === 'reversed') &&
        attempts.at(-1)?.id === payment.id &&
        !mayReissue(payment, noMoneyMovedCodes, evidence).ok,
      programmeName: name('programme', payment.programmeId),
      cycleName: name('cycle', payment.cycleId),
      managerName: name('payment_manager', payment.managerId),
      batchName: name('batch', payment.batchId),
      observations,
      attempts,
      /** When the payment was first made, and by whom. */
      prepared:
        (sql(
          `SELECT officer_id AS officerId, moment FROM audit
           WHERE subject_kind = 'batch' AND subject_id = ? AND action = 'batch.prepared' ORDER BY position LIMIT 1`,
        ).get(payment.batchId) as Milestone | undefined) ?? null,
      submissions: sql(
        `SELECT s.body ->> '$.number' AS number, s.body ->> '$.submittedBy' AS officerId, s.changed_at AS moment
           FROM submission s, json_each(s.body, '$.lines') line
           WHERE s.batch_id = ? AND line.value ->> '$.paymentId' = ? ORDER BY number`,
      ).all(payment.batchId, paymentId) as (Milestone & { number: number })[],
      /** Posts of the part that carries it. */
      posts: postsOf(sql, payment),
      officers: officerNames(sql),
    }
  },
} as const

const jobOf = (sql: ReadContext['sql'], batchId: string): BatchJob | null =>
  (sql("SELECT state, deferred_by AS deferredBy FROM job WHERE kind = ? AND key = ? AND state <> 'done'").get(
    BATCH_JOB,
    batchId,
  ) as BatchJob | undefined) ?? null

function officerNames(sql: ReadContext['sql']): Record<string, string> {
  const rows = sql("SELECT id, body ->> '$.name' AS name FROM officer").all() as { id: string; name: string }[]
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

/** What was posted with a payment in it, in order: its part of the submission that was sent, and what that was a half of. */
function postsOf(sql: ReadContext['sql'], { id, batchId }: Payment): Delivery[] {
  const found = sql(
    `SELECT CAST(line.key AS INTEGER) AS place, s.body ->> '$.partSize' AS partSize, s.body ->> '$.count' AS count,
            s.body -> '$.partStarts' AS starts
     FROM claim c JOIN submission s ON s.id = c.body ->> '$.submissionId', json_each(s.body, '$.lines') line
     WHERE c.batch_id = ? AND line.value ->> '$.paymentId' = ? ORDER BY c.generation DESC LIMIT 1`,
  ).get(batchId, id) as { place: number; partSize: number; count: number; starts: string | null } | undefined
  if (found === undefined) return []
  const size = found.starts === null ? found : { ...found, partStarts: JSON.parse(found.starts) as number[] }
  const split = new Set(
    sql("SELECT part FROM delivery WHERE batch_id = ? AND outcome IN ('too-large', 'set-apart')")
      .pluck()
      .all(batchId) as string[],
  )
  const part = partAt(size, found.place, (key) => split.has(key))
  const bodies = sql(
    `SELECT body FROM delivery WHERE batch_id = @batchId AND (part = @part OR @part LIKE part || '.%') ORDER BY changed_at`,
  )
    .pluck()
    .all({ batchId, part }) as string[]
  return bodies.map((body) => JSON.parse(body) as Delivery)
}

function submissionChanges(sql: ReadContext['sql'], batchId: string): SubmissionChanges | null {
  const [earlier, latest] = submissionHeads(sql, batchId).slice(-2)
  if (earlier === undefined || latest === undefined) return null
  const lines = (of: string): Map<string, Submission['lines'][number]> => {
    const body = sql('SELECT body FROM submission WHERE id = ?').pluck().get(of) as string
    return new Map((JSON.parse(body) as Submission).lines.map((line) => [line.paymentId, line]))
  }
  const before = lines(earlier.id)
  const after = lines(latest.id)
  const changed: SubmissionChanges['changed'][number][] = []
  for (const [paymentId, line] of after) {
    const was = before.get(paymentId)
    if (was === undefined) continue
    const what = [
      ...(was.amount === line.amount ? [] : (['amount'] as const)),
      ...(was.payeeAddress === line.payeeAddress ? [] : (['address'] as const)),
      ...(was.payeeId === line.payeeId && was.payeeName === line.payeeName ? [] : (['payee'] as const)),
    ]
    if (what.length > 0) changed.push({ paymentId, payeeName: line.payeeName, what })
  }
  return {
    added: [...after].filter(([id]) => !before.has(id)).map(([, { payeeName }]) => payeeName),
    removed: [...before].filter(([id]) => !after.has(id)).map(([, { payeeName }]) => payeeName),
    changed,
  }
}
