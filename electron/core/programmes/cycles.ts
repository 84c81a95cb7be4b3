import { fail } from '../../../shared/contract/result.ts'
import { cycleId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { Cycle, Programme } from '../../../shared/model/programme.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { type CycleMove, cycleMoves, findCycleRefusal } from '../../../shared/rules/cycle-life.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Office } from '../office.ts'
import type { Transaction } from '../store/store.ts'
import { cycleFacts } from './cycle-facts.ts'
import { SLICE } from './enrolments.ts'
import { addMaker, entitlementsIn, type MoveOutcome, moveEntitlements, refuseMaker } from './entitlements.ts'
import { getActiveProgramme } from './programmes.ts'

/** What officers say about a cycle. */
export type CycleSettings = Pick<Cycle, 'name' | 'startDate' | 'endDate' | 'ceiling'>

/**
 * Drafts the programme's next cycle. Its id follows from programme and number, so that two offices draft the same one.
 *
 * @throws OfficeError `programme.ended`, `cycle.dates`
 */
export function createCycle(office: Office, officerId: string, programmeId: string, settings: CycleSettings): Cycle {
  return office.store.transaction(officerId, (transaction) => {
    getActiveProgramme(transaction, programmeId)
    const checked = checkSettings(settings)
    const last = transaction
      .sql('SELECT coalesce(max(sequence), 0) FROM cycle WHERE programme_id = ?')
      .pluck()
      .get(programmeId) as number
    const id = cycleId(programmeId, last + 1)
    const cycle = transaction.put('cycle', {
      ...checked,
      id,
      removed: false,
      programmeId,
      sequence: last + 1,
      state: 'draft',
      makers: [],
      generationUnfinished: false,
    })
    transaction.audit({ action: 'cycle.created', subjectKind: 'cycle', subjectId: id, detail: { sequence: last + 1 } })
    return cycle
  })
}

/**
 * Changes name, dates and ceiling: clerks while it is drafted, administrators until it is closed.
 *
 * @throws OfficeError `store.changed-meanwhile`, `cycle.not-open`, `cycle.dates`, `cycle.ceiling-exceeded`
 */
export function updateCycle(
  office: Office,
  officer: Officer,
  id: string,
  basedOn: Moment,
  settings: CycleSettings,
): Cycle {
  return office.store.transaction(officer.id, (transaction) => {
    const before = transaction.get('cycle', id)
    if (before.changedAt !== basedOn) fail('store.changed-meanwhile')
    const isAdministrator = officer.roles.includes('administrator')
    const open = isAdministrator ? ['draft', 'to_approve', 'approved', 'distributed'] : ['draft']
    if (!open.includes(before.state)) fail('cycle.not-open')
    const checked = checkSettings(settings)
    const cycle = transaction.put('cycle', { ...before, ...checked })
    transaction.audit({
      action: 'cycle.changed',
      subjectKind: 'cycle',
      subjectId: id,
      detail: { ceilingFrom: before.ceiling, ceilingTo: checked.ceiling },
    })
    return cycle
  })
}

function checkSettings(settings: CycleSettings): CycleSettings {
  const { text: name, problems } = cleanLine(settings.name)
  const [problem] = problems
  if (problem !== undefined) fail(problem.code, problem.params)
  if (settings.endDate < settings.startDate) fail('cycle.dates')
  return { ...settings, name }
}

export interface CycleMoveRequest {
  readonly cycleId: string
  readonly move: CycleMove
  readonly reason: string
  /** Number of unsettled entitlements that the approver saw listed and answers for when the cycle ends. */
  readonly acknowledgedOpen: number | null
}

/** What happens to a cycle's entitlements before it makes the move. */
const ENTITLEMENTS_FIRST = {
  submit: { kind: 'submitting', move: 'submit', from: ['draft'] },
  return: { kind: 'returning', move: 'return', from: ['pending_validation'] },
  approve: { kind: 'approving', move: 'approve', from: ['pending_validation'] },
  cancel: { kind: 'cancelling', move: 'cancel', from: ['draft', 'pending_validation', 'approved'] },
} as const

/**
 * Moves a cycle along its table. Entitlements go first, slice by slice, and the cycle last: stopped half-way it stands where
 * it stood, and the same step goes on from there.
 *
 * The caller has checked role and PIN (`cycleMoves`).
 *
 * @throws OfficeError of `findCycleRefusal`, `cycle.maker`, `cycle.sponsored-by-maker`, `cycle.busy`, `api.cancelled`
 */
export async function moveCycle(
  office: Office,
  officer: Officer,
  request: CycleMoveRequest,
): Promise<{ readonly cycle: Cycle; readonly entitlements: MoveOutcome | null }> {
  const { cycleId: id, move, reason } = request
  const cycle = office.store.get('cycle', id)
  office.runs.refuseWhileRunning(id)
  office.store.transaction(officer.id, (transaction) => refuseMove(transaction, officer, cycle, request))
  const first = move in ENTITLEMENTS_FIRST ? ENTITLEMENTS_FIRST[move as keyof typeof ENTITLEMENTS_FIRST] : undefined
  if (first === undefined) return { cycle: finish(office, officer, request), entitlements: null }

  const total = office.store
    .sql('SELECT count(*) FROM entitlement WHERE cycle_id = ? AND removed = 0')
    .pluck()
    .get(id) as number
  return office.runs.run(id, first.kind, total, async (control) => {
    const outcome = { done: 0, sum: 0, leftOut: {} as Record<string, number> }
    for (const from of first.from) {
      const part = await moveEntitlements(
        office,
        officer,
        { cycleId: id, move: first.move, reason: first.move === 'cancel' ? reason : '' },
        entitlementsIn(office, id, from, SLICE),
        { pause: (done) => control.pause(outcome.done + done) },
      )
      outcome.done += part.done
      outcome.sum += part.sum
      for (const [code, count] of Object.entries(part.leftOut)) {
        outcome.leftOut[code] = (outcome.leftOut[code] ?? 0) + count
      }
    }
    return { cycle: finish(office, officer, request), entitlements: outcome }
  })
}

function refuseMove(
  transaction: Transaction,
  officer: Officer,
  cycle: Cycle,
  { move, acknowledgedOpen }: CycleMoveRequest,
): Programme {
  const programme = transaction.get('programme', cycle.programmeId)
  const facts = cycleFacts(transaction, cycle)
  const refusal = findCycleRefusal(move, cycle, facts, programme, acknowledgedOpen)
  if (refusal !== undefined) fail(refusal.code, refusal.params)
  if (move === 'approve') refuseMaker(transaction, cycle, officer)
  return programme
}

function finish(office: Office, officer: Officer, request: CycleMoveRequest): Cycle {
  const { cycleId: id, move, reason, acknowledgedOpen } = request
  return office.store.transaction(officer.id, (transaction) => {
    const before = transaction.get('cycle', id)
    refuseMove(transaction, officer, before, request)
    const cycle = move === 'submit' ? addMaker(transaction, before, officer.id) : before
    const moved = transaction.put('cycle', { ...cycle, state: cycleMoves[move].to })
    const { granted, grantedSum } = cycleFacts(transaction, cycle)
    transaction.audit({
      action: `cycle.${move}`,
      subjectKind: 'cycle',
      subjectId: id,
      detail: { reason, count: granted, sum: grantedSum, ...(move === 'end' ? { acknowledgedOpen } : {}) },
    })
    return moved
  })
}
