import type { Payment, PaymentState } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { mayReissue } from '../../../shared/rules/payment-life.ts'
import type { StandingPayment } from '../../../shared/rules/preflight.ts'
import type { ReadContext } from '../store/read-query.ts'

/** States in which a payment has paid, may still pay, or may have paid: its sum counts against fund and ceiling. */
const COUNTED = "state NOT IN ('blocked', 'cancelled', 'rejected', 'reversed')"

/** SQL on `payment`: two officers recorded that its money did not move, or came back. */
export const HAS_EVIDENCE = `EXISTS (SELECT 1 FROM observation o WHERE o.payment_id = payment.id
  AND o.status IN ('rjct', 'reversed') AND o.body ->> '$.source' = 'evidence')`

/** The latest attempt for an entitlement, as far as making the next one needs it. */
export interface LatestAttempt extends StandingPayment {
  readonly paymentId: string
  readonly attempt: number
  readonly state: PaymentState
  readonly batchId: string
  readonly reasonCode: string
  /** Two officers recorded that its money did not move, or came back (I5). */
  readonly evidence: boolean
}

/** The latest attempt of every entitlement of a cycle that has one, by entitlement. */
export function latestAttempts({ sql }: ReadContext, cycleId: string): Map<string, LatestAttempt> {
  const rows = sql(
    `SELECT id AS paymentId, entitlement_id AS entitlementId, attempt, state, batch_id AS batchId,
            reason_code AS reasonCode, registrant_id AS registrantId, payee_id AS payeeId,
            body ->> '$.payeeAddress' AS payeeAddress,
            ${HAS_EVIDENCE} AS evidence
     FROM payment WHERE cycle_id = ? ORDER BY attempt`,
  ).all(cycleId) as (Omit<LatestAttempt, 'evidence'> & { evidence: number })[]
  return new Map(rows.map((row) => [row.entitlementId, { ...row, evidence: row.evidence === 1 }]))
}

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

/** Minor units that the other payments of the programme and of the cycle have paid or may still pay. */
export function sumsUsed(
  { sql }: ReadContext,
  { programmeId, cycleId, exceptBatchId }: { programmeId: string; cycleId: string; exceptBatchId: string },
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
  return { fundUsed: sum('programme_id', programmeId), ceilingUsed: sum('cycle_id', cycleId) }
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

/** Payments of the cycle that stand beside the ones examined: not theirs, and not over without payment. */
export const standingBeside = (
  latest: ReadonlyMap<string, LatestAttempt>,
  isExamined: (attempt: LatestAttempt) => boolean,
): StandingPayment[] => [...latest.values()].filter((attempt) => !isOver(attempt.state) && !isExamined(attempt))

const isOver = (state: Payment['state']): boolean => ['cancelled', 'rejected', 'reversed', 'blocked'].includes(state)
