import { fail } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { Cycle, Entitlement, EntitlementState } from '../../../shared/model/programme.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { findBudgetRefusal, findMakerRefusal } from '../../../shared/rules/cycle-life.ts'
import {
  canMoveEntitlement,
  type EntitlementMove,
  entitlementMoves,
  openForEntitlements,
} from '../../../shared/rules/entitlement-life.ts'
import type { Office } from '../office.ts'
import type { Transaction } from '../store/store.ts'
import { budgetFacts } from './cycle-facts.ts'
import { getActiveProgramme } from './programmes.ts'
import type { RunControl } from './runs.ts'
import { payObstacleOf } from './standing.ts'

/** Adds an officer to those who made a cycle what it is. Nothing is written when they are known already. */
export function addMaker(transaction: Transaction, cycle: Cycle, officerId: string): Cycle {
  if (cycle.makers.includes(officerId)) return cycle
  return transaction.put('cycle', { ...cycle, makers: [...cycle.makers, officerId] })
}

/** @throws OfficeError `cycle.not-open`, `programme.ended` */
export function getOpenCycle(transaction: Transaction, cycleId: string): Cycle {
  const cycle = transaction.get('cycle', cycleId)
  getActiveProgramme(transaction, cycle.programmeId)
  if (!openForEntitlements.includes(cycle.state)) fail('cycle.not-open')
  return cycle
}

/**
 * Refuses an officer who made the cycle, or through whom one of its makers could act (I7).
 *
 * @throws OfficeError `cycle.maker`, `cycle.sponsored-by-maker`
 */
export function refuseMaker(transaction: Transaction, cycle: Cycle, officer: Officer): void {
  const refusal = findMakerRefusal(officer, cycle.makers, (id) => transaction.find('officer', id)?.sponsors)
  if (refusal !== undefined) fail(refusal.code, refusal.params)
}

/**
 * Changes the amount of a draft, with a reason.
 *
 * @throws OfficeError `entitlement.not-draft`, `cycle.not-open`, `store.changed-meanwhile`, `amount.zero`
 */
export function editAmount(
  office: Office,
  officerId: string,
  { id, basedOn, amount, reason }: { id: string; basedOn: Moment; amount: number; reason: string },
): Entitlement {
  return office.store.transaction(officerId, (transaction) => {
    const before = transaction.get('entitlement', id)
    if (before.changedAt !== basedOn) fail('store.changed-meanwhile')
    const cycle = getOpenCycle(transaction, before.cycleId)
    if (before.state !== 'draft') fail('entitlement.not-draft')
    if (amount === 0) fail('amount.zero')
    addMaker(transaction, cycle, officerId)
    const entitlement = transaction.put('entitlement', { ...before, amount, reason })
    transaction.audit({
      action: 'entitlement.amount-changed',
      subjectKind: 'entitlement',
      subjectId: id,
      detail: { from: before.amount, to: amount, cycle: cycle.id },
    })
    return entitlement
  })
}

/** Why an entitlement did not make a move, by how many. */
export interface MoveOutcome {
  readonly done: number
  readonly sum: number
  readonly leftOut: Readonly<Record<string, number>>
}

interface MoveAll {
  readonly cycleId: string
  readonly move: EntitlementMove
  readonly reason: string
}

/**
 * Moves entitlements of one cycle, slice by slice. Each slice is checked against the cycle as it stands then; an approval
 * is checked against fund and ceiling before each slice, and leaves out nobody silently: who may not be paid any more is
 * cancelled with the reason.
 *
 * @throws OfficeError `cycle.maker`, `cycle.sponsored-by-maker`, `cycle.ceiling-exceeded`, `cycle.fund-exceeded`,
 * `cycle.generation-unfinished`, `programme.ended`, `api.cancelled`
 */
export async function moveEntitlements(
  office: Office,
  officer: Officer,
  request: MoveAll,
  slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  control: RunControl,
): Promise<MoveOutcome> {
  const outcome = { done: 0, sum: 0, leftOut: {} as Record<string, number> }
  let seen = 0
  for await (const slice of slices) {
    office.store.transaction(officer.id, (transaction) => moveSlice(transaction, officer, request, slice, outcome))
    seen += slice.length
    await control.pause(seen)
  }
  return outcome
}

