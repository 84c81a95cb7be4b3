import type { Entitlement } from '../../../shared/model/programme.ts'
import { addressKey } from '../../../shared/rules/financial-address.ts'
import { checkPayments, type Finding } from '../../../shared/rules/preflight.ts'
import type { ReadContext } from '../store/read-query.ts'
import { type ExaminationSettings, type ExaminedEntitlement, type ExaminedFacts, examine } from './examination.ts'
import { openMemory } from './examined-memory.ts'
import { type Candidate, candidateOf, firstBlockers, type PlannedPayment, plannedPayment } from './plan.ts'
import { readSettings } from './settings.ts'
import { earlierAmounts, standingBesideBatch, sumsUsed } from './standing.ts'

/** A batch held against the registry as it is now. */
export interface BatchCheck {
  readonly findings: readonly Finding[]
  /** Every payment of the batch as it would be prepared now, in the order on the wire. */
  readonly payments: readonly PlannedPayment[]
  /** Entitlements of the batch that are no longer there; their payments leave it. */
  readonly missing: readonly string[]
  /** Of the entitlements and the payees of those that can be paid (I7). */
  readonly makers: readonly string[]
}

const SLICE = 250

/**
 * Pre-flight of one batch: who is paid and where, as the registry says now. Reads only; runs on the reading thread.
 */
export function* checkBatch(
  context: ReadContext,
  input: { readonly batchId: string; readonly cycleId: string; readonly day: string },
): Generator<number, BatchCheck> {
  const settings = readSettings(context, input.cycleId, input.day)
  const { programme, cycle, manager } = settings
  const payments = paymentsAsTheyLie(context, input.batchId)

  const missing: string[] = []
  const candidates: Candidate[] = []
  const memory = openMemory(context, settings)
  for (let from = 0; from < payments.length; from += SLICE) {
    const slice = payments.slice(from, from + SLICE)
    const found = new Map<string, ExaminedFacts>()
    for (const { entitlementId } of slice) {
      const known = memory.recall(entitlementId)
      if (known !== undefined) found.set(entitlementId, known)
    }
    const unknown = slice.filter(({ entitlementId }) => !found.has(entitlementId))
    for (const examined of examineAnew(context, unknown, settings)) {
      found.set(examined.entitlement.id, memory.keep(examined))
    }
    for (const payment of slice) {
      const facts = found.get(payment.entitlementId)
      if (facts === undefined) missing.push(payment.id)
      else candidates.push(candidateOf(payment.id, payment.attempt, facts))
    }
    yield from + slice.length
  }

  // The order on the wire.
  candidates.sort((one, other) => (entitlementOf(one) < entitlementOf(other) ? -1 : 1))
  const payees = candidates.flatMap(({ prepared: { payee } }) => (payee.ok ? [payee.value] : []))
  const standing = standingBesideBatch(context, input, {
    entitlementIds: candidates.map(entitlementOf),
    payeeIds: payees.map(({ registrantId }) => registrantId),
    addressKeys: payees.map(({ address }) => addressKey(address)),
  })
  yield payments.length

  const { findings } = checkPayments(
    candidates.map(({ prepared }) => prepared),
    {
      programme,
      cycle: { ...cycle, state: cycle.state === 'distributed' ? 'approved' : cycle.state },
      manager,
      standing,
      ...sumsUsed(context, settings, input.batchId),
      earlierAmounts: earlierAmounts(context, programme.id, cycle.sequence),
    },
  )
  const reasons = firstBlockers(findings)
  return {
    findings,
    payments: candidates.map((candidate) =>
      plannedPayment(candidate, reasons.get(candidate.prepared.paymentId) ?? null),
    ),
    missing,
    makers: [...new Set(candidates.flatMap(({ prepared, makers }) => (reasons.has(prepared.paymentId) ? [] : makers)))],
  }
}

function examineAnew(
  context: ReadContext,
  payments: readonly PaymentFacts[],
  settings: ExaminationSettings,
): ExaminedEntitlement[] {
  if (payments.length === 0) return []
  const bodies = context
    .sql('SELECT body FROM entitlement WHERE removed = 0 AND id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(payments.map(({ entitlementId }) => entitlementId))) as string[]
  return examine(
    context,
    bodies.map((body) => JSON.parse(body) as Entitlement),
    settings,
  )
}

const entitlementOf = ({ prepared }: Candidate): string => prepared.entitlement.id

interface PaymentFacts {
  readonly id: string
  readonly entitlementId: string
  readonly attempt: number
}

/**
 * What can be checked of a batch, in the order in which its registrants lie in the file: then each page is read once. What
 * waited for the line in a batch that came back is submitted again with the rest.
 */
const paymentsAsTheyLie = ({ sql }: ReadContext, batchId: string): PaymentFacts[] =>
  sql(
    `SELECT p.id, p.entitlement_id AS entitlementId, p.attempt FROM payment p
     LEFT JOIN registrant r ON r.id = p.registrant_id
     WHERE p.batch_id = ? AND (p.state = 'prepared' OR p.state = 'queued' AND EXISTS (
       SELECT 1 FROM batch b WHERE b.id = p.batch_id AND b.state IN ('open', 'returned', 'lapsed')))
     ORDER BY r.rowid`,
  ).all(batchId) as PaymentFacts[]
