import type { Fault } from '../../../shared/contract/result.ts'
import { enrolmentId, newId } from '../../../shared/model/ids.ts'
import type { Enrolment } from '../../../shared/model/programme.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { canMoveEnrolment, type EnrolmentMove, enrolmentMoves } from '../../../shared/rules/enrolment-life.ts'
import { today } from '../clock/today.ts'
import type { Office } from '../office.ts'
import { refuseDuringImport } from '../registry/half-imported.ts'
import type { Transaction } from '../store/store.ts'
import { getActiveProgramme } from './programmes.ts'
import type { RunControl } from './runs.ts'
import { enrolmentObstacleOf } from './standing.ts'

/** Registrants in one transaction. */
export const SLICE = 200

/** What a bulk step did. `undo` takes it back as far as nobody changed the same enrolments since. */
export interface BulkOutcome {
  readonly done: number
  /** How many were left out, by code. */
  readonly leftOut: Readonly<Record<string, number>>
  readonly undo: { readonly programmeId: string; readonly moments: Moment[] }
}

class Tally {
  done = 0
  readonly leftOut: Record<string, number> = {}
  readonly moments: Moment[] = []

  leave(code: Fault['code']): void {
    this.leftOut[code] = (this.leftOut[code] ?? 0) + 1
  }

  outcome(programmeId: string): BulkOutcome {
    return { done: this.done, leftOut: this.leftOut, undo: { programmeId, moments: this.moments } }
  }
}

/** Enrols one registrant inside a transaction; the obstacle is answered, not thrown. */
export function enrolOne(
  transaction: Transaction,
  programme: { readonly id: string; readonly target: 'individual' | 'group' },
  registrantId: string,
  { day, importId }: { readonly day: string; readonly importId: string },
): ReturnType<typeof enrolmentObstacleOf> {
  const obstacle = enrolmentObstacleOf(transaction, programme, registrantId)
  if (obstacle !== undefined) return obstacle
  transaction.put('enrolment', {
    id: enrolmentId(programme.id, registrantId),
    removed: false,
    programmeId: programme.id,
    registrantId,
    state: 'enrolled',
    reason: '',
    enrolledOn: day,
    endedOn: null,
    importId,
  })
  return undefined
}

/**
 * Enrols registrants slice by slice; those who cannot be are counted by reason.
 *
 * @param slices lists of registrant ids, at most {@link SLICE} each
 * @throws OfficeError `programme.ended`, `registry.import-running`, `api.cancelled`
 */
export async function enrolAll(
  office: Office,
  officerId: string,
  programmeId: string,
  slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  control: RunControl,
): Promise<BulkOutcome> {
  const tally = new Tally()
  const importId = newId()
  let seen = 0
  for await (const slice of slices) {
    office.store.transaction(officerId, (transaction) => {
      refuseDuringImport(transaction.sql)
      const programme = getActiveProgramme(transaction, programmeId)
      let enrolled = 0
      for (const registrantId of slice) {
        const obstacle = enrolOne(transaction, programme, registrantId, { day: today(), importId })
        if (obstacle === undefined) enrolled += 1
        else tally.leave(obstacle)
      }
      if (enrolled === 0) return
      transaction.audit({
        action: 'enrolment.enrolled',
        subjectKind: 'programme',
        subjectId: programmeId,
        detail: { count: enrolled, run: importId },
      })
      tally.done += enrolled
      tally.moments.push(transaction.moment)
    })
    seen += slice.length
    await control.pause(seen)
  }
  return tally.outcome(programmeId)
}

/**
 * Pauses, resumes, exits or readmits enrolments, with a reason. Those that stand elsewhere by now are counted by code.
 *
 * @throws OfficeError `programme.ended`, `api.cancelled`
 */
