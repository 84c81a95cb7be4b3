import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { Decision } from '../../../../shared/model/batch.ts'
import { paymentId } from '../../../../shared/model/ids.ts'
import type { Transmission } from '../../../../shared/model/payment.ts'
import { editionOf } from '../../../../shared/model/record.ts'
import { type RecordKind, type RecordOf, records } from '../../../../shared/model/records.ts'
import {
  isMergedKind,
  type MergedKind,
  type MergedRecord,
  mergeRecord,
} from '../../../../shared/rules/central-merge/merge-record.ts'
import { differInErasureOnly, type InStep, inStepWithErasure } from '../../../../shared/rules/erasure.ts'
import { sameValue } from '../../../../shared/rules/three-way.ts'
import { standingTransmission } from '../../../../shared/rules/transmission-versions.ts'
import { submissionDigest } from '../../batches/digest.ts'
import { noteErasure } from '../../keeping/erase-registrant.ts'
import { forgetVersions, type VersionedKind } from '../../keeping/forget-versions.ts'
import { addContactKeys, contactKeysOf, dropContactKeys } from '../../registry/contact-keys.ts'
import type { ChangeMarks, Transaction } from '../../store/store.ts'
import { forgetCopies } from '../../tokenisation/vid-removal.ts'
import { batchOf, type TravellingBatch } from '../documents.ts'
import { noteConflict, noteOpposedDecision } from './conflicts.ts'
import type { Incoming, Touched } from './incoming.ts'
import { isKeptAside, keepAside, takeOut } from './quarantine.ts'
import type { RemovalRuling } from './removal-guard.ts'
import { findBase, findRowStanding, forgetStanding, generationOf, noteAhead, noteInStep } from './row-standing.ts'
import { isSignedKind } from './trust-check.ts'

/** What became of one record. */
export type RecordOutcome =
  /** Nothing new. */
  | 'known'
  | 'adopted'
  /** What is here stands, or both sides together; it goes out. */
  | 'merged'
  /** As `merged`, and shown to an officer. */
  | 'conflict'
  | 'quarantined'

export interface RecordContext {
  /** Epoch milliseconds by the server's clock. */
  readonly at: number
  readonly removals: Exclude<RemovalRuling, { kind: 'ask' }>
  readonly touched: Touched
}

/** Applies one record of the central server whose signature, where it carries one, was found good. */
export function applyRecord(tx: Transaction, incoming: Incoming, context: RecordContext): RecordOutcome {
  const { kind, id, rev, deleted } = incoming
  const standing = findRowStanding(tx.sql, kind, id)
  // The very version that the server has of ours, or one before it.
  if (standing?.rev !== undefined && rev !== '' && isNoNewer(rev, standing.rev)) {
    takeOut(tx, incoming)
    return 'known'
  }
  if (deleted) return standing === undefined ? 'known' : judgeDeletion(tx, incoming, standing.isInStep, context)
  const fault = checkShape(tx, incoming)
  if ('code' in fault) return refuse(tx, incoming, fault.code, context)
  const outcome = isMergedKind(kind)
    ? applyMerged(tx, kind, fault.record as RecordOf<MergedKind>, incoming, context)
    : applyOnce(tx, fault.record, incoming, context)
  if (outcome !== 'quarantined') takeOut(tx, incoming)
  // Given up for a token, here or elsewhere: no version of it stays behind.
  if (kind === 'identityNumber' && tx.find(kind, id)?.value === '') forgetCopies(tx, [id])
  return outcome
}

/** Kinds that no state of a batch is worked out from. */
const SAYS_NOTHING_OF_STATES: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'transmission',
  'observation',
  'collection',
])

const isNoNewer = (rev: string, known: string): boolean => rev === known || generationOf(rev) < generationOf(known)

function refuse(tx: Transaction, incoming: Incoming, code: ErrorCode, { at }: RecordContext): RecordOutcome {
  keepAside(tx, incoming, { code, params: { kind: incoming.kind } }, false, at)
  return 'quarantined'
}

/** Nothing is ever deleted here: records are removed by their own field. */
function judgeDeletion(tx: Transaction, incoming: Incoming, isInStep: boolean, context: RecordContext): RecordOutcome {
  const { kind, id } = incoming
  // What was changed here meanwhile goes out again, as a new document.
  if (!isInStep) forgetStanding(tx.sql, kind, id)
  if (isKeptAside(tx.sql, incoming)) return 'known'
  refuse(tx, incoming, 'central.deleted-there', context)
  if (context.removals.kind === 'refuse') writeAnew(tx, kind, id, context.removals.officerId)
  return 'quarantined'
}

/** As this office's own, with a moment of now. */
function writeAnew(tx: Transaction, kind: RecordKind, id: string, officerId: string): void {
  if (isMergedKind(kind)) tx.adopt(kind, { ...tx.get(kind, id), changedAt: tx.moment, changedBy: officerId })
  forgetStanding(tx.sql, kind, id)
}

