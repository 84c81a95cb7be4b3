import { isDeepStrictEqual } from 'node:util'
import { type RecordKind, type RecordOf, records } from '../../../../shared/model/records.ts'
import { isMergedKind, mergeRecord } from '../../../../shared/rules/central-merge/merge-record.ts'
import { differInErasureOnly, inStepWithErasure } from '../../../../shared/rules/erasure.ts'
import { standingTransmission } from '../../../../shared/rules/transmission-versions.ts'
import { decideSaid, isSideKind } from '../replication/side-records.ts'
import type { FileDocument } from './file-changes.ts'
import { isEarlierOfSameMaker, laterPlan } from './versions.ts'

/** What is done about a document of a file at the centre. */
export type CentreDecision =
  /** The server has it, or something newer. */
  | { readonly kind: 'known' }
  | { readonly kind: 'write'; readonly fields: object; readonly merged: boolean }
  /** What is written once stands there otherwise. */
  | { readonly kind: 'refused' }

interface Marked {
  readonly tokenisedAt?: unknown
  readonly changedAt: string
  readonly removed?: boolean
}

const KNOWN: CentreDecision = { kind: 'known' }

/**
 * Compares a document of a file with the one at the server.
 *
 * @param there fields of the server's document; undefined where it has none
 */
export function decideAtCentre(there: object | undefined, came: FileDocument): CentreDecision {
  const { name, fields, past, base } = came
  if (there === undefined) return { kind: 'write', fields, merged: false }
  if (isDeepStrictEqual(there, fields)) return KNOWN
  const { kind } = name
  if (isSideKind(kind)) {
    const said = decideSaid(kind, there, fields)
    return said === 'write' ? { kind: 'write', fields, merged: false } : { kind: said }
  }
  // The centre is erased by its own upkeep; neither form is a forgery.
  if (differInErasureOnly(kind, there, fields, isDeepStrictEqual)) return KNOWN
  if (kind === 'transmission') {
    const standing = standingTransmission(there, fields)
    if (standing === undefined) return { kind: 'refused' }
    return standing === 'theirs' ? { kind: 'write', fields, merged: false } : KNOWN
  }
  if (records[kind].appendOnly || !isMergedKind(kind)) return { kind: 'refused' }
  const [stands, wanted] = [there as Marked, fields as unknown as Marked]
  const goesOn = past.includes(stands.changedAt) || (base !== undefined && isDeepStrictEqual(base, there))
  if (goesOn) return { kind: 'write', fields, merged: false }
  if (isEarlierOfSameMaker(wanted.changedAt, stands.changedAt)) return KNOWN
  if (kind === 'payment') {
    const later = laterPlan(there, fields)
    if (later !== undefined) return later === 'theirs' ? { kind: 'write', fields, merged: false } : KNOWN
  }
  const of = (version: object): RecordOf<RecordKind> => version as RecordOf<RecordKind>
  const inStep = inStepWithErasure(kind, { base, mine: of(there), theirs: of(fields) })
  const merged = mergeRecord(kind, inStep.base as never, inStep.mine as never, inStep.theirs as never)
  if (inStep.behind.mine) return { kind: 'write', fields: merged.record, merged: merged.kind === 'merged' }
  if (merged.kind === 'mine' || merged.kind === 'same') return KNOWN
  return { kind: 'write', fields: merged.record, merged: merged.kind === 'merged' }
}

/** Whether writing it takes a record off that stands at the server. */
export const takesOff = (there: object | undefined, decision: CentreDecision): boolean =>
  decision.kind === 'write' &&
  (there as Marked | undefined)?.removed === false &&
  (decision.fields as Marked).removed === true &&
  // A number that was given up for a token is no loss.
  (decision.fields as Marked).tokenisedAt === undefined
