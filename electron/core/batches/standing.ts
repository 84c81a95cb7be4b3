import type { PaymentState } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Cycle, Programme } from '../../../shared/model/programme.ts'
import { mayReissue, NEVER_HANDED_OUT } from '../../../shared/rules/payment-life.ts'
import type { StandingPayment } from '../../../shared/rules/preflight.ts'
import type { ReadContext } from '../store/read-query.ts'

/** States in which a payment is over without payment, or was never one. */
const OVER_STATES: readonly PaymentState[] = ['cancelled', 'rejected', 'reversed', 'blocked']
const OVER = `(${OVER_STATES.map((state) => `'${state}'`).join(', ')})`

/** States in which a payment has paid, may still pay, or may have paid: its sum counts against fund and ceiling. */
const COUNTED = `state NOT IN ${OVER}`

/**
 * SQL on `payment`: it is known here that its money did not move, or came back: by evidence or the pay table of two officers,
 * or since its file never left the office. Who said it counts, not the code: that a payment system could say too.
 */
export const HAS_EVIDENCE = `EXISTS (SELECT 1 FROM observation o WHERE o.payment_id = payment.id
  AND o.status IN ('rjct', 'reversed') AND (o.body ->> '$.source' IN ('evidence', 'pay-table')
    OR o.body ->> '$.source' = 'office' AND o.body ->> '$.code' = '${NEVER_HANDED_OUT}'))`

/** The latest attempt for an entitlement, as far as making the next one needs it. */
export interface LatestAttempt extends StandingPayment {
  readonly paymentId: string
  readonly attempt: number
  readonly state: PaymentState
  readonly batchId: string
  readonly reasonCode: string
  /** Two officers recorded that its money did not move, or came back (I5); asked of what was rejected or reversed. */
  readonly evidence: boolean
}

/** Only after these can evidence let a new attempt be made, so it is sought for them alone. */
const EVIDENCE_MATTERS = "('rejected', 'reversed')"

const ATTEMPTS = `SELECT id AS paymentId, entitlement_id AS entitlementId, attempt, state, batch_id AS batchId,
    reason_code AS reasonCode, registrant_id AS registrantId, payee_id AS payeeId,
    body ->> '$.payeeAddress' AS payeeAddress,
    state IN ${EVIDENCE_MATTERS} AND ${HAS_EVIDENCE} AS evidence
  FROM payment`

type AttemptRow = Omit<LatestAttempt, 'evidence'> & { readonly evidence: number }

const latestOf = (rows: readonly AttemptRow[]): Map<string, LatestAttempt> =>
  new Map(rows.map((row) => [row.entitlementId, { ...row, evidence: row.evidence === 1 }]))

/** The latest attempt of every entitlement of a cycle that has one, by entitlement. */
export const latestAttempts = ({ sql }: ReadContext, cycleId: string): Map<string, LatestAttempt> =>
  latestOf(sql(`${ATTEMPTS} WHERE cycle_id = ? ORDER BY attempt`).all(cycleId) as AttemptRow[])

/** The latest attempt of each of these entitlements that has one, by entitlement. */
export const latestAttemptsFor = (
  { sql }: Pick<ReadContext, 'sql'>,
  entitlementIds: readonly string[],
): Map<string, LatestAttempt> =>
  latestOf(
    sql(`${ATTEMPTS} WHERE entitlement_id IN (SELECT value FROM json_each(?)) ORDER BY attempt`).all(
      JSON.stringify(entitlementIds),
    ) as AttemptRow[],
  )

/** What preparing may do about an entitlement with this latest attempt. */
export type NextAttempt =
  | { readonly kind: 'make'; readonly attempt: number }
  /** Not in any batch yet: examined again under its own id. */
  | { readonly kind: 'again'; readonly attempt: number }
  | { readonly kind: 'stands' }

export function nextAttempt(
  latest: LatestAttempt | undefined,
  manager: Pick<PaymentManager, 'noMoneyMovedCodes'>,
): NextAttempt {
  if (latest === undefined) return { kind: 'make', attempt: 1 }
  if (latest.batchId === '' && (latest.state === 'blocked' || latest.state === 'prepared')) {
    return { kind: 'again', attempt: latest.attempt }
  }
  return mayReissue(latest, manager.noMoneyMovedCodes, latest.evidence).ok
    ? { kind: 'make', attempt: latest.attempt + 1 }
    : { kind: 'stands' }
}