/** The record as its schema has it, or why it cannot be one. */
function checkShape(
  tx: Transaction,
  { kind, id, record }: Incoming,
): { readonly record: RecordOf<RecordKind> } | { readonly code: ErrorCode } {
  const whole = kind === 'batch' ? batchOf((record ?? {}) as TravellingBatch, tx.find('batch', id)) : record
  const checked = records[kind].schema.safeParse(whole)
  if (!checked.success || checked.data.id !== id) return { code: 'central.record-invalid' }
  const fields = checked.data as RecordOf<RecordKind>
  return hasGoodFacts(kind, fields) ? { record: fields } : { code: 'central.record-invalid' }
}

/** What is unique beside the id must follow from it, or it could stand in the way of the right record. */
function hasGoodFacts(kind: RecordKind, fields: object): boolean {
  switch (kind) {
    case 'payment': {
      const { id, entitlementId, attempt } = fields as RecordOf<'payment'>
      return id === paymentId(entitlementId, attempt)
    }
    case 'submission': {
      const submission = fields as RecordOf<'submission'>
      // Of whose lines people were erased the digest is known no more; it is never sent, since what is sent has to fit it.
      const fits = submission.erasedAt !== undefined || submissionDigest(submission) === submission.digest
      return submission.lines.length === submission.count && fits
    }
    case 'claim':
    case 'conformanceReport':
      // These are of one office alone, or come another way.
      return false
    default:
      return true
  }
}

/** A record that is written once and never again. */
function applyOnce(
  tx: Transaction,
  record: RecordOf<RecordKind>,
  incoming: Incoming,
  context: RecordContext,
): RecordOutcome {
  const { kind, id, rev } = incoming
  const here = tx.find(kind, id)
  // Every office erases for itself, and the centre too: either may be first.
  if (here !== undefined && differInErasureOnly(kind, here, record, sameValue)) {
    if (rev !== '') noteInStep(tx.sql, kind, id, rev, context.at)
    return 'known'
  }
  if (kind === 'transmission' && here !== undefined) {
    return applyTransmission(tx, here as Transmission, record as Transmission, incoming, context)
  }
  if (here !== undefined && !sameValue(here, record)) return refuse(tx, incoming, 'central.record-rewritten', context)
  if (here === undefined) {
    if (kind === 'decision') noteOpposedDecision(tx, record as Decision)
    tx.adopt(kind, record as never)
    const { batchId } = record as { batchId?: string }
    if (batchId !== undefined && !SAYS_NOTHING_OF_STATES.has(kind)) context.touched.batches.add(batchId)
  }
  if (rev !== '') noteInStep(tx.sql, kind, id, rev, context.at)
  return here === undefined ? 'adopted' : 'known'
}

/** One that stands here already: what a restored office put in for it gives way to the original, wherever that stands. */
function applyTransmission(
  tx: Transaction,
  here: Transmission,
  theirs: Transmission,
  incoming: Incoming,
  context: RecordContext,
): RecordOutcome {
  const { kind, id, rev } = incoming
  const standing = standingTransmission(here, theirs)
  if (standing === undefined) return refuse(tx, incoming, 'central.record-rewritten', context)
  if (standing === 'theirs') tx.complete('transmission', theirs)
  if (rev !== '') {
    if (standing === 'here') noteAhead(tx.sql, kind, theirs, rev, context.at)
    else noteInStep(tx.sql, kind, id, rev, context.at)
  }
  return standing === 'same' ? 'known' : standing === 'theirs' ? 'adopted' : 'merged'
}

