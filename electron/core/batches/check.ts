import type { Payment } from '../../../shared/model/payment.ts'
import type { Entitlement } from '../../../shared/model/programme.ts'
import { checkPayments, type Finding } from '../../../shared/rules/preflight.ts'
import type { ReadContext } from '../store/read-query.ts'
import { asPrepared, examine } from './examination.ts'
import { firstBlockers, type PlannedPayment, plannedPayment } from './plan.ts'
import { readSettings } from './settings.ts'
import { earlierAmounts, latestAttempts, standingBeside, sumsUsed } from './standing.ts'

/** A batch held against the registry as it is now. */
export interface BatchCheck {
  readonly findings: readonly Finding[]
  /** Every payment of the batch as it would be prepared now, in the order on the wire. */
  readonly payments: readonly PlannedPayment[]
  /** Entitlements of the batch that are no longer there; their payments leave it. */
  readonly missing: readonly string[]
}

const SLICE = 250

/** Pre-flight of one batch: who is paid and where, examined anew. Reads only; runs on the reading thread. */
export function* checkBatch(
  context: ReadContext,
  input: { readonly batchId: string; readonly cycleId: string; readonly day: string },
): Generator<number, BatchCheck> {
  const settings = readSettings(context, input.cycleId, input.day)
  const { programme, cycle, manager } = settings
  const latest = latestAttempts(context, cycle.id)
  const payments = (
    context
      .sql("SELECT body FROM payment WHERE batch_id = ? AND state = 'prepared' ORDER BY entitlement_id")
      .pluck()
      .all(input.batchId) as string[]
  ).map((body) => JSON.parse(body) as Payment)

  const candidates: Parameters<typeof plannedPayment>[0][] = []
  const missing: string[] = []
  for (let from = 0; from < payments.length; from += SLICE) {
    const slice = payments.slice(from, from + SLICE)
    const bodies = context
      .sql('SELECT body FROM entitlement WHERE removed = 0 AND id IN (SELECT value FROM json_each(?))')
      .pluck()
      .all(JSON.stringify(slice.map(({ entitlementId }) => entitlementId))) as string[]
    const examined = new Map(
      examine(
        context,
        bodies.map((body) => JSON.parse(body) as Entitlement),
        settings,
      ).map((one) => [one.entitlement.id, one]),
    )
    for (const payment of slice) {
      const found = examined.get(payment.entitlementId)
      if (found === undefined) missing.push(payment.id)
      else candidates.push({ id: payment.id, attempt: payment.attempt, examined: found })
    }
    yield from + slice.length
  }

  const { findings } = checkPayments(
    candidates.map(({ id, examined }) => asPrepared(id, examined)),
    {
      programme,
      cycle: { ...cycle, state: cycle.state === 'distributed' ? 'approved' : cycle.state },
      manager,
      standing: standingBeside(latest, (attempt) => attempt.batchId === input.batchId),
      ...sumsUsed(context, { programmeId: programme.id, cycleId: cycle.id, exceptBatchId: input.batchId }),
      earlierAmounts: earlierAmounts(context, programme.id, cycle.sequence),
    },
  )
  const reasons = firstBlockers(findings)
  return {
    findings,
    payments: candidates.map((candidate) => plannedPayment(candidate, reasons.get(candidate.id) ?? null)),
    missing,
  }
}
