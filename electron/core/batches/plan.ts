import { fail } from '../../../shared/contract/result.ts'
import { paymentId } from '../../../shared/model/ids.ts'
import type { Entitlement } from '../../../shared/model/programme.ts'
import { currencyDigits } from '../../../shared/rules/currency.ts'
import { filterSchemas, parse, prepare, type Resolve } from '../../../shared/rules/filter/index.ts'
import { type GroupingTag, groupIntoBatches, isCatchAll } from '../../../shared/rules/grouping.ts'
import type { Fix } from '../../../shared/rules/payee.ts'
import { checkPayments, type Finding } from '../../../shared/rules/preflight.ts'
import type { Reason } from '../../../shared/rules/ruling.ts'
import type { ReadContext } from '../store/read-query.ts'
import { asPrepared, type ExaminationSettings, type ExaminedEntitlement, examine } from './examination.ts'
import { readSettings } from './settings.ts'
import { earlierAmounts, latestAttempts, nextAttempt, standingBeside, sumsUsed } from './standing.ts'

export interface Blocker extends Reason {
  readonly fix: Fix
}

/** A payment as preparing makes it, or remakes it under its own id. */
export interface PlannedPayment {
  readonly paymentId: string
  readonly entitlementId: string
  readonly attempt: number
  readonly registrantId: string
  readonly registrantName: string
  readonly payeeId: string
  readonly payeeName: string
  readonly payeeAddress: string
  readonly amount: number
  readonly currency: string
  /** Why it cannot be paid, and the record whose correction solves it; null when it can. */
  readonly blocked: Blocker | null
}

export interface PlannedBatch {
  readonly tagName: string
  readonly payments: readonly PlannedPayment[]
}

export interface BatchPlan {
  readonly batches: readonly PlannedBatch[]
  readonly blocked: readonly PlannedPayment[]
  /** Findings about all payments together; while there are any nothing is prepared. */
  readonly obstacles: readonly Finding[]
}

const SLICE = 250

interface Candidate {
  readonly id: string
  readonly attempt: number
  readonly examined: ExaminedEntitlement
}

/**
 * Works out what preparing a cycle would make: one payment for each approved entitlement that has none standing, put
 * into batches by the manager's ordered tags. Reads only; runs on the reading thread.
 */
export function* planBatches(
  context: ReadContext,
  input: { readonly cycleId: string; readonly day: string },
): Generator<number, BatchPlan> {
  const settings = readSettings(context, input.cycleId, input.day)
  const { programme, cycle, manager } = settings
  if (cycle.state !== 'approved' && cycle.state !== 'distributed') fail('batches.cycle-not-approved')
  const latest = latestAttempts(context, cycle.id)
  const candidates: Candidate[] = []
  const tags = tagsOf(settings)
  const tagOf = new Map<string, number>()

  let after = ''
  let seen = 0
  for (;;) {
    const bodies = context
      .sql(
        `SELECT body FROM entitlement
         WHERE cycle_id = ? AND removed = 0 AND state = 'approved' AND registrant_id > ? ORDER BY registrant_id LIMIT ?`,
      )
      .pluck()
      .all(cycle.id, after, SLICE) as string[]
    let slice = bodies.map((body) => JSON.parse(body) as Entitlement)
    if (slice.length === SLICE) slice = wholeRegistrants(context, cycle.id, slice)
    const next = slice.at(-1)
    if (next === undefined) break
    const open = slice.filter((entitlement) => nextAttempt(latest.get(entitlement.id), manager).kind !== 'stands')
    for (const examined of examine(context, open, settings)) {
      const attempt = nextAttempt(latest.get(examined.entitlement.id), manager)
      if (attempt.kind === 'stands') continue
      candidates.push({ id: paymentId(examined.entitlement.id, attempt.attempt), attempt: attempt.attempt, examined })
      tagOf.set(examined.entitlement.id, tagIndex(tags, examined, settings))
    }
    after = next.registrantId
    seen += slice.length
    yield seen
  }

  const prepared = candidates.map(({ id, examined }) => asPrepared(id, examined))
  const preflight = checkPayments(prepared, {
    programme,
    // Payments rejected with proof may be prepared anew after the cycle was distributed.
    cycle: { ...cycle, state: 'approved' },
    manager,
    standing: standingBeside(latest, (attempt) => attempt.batchId === ''),
    ...sumsUsed(context, { programmeId: programme.id, cycleId: cycle.id, exceptBatchId: '' }),
    earlierAmounts: earlierAmounts(context, programme.id, cycle.sequence),
  })
  const obstacles = preflight.findings.filter(
    ({ severity, paymentId: of }) => severity === 'blocks' && of === undefined,
  )
  const reasons = firstBlockers(preflight.findings)
  const planned = candidates.map((candidate) => plannedPayment(candidate, reasons.get(candidate.id) ?? null))
  const grouped = groupIntoBatches(
    planned.filter(({ blocked }) => blocked === null),
    tags.map((tag, index) => ({ ...tag, matches: (payment) => tagOf.get(payment.entitlementId) === index })),
    (payment) => payment.entitlementId,
  )
  if (!grouped.ok) fail(grouped.error.code, grouped.error.params)
  return {
    batches: grouped.value.map(({ tagName, items }) => ({ tagName, payments: items })),
    blocked: planned.filter(({ blocked }) => blocked !== null),
    obstacles,
  }
}