function applyMerged<K extends MergedKind>(
  tx: Transaction,
  kind: K,
  theirs: RecordOf<K>,
  incoming: Incoming,
  context: RecordContext,
): RecordOutcome {
  const { rev, base: knownBase } = incoming
  const { id } = theirs
  const { at, touched } = context
  const mine = tx.find(kind, id)
  const fromServer = rev !== ''
  if (mine === undefined) {
    write(tx, kind, theirs, undefined, theirs)
    if (fromServer) noteInStep(tx.sql, kind, id, rev, at)
    touch(touched, kind, undefined, theirs)
    return 'adopted'
  }
  const isInStep = findRowStanding(tx.sql, kind, id)?.isInStep === true
  // An old file never takes a record back.
  if (!fromServer && knownBase === undefined && isInStep && theirs.changedAt <= mine.changedAt) return 'known'
  if (context.removals.kind === 'refuse' && isRemoved(theirs) && !isRemoved(mine)) {
    if (fromServer) noteAhead(tx.sql, kind, theirs, rev, at)
    const kept = { ...mine, changedAt: tx.moment, changedBy: context.removals.officerId }
    write(tx, kind, kept, mine, kept)
    return 'merged'
  }

  const hadLast =
    knownBase === undefined
      ? isInStep
        ? mine
        : findBase(tx.sql, kind, id)
      : ((knownBase ?? undefined) as RecordOf<K> | undefined)
  const inStep = inStepWithErasure(kind, { base: hadLast, mine, theirs })
  const { base } = inStep
  // Signed before what both had last: whoever put it there brings back what an administrator has changed since.
  if (base !== undefined && isSignedKind(kind) && editionOf(theirs as Signed) < editionOf(base as Signed)) {
    if (fromServer) noteAhead(tx.sql, kind, theirs, rev, at)
    return refuse(tx, incoming, 'central.older-edition', context)
  }
  const from = fromServer && incoming.isLosing !== true ? 'server' : 'office'
  const merged = mergeRecord(kind, base, inStep.mine, inStep.theirs, from)
  const { conflictFields, ruledFields } = merged
  const { winner, record } = afterErasure(tx, merged, inStep)
  if (winner === 'same') {
    // Only who wrote it when can differ; the server's word saves sending it again.
    if (!sameValue(mine, theirs)) write(tx, kind, theirs, mine, theirs)
    if (fromServer) noteInStep(tx.sql, kind, id, rev, at)
    return 'known'
  }
  // What stands here may be broken; one record of which nothing can be made keeps no other from coming.
  if (winner !== 'theirs' && !records[kind].schema.safeParse(record).success) {
    return refuse(tx, incoming, 'central.record-invalid', context)
  }
  write(tx, kind, record, mine, theirs)
  if (winner === 'theirs' && fromServer) noteInStep(tx.sql, kind, id, rev, at)
  if (winner !== 'theirs' && fromServer) noteAhead(tx.sql, kind, inStep.theirs, rev, at)
  touch(touched, kind, mine, record)
  const isShown = conflictFields.length > 0 || ruledFields.length > 0
  if (isShown)
    noteConflict(tx, kind, { base, mine: inStep.mine, theirs: inStep.theirs, record }, { conflictFields, ruledFields })
  if (conflictFields.length > 0) return 'conflict'
  return winner === 'theirs' ? 'adopted' : 'merged'
}

/** What did not know of an erasure never stands as it is: it goes out, or is written here, without what was erased. */
function afterErasure<K extends MergedKind>(
  tx: Transaction,
  { kind: winner, record }: MergedRecord<K>,
  { mine, theirs, behind }: InStep<RecordOf<K>>,
): { readonly winner: MergedRecord<K>['kind']; readonly record: RecordOf<K> } {
  if (behind.theirs && winner === 'same') return { winner: 'mine', record: mine }
  if (behind.mine && winner === 'same') return { winner: 'theirs', record: theirs }
  const isBehind = (winner === 'theirs' && behind.theirs) || (winner === 'mine' && behind.mine)
  return isBehind ? { winner: 'merged', record: { ...record, changedAt: tx.moment } } : { winner, record }
}

type Signed = RecordOf<'officer' | 'paymentManager' | 'connector' | 'signInProvider'>

const isRemoved = (record: object): boolean => (record as { removed?: boolean }).removed === true

/** With what the store keeps beside it. */
function write<K extends MergedKind>(
  tx: Transaction,
  kind: K,
  record: RecordOf<K>,
  before: RecordOf<K> | undefined,
  change: ChangeMarks,
): void {
  if (kind === 'registrant' && before !== undefined) dropContactKeys(tx, before as RecordOf<'registrant'>)
  tx.adopt(kind, record, change)
  if (kind === 'registrant') {
    addContactKeys(tx, record.id, contactKeysOf(record as RecordOf<'registrant'>))
    noteErasure(tx, before as RecordOf<'registrant'> | undefined, record as RecordOf<'registrant'>)
  } else if ((record as Erasable).erasedAt !== (before as Erasable | undefined)?.erasedAt) {
    forgetVersions(tx, kind as VersionedKind, record.id)
  }
}

interface Erasable {
  readonly erasedAt?: string
}

const PAID_BY = ['phoneNumbers', 'emails', 'bankAccounts', 'deceasedOn', 'removed'] as const

/** Notes what a record that is another one now can change for others. */
function touch<K extends MergedKind>(
  touched: Touched,
  kind: K,
  before: RecordOf<K> | undefined,
  after: RecordOf<K>,
): void {
  switch (kind) {
    case 'batch':
      touched.batches.add(after.id)
      break
    case 'payment':
      for (const one of [before, after] as (RecordOf<'payment'> | undefined)[]) {
        if (one !== undefined && one.batchId !== '') touched.batches.add(one.batchId)
      }
      break
    case 'registrant': {
      const [was, is] = [before, after] as [RecordOf<'registrant'> | undefined, RecordOf<'registrant'>]
      if (was !== undefined && PAID_BY.some((field) => !sameValue(was[field], is[field]))) touched.people.add(is.id)
      break
    }
    case 'membership':
      touched.people.add((after as RecordOf<'membership'>).groupId)
      break
    case 'identityNumber':
      touched.people.add((after as RecordOf<'identityNumber'>).registrantId)
      break
  }
}