export async function moveEnrolments(
  office: Office,
  officerId: string,
  { programmeId, move, reason }: { programmeId: string; move: EnrolmentMove; reason: string },
  slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  control: RunControl,
): Promise<BulkOutcome> {
  const tally = new Tally()
  const { to } = enrolmentMoves[move]
  let seen = 0
  for await (const slice of slices) {
    office.store.transaction(officerId, (transaction) => {
      const programme = getActiveProgramme(transaction, programmeId)
      let moved = 0
      for (const registrantId of slice) {
        const enrolment = transaction.find('enrolment', enrolmentId(programmeId, registrantId))
        const refusal = whyNotMoved(transaction, programme, enrolment, move)
        if (refusal !== undefined || enrolment === undefined) {
          tally.leave(refusal ?? 'enrolment.not-enrolled')
          continue
        }
        transaction.put('enrolment', { ...enrolment, state: to, reason, endedOn: to === 'exited' ? today() : null })
        moved += 1
      }
      if (moved === 0) return
      transaction.audit({
        action: `enrolment.${to}`,
        subjectKind: 'programme',
        subjectId: programmeId,
        detail: { count: moved, move },
      })
      tally.done += moved
      tally.moments.push(transaction.moment)
    })
    seen += slice.length
    await control.pause(seen)
  }
  return tally.outcome(programmeId)
}

function whyNotMoved(
  transaction: Transaction,
  programme: { readonly id: string; readonly target: 'individual' | 'group' },
  enrolment: Enrolment | undefined,
  move: EnrolmentMove,
): Fault['code'] | undefined {
  if (enrolment === undefined || enrolment.removed) return 'enrolment.not-enrolled'
  if (!canMoveEnrolment(enrolment.state, move)) return 'enrolment.move-not-allowed'
  if (enrolmentMoves[move].to !== 'enrolled') return undefined
  // Somebody who has died or left the registry meanwhile cannot come back.
  const obstacle = enrolmentObstacleOf(transaction, programme, enrolment.registrantId)
  return obstacle === 'enrolment.exited' || obstacle === 'enrolment.already-enrolled' ? undefined : obstacle
}

interface Change {
  readonly from: unknown
}

/**
 * Takes a bulk step back: enrolments that were new are removed, others get back what they had. What somebody changed since
 * is left alone.
 *
 * @returns how many were taken back
 */
export async function undoEnrolments(
  office: Office,
  officerId: string,
  { programmeId, moments }: BulkOutcome['undo'],
  control: RunControl,
): Promise<number> {
  let undone = 0
  for (const moment of moments) {
    office.store.transaction(officerId, (transaction) => {
      const ids = transaction
        .sql('SELECT id FROM enrolment WHERE programme_id = ? AND changed_at = ?')
        .pluck()
        .all(programmeId, moment) as string[]
      for (const id of ids) {
        const { changedAt, changedBy, ...enrolment } = transaction.get('enrolment', id)
        transaction.put('enrolment', { ...enrolment, ...findBefore(transaction, id, moment) })
      }
      if (ids.length === 0) return
      transaction.audit({
        action: 'enrolment.undone',
        subjectKind: 'programme',
        subjectId: programmeId,
        detail: { count: ids.length },
      })
      undone += ids.length
    })
    await control.pause(undone)
  }
  return undone
}

/** What the enrolment's fields were before this moment; one that did not exist was not there: removed. */
function findBefore(transaction: Transaction, id: string, moment: Moment): Partial<Enrolment> {
  const changes = transaction
    .sql("SELECT changes FROM revision WHERE kind = 'enrolment' AND record_id = ? AND moment = ?")
    .pluck()
    .get(id, moment) as string | undefined
  if (changes === undefined) return { removed: true }
  const fields = Object.entries(JSON.parse(changes) as Record<string, Change>)
  return Object.fromEntries(fields.map(([field, { from }]) => [field, from])) as Partial<Enrolment>
}

/** Cuts a selection into transactions. */
export function* inSlices<T>(items: readonly T[], size = SLICE): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
