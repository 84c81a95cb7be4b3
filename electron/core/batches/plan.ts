import { fail } from '../../../shared/contract/result.ts'
import { paymentId } from '../../../shared/model/ids.ts'
import type { MappedFrom } from '../../../shared/model/mapper.ts'
import type { Entitlement } from '../../../shared/model/programme.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import { currencyDigits } from '../../../shared/rules/currency.ts'
import { filterSchemas, parse, prepare, type Resolve } from '../../../shared/rules/filter/index.ts'
import { type GroupingTag, groupIntoBatches, isCatchAll } from '../../../shared/rules/grouping.ts'
import type { Fix } from '../../../shared/rules/payee.ts'
import { checkPayments, type Finding, type PreparedPayment } from '../../../shared/rules/preflight.ts'
import type { Reason } from '../../../shared/rules/ruling.ts'
import type { ReadContext } from '../store/read-query.ts'
import { type ExaminationSettings, type ExaminedEntitlement, type ExaminedFacts, examine } from './examination.ts'
import { beginMemory } from './examined-memory.ts'
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
  /** Of an address that an account mapper gave; else null. */
  readonly mapped: MappedFrom | null
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

/** A payment that could be made, by what the registry says. */
export interface Candidate {
  readonly attempt: number
  readonly registrantName: string
  readonly makers: readonly string[]
  readonly prepared: PreparedPayment
}

export const candidateOf = (
  paymentId: string,
  attempt: number,
  { registrantName, makers, ...facts }: ExaminedFacts,
): Candidate => ({ attempt, registrantName, makers, prepared: { paymentId, ...facts } })

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
  const memory = beginMemory(context, settings)
  const tags = tagsOf(settings)
  const tagOf = new Map<string, number>()

  const rows = yield* entitlementsAsTheyLie(context, cycle.id)
  for (let from = 0; from < rows.length; from += SLICE) {
    const slice = context
      .sql(
        `SELECT body FROM entitlement
         WHERE rowid IN (SELECT value FROM json_each(?)) AND cycle_id = ? AND removed = 0 AND state = 'approved'`,
      )
      .pluck()
      .all(JSON.stringify([...rows.subarray(from, from + SLICE)]), cycle.id) as string[]
    const open = slice
      .map((body) => JSON.parse(body) as Entitlement)
      .filter((entitlement) => nextAttempt(latest.get(entitlement.id), manager).kind !== 'stands')
    for (const examined of examine(context, open, settings)) {
      const attempt = nextAttempt(latest.get(examined.entitlement.id), manager)
      if (attempt.kind === 'stands') continue
      const id = paymentId(examined.entitlement.id, attempt.attempt)
      candidates.push(candidateOf(id, attempt.attempt, memory.keep(examined)))
      tagOf.set(examined.entitlement.id, tagIndex(context, tags, examined, settings))
    }
    yield Math.min(from + SLICE, rows.length)
  }

  const prepared = candidates.map((candidate) => candidate.prepared)
  const preflight = checkPayments(prepared, {
    programme,
    // Payments rejected with proof may be prepared anew after the cycle was distributed.
    cycle: { ...cycle, state: 'approved' },
    manager,
    standing: standingBeside(latest, (attempt) => attempt.batchId === ''),
    ...sumsUsed(context, settings, ''),
    earlierAmounts: earlierAmounts(context, programme.id, cycle.sequence),
  })
  const obstacles = preflight.findings.filter(
    ({ severity, paymentId: of }) => severity === 'blocks' && of === undefined,
  )
  const reasons = firstBlockers(preflight.findings)
  const planned = candidates.map((candidate) =>
    plannedPayment(candidate, reasons.get(candidate.prepared.paymentId) ?? null),
  )
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

const ROWS = 2_000

/**
 * Rows of the approved entitlements of a cycle, in the order in which their registrants lie in the file: examined in that
 * order each page is read and deciphered once, not once for every registrant on it.
 */
export function* entitlementsAsTheyLie({ sql }: ReadContext, cycleId: string): Generator<number, Float64Array> {
  const found: { row: number; place: number; registrantId: string }[] = []
  const read = (which: string, ...params: readonly (string | number)[]) =>
    sql(
      `SELECT e.rowid AS row, r.rowid AS place, e.registrant_id AS registrantId
       FROM entitlement e CROSS JOIN registrant r ON r.id = e.registrant_id
       WHERE e.cycle_id = ? AND e.removed = 0 AND e.state = 'approved' AND ${which}`,
    ).all(cycleId, ...params) as typeof found
  for (let after = ''; ; ) {
    let page = read('e.registrant_id > ? ORDER BY e.registrant_id LIMIT ?', after, ROWS)
    const last = page.at(-1)
    if (last === undefined) break
    // A page never ends between two entitlements of one registrant, since the next begins after that registrant.
    if (page.length === ROWS) {
      page = page.filter(({ registrantId }) => registrantId !== last.registrantId)
      page.push(...read('e.registrant_id = ?', last.registrantId))
    }
    found.push(...page)
    after = last.registrantId
    yield 0
  }
  return Float64Array.from(
    found.sort((one, other) => one.place - other.place || one.row - other.row),
    ({ row }) => row,
  )
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
  context: ReadContext,
  tags: readonly Tag[],
  { entitlement, registrant }: ExaminedEntitlement,
  { cycle, programme }: ExaminationSettings,
): number {
  const resolve: Resolve = (_, id) => {
    if (id === registrant.id) return asFiltered(context, registrant)
    return id === cycle.id ? cycle : id === programme.id ? programme : undefined
  }
  return tags.findIndex((tag) => tag.takes(entitlement, resolve))
}

/** A registrant with what filters know of one beside the record; it is looked up only where a filter asks. */
function asFiltered({ sql }: ReadContext, registrant: Registrant): object {
  return {
    ...registrant,
    isRegistrant: true,
    get identityTypes() {
      const types = sql('SELECT type FROM identity_number WHERE registrant_id = ? AND removed = 0').pluck()
      return types.all(registrant.id)
    },
  }
}

/** By payment: the first of the reasons that block it. */
export function firstBlockers(findings: readonly Finding[]): Map<string, Blocker> {
  const reasons = new Map<string, Blocker>()
  for (const { severity, paymentId: of, code, params, fix } of findings) {
    if (severity === 'blocks' && of !== undefined && !reasons.has(of)) reasons.set(of, { code, params, fix })
  }
  return reasons
}

export function plannedPayment(candidate: Candidate, blocked: Blocker | null): PlannedPayment {
  const { attempt, registrantName, prepared } = candidate
  const { paymentId, entitlement, registrant, payee } = prepared
  return {
    paymentId,
    entitlementId: entitlement.id,
    attempt,
    registrantId: registrant.id,
    registrantName,
    payeeId: payee.ok ? payee.value.registrantId : '',
    payeeName: payee.ok ? payee.value.name : '',
    payeeAddress: payee.ok ? payee.value.address : '',
    mapped: payee.ok ? (payee.value.mapped ?? null) : null,
    amount: entitlement.amount,
    currency: entitlement.currency,
    blocked,
  }
}