/**
 * Minor units that the other payments of the programme and of the cycle have paid or may still pay. Where no fund or no
 * ceiling is set nothing is held against the sum, and it is not worked out.
 */
export function sumsUsed(
  { sql }: ReadContext,
  { programme, cycle }: { programme: Pick<Programme, 'id' | 'fund'>; cycle: Pick<Cycle, 'id' | 'ceiling'> },
  exceptBatchId: string,
): { readonly fundUsed: number; readonly ceilingUsed: number } {
  // All of it from an index, less the few rows of these batches: other batches' rows are never read.
  const sum = (column: 'programme_id' | 'cycle_id', id: string): number => {
    const all = sql(`SELECT coalesce(sum(amount), 0) FROM payment WHERE ${column} = ? AND ${COUNTED}`).pluck().get(id)
    const except = sql(
      `SELECT coalesce(sum(amount), 0) FROM payment INDEXED BY payment_batch WHERE batch_id IN ('', ?) AND ${column} = ? AND ${COUNTED}`,
    )
      .pluck()
      .get(exceptBatchId, id)
    return (all as number) - (except as number)
  }
  return {
    fundUsed: programme.fund === null ? 0 : sum('programme_id', programme.id),
    ceilingUsed: cycle.ceiling === null ? 0 : sum('cycle_id', cycle.id),
  }
}

/** Amounts paid in the programme's cycle before this one; the measure of what is usual. */
export function earlierAmounts({ sql }: ReadContext, programmeId: string, sequence: number): number[] {
  return sql(
    `SELECT amount FROM payment WHERE state = 'paid' AND cycle_id =
       (SELECT id FROM cycle WHERE programme_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1)`,
  )
    .pluck()
    .all(programmeId, sequence) as number[]
}

/** What a standing payment may have in common with the payments of a batch. */
export interface SharedKeys {
  readonly entitlementIds: readonly string[]
  readonly payeeIds: readonly string[]
  /** As `addressKey` makes them. */
  readonly addressKeys: readonly string[]
}

/**
 * Payments of the cycle that stand beside those of a batch and share an entitlement, a payee or an address with them. All
 * others could not change what is found about the batch.
 */
export function standingBesideBatch(
  { sql }: ReadContext,
  { cycleId, batchId }: { readonly cycleId: string; readonly batchId: string },
  keys: SharedKeys,
): StandingPayment[] {
  const found = new Map<string, StandingPayment>()
  const seek = (column: 'entitlement_id' | 'payee_id' | 'address_key', values: readonly string[]): void => {
    const rows = sql(
      `SELECT p.entitlement_id AS entitlementId, p.registrant_id AS registrantId, p.payee_id AS payeeId,
              p.body ->> '$.payeeAddress' AS payeeAddress
       FROM json_each(?) key CROSS JOIN payment p ON p.${column} = key.value
       WHERE p.batch_id <> ? AND p.cycle_id = ? AND p.state NOT IN ${OVER} AND NOT EXISTS (
         SELECT 1 FROM payment later
         WHERE later.entitlement_id = p.entitlement_id AND later.attempt > p.attempt AND later.cycle_id = p.cycle_id)`,
    ).all(JSON.stringify(values), batchId, cycleId) as StandingPayment[]
    for (const row of rows) found.set(row.entitlementId, row)
  }
  seek('entitlement_id', keys.entitlementIds)
  seek('payee_id', keys.payeeIds)
  seek('address_key', keys.addressKeys)
  return [...found.values()]
}

/** Payments of the cycle that stand beside the ones examined: not theirs, and not over without payment. */
export const standingBeside = (
  latest: ReadonlyMap<string, LatestAttempt>,
  isExamined: (attempt: LatestAttempt) => boolean,
): StandingPayment[] => [...latest.values()].filter((attempt) => !isOver(attempt.state) && !isExamined(attempt))

const isOver = (state: PaymentState): boolean => OVER_STATES.includes(state)