/** A slice never ends between two entitlements of one registrant, since the next begins after that registrant. */
function wholeRegistrants({ sql }: ReadContext, cycleId: string, slice: readonly Entitlement[]): Entitlement[] {
  const last = slice.at(-1)?.registrantId
  const whole = slice.filter(({ registrantId }) => registrantId !== last)
  const rest = sql(
    `SELECT body FROM entitlement WHERE cycle_id = ? AND removed = 0 AND state = 'approved' AND registrant_id = ?`,
  )
    .pluck()
    .all(cycleId, last) as string[]
  return [...whole, ...rest.map((body) => JSON.parse(body) as Entitlement)]
}

interface Tag extends Omit<GroupingTag<PlannedPayment>, 'matches'> {
  readonly takes: (entitlement: object, resolve: Resolve) => boolean
}

function tagsOf({ manager, programme }: ExaminationSettings): Tag[] {
  const digits = currencyDigits(programme.currency)
  const schema = filterSchemas(digits.ok ? digits.value : 2).entitlement
  return manager.batchTags.map(({ id, name, maximumBatchSize, filter }) => {
    const catchAll = isCatchAll(filter)
    if (catchAll) return { id, name, maximumBatchSize, catchAll, takes: () => true }
    const parsed = parse(filter)
    if (!parsed.ok) fail(parsed.error.code, { ...parsed.error.params, offset: parsed.error.offset })
    let resolve: Resolve = () => undefined
    const tested = prepare(parsed.domain, schema, (record, of) => resolve(record, of))
    if (!tested.ok) fail(tested.error.code, { ...tested.error.params, offset: tested.error.offset })
    return {
      id,
      name,
      maximumBatchSize,
      catchAll,
      takes: (entitlement, resolver) => {
        resolve = resolver
        return tested.test(entitlement)
      },
    }
  })
}

/** The first tag that takes the entitlement; filters see the entitlement, its registrant, cycle and programme. */
function tagIndex(
  tags: readonly Tag[],
  { entitlement, registrant }: ExaminedEntitlement,
  { cycle, programme }: ExaminationSettings,
): number {
  const known = new Map<string, object>([
    [registrant.id, registrant],
    [cycle.id, cycle],
    [programme.id, programme],
  ])
  return tags.findIndex((tag) => tag.takes(entitlement, (_, id) => known.get(id)))
}

/** By payment: the first of the reasons that block it. */
export function firstBlockers(findings: readonly Finding[]): Map<string, Blocker> {
  const reasons = new Map<string, Blocker>()
  for (const { severity, paymentId: of, code, params, fix } of findings) {
    if (severity === 'blocks' && of !== undefined && !reasons.has(of)) reasons.set(of, { code, params, fix })
  }
  return reasons
}

export function plannedPayment({ id, attempt, examined }: Candidate, blocked: Blocker | null): PlannedPayment {
  const { entitlement, registrant, payee } = examined
  return {
    paymentId: id,
    entitlementId: entitlement.id,
    attempt,
    registrantId: registrant.id,
    registrantName: registrant.name,
    payeeId: payee.ok ? payee.value.registrantId : '',
    payeeName: payee.ok ? payee.value.name : '',
    payeeAddress: payee.ok ? payee.value.address : '',
    amount: entitlement.amount,
    currency: entitlement.currency,
    blocked,
  }
}