function moveSlice(
  transaction: Transaction,
  officer: Officer,
  { cycleId, move, reason }: MoveAll,
  ids: readonly string[],
  outcome: { done: number; sum: number; leftOut: Record<string, number> },
): void {
  const { to, isDecision } = entitlementMoves[move]
  const cycle = transaction.get('cycle', cycleId)
  const programme = getActiveProgramme(transaction, cycle.programmeId)
  if (isDecision) {
    refuseMaker(transaction, cycle, officer)
    if (cycle.generationUnfinished) fail('cycle.generation-unfinished')
  }
  const leave = (code: string): void => {
    outcome.leftOut[code] = (outcome.leftOut[code] ?? 0) + 1
  }
  const movable: Entitlement[] = []
  let gone = 0
  for (const id of ids) {
    const entitlement = transaction.find('entitlement', id)
    if (entitlement === undefined || entitlement.cycleId !== cycleId || entitlement.removed) {
      leave('store.not-found')
    } else if (!canMoveEntitlement(entitlement.state, cycle.state, move)) leave('entitlement.move-not-allowed')
    else if (takesAway(move) && hasStandingPayment(transaction, id)) leave('entitlement.has-payment')
    else {
      const obstacle = isDecision ? payObstacleOf(transaction, programme, entitlement.registrantId) : undefined
      if (obstacle === undefined) movable.push(entitlement)
      else {
        leave(obstacle)
        transaction.put('entitlement', { ...entitlement, state: 'cancelled', reason: obstacle })
        gone += 1
      }
    }
  }
  const sum = movable.reduce((all, { amount }) => all + amount, 0)
  if (isDecision && movable.length > 0) {
    const refusal = findBudgetRefusal(sum, budgetFacts(transaction, cycle), { ...programme, ceiling: cycle.ceiling })
    if (refusal !== undefined) fail(refusal.code, refusal.params)
  }
  for (const entitlement of movable) {
    transaction.put('entitlement', { ...entitlement, state: to, reason: reason === '' ? entitlement.reason : reason })
  }
  if (movable.length === 0 && gone === 0) return
  if (move === 'submit' || move === 'restore') addMaker(transaction, cycle, officer.id)
  transaction.audit({
    action: `entitlement.${move}`,
    subjectKind: 'cycle',
    subjectId: cycleId,
    detail: { count: movable.length, sum, cancelled: gone },
  })
  outcome.done += movable.length
  outcome.sum += sum
}

const takesAway = (move: EntitlementMove): boolean =>
  (['cancelled', 'rejected1', 'rejected2', 'rejected3', 'expired'] as readonly EntitlementState[]).includes(
    entitlementMoves[move].to,
  )

/** A payment that has paid, may pay or may have paid; one that is only prepared has to be cancelled first, too. */
const hasStandingPayment = (transaction: Transaction, entitlementId: string): boolean =>
  transaction
    .sql(
      `SELECT 1 FROM payment WHERE entitlement_id = ? AND state NOT IN ('blocked', 'cancelled', 'rejected', 'reversed')`,
    )
    .get(entitlementId) !== undefined

/** The ids of a cycle's entitlements in a state, in slices, until none is left; for moves that take them out of it. */
export function* entitlementsIn(
  office: Office,
  cycleId: string,
  state: EntitlementState,
  size: number,
): Generator<readonly string[]> {
  let after = ''
  for (;;) {
    const rows = office.store
      .sql(
        `SELECT id, registrant_id AS registrantId FROM entitlement
         WHERE cycle_id = ? AND removed = 0 AND state = ? AND registrant_id > ? ORDER BY registrant_id LIMIT ?`,
      )
      .all(cycleId, state, after, size) as { id: string; registrantId: string }[]
    const last = rows.at(-1)
    if (last === undefined) return
    // Several entitlements of one registrant stay together: the page ends before the last registrant, or takes all of them.
    const sameAsLast = office.store
      .sql('SELECT id FROM entitlement WHERE cycle_id = ? AND removed = 0 AND state = ? AND registrant_id = ?')
      .pluck()
      .all(cycleId, state, last.registrantId) as string[]
    after = last.registrantId
    yield [...rows.filter(({ registrantId }) => registrantId !== last.registrantId).map(({ id }) => id), ...sameAsLast]
  }
}
