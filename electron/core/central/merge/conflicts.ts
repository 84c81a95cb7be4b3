import { fail } from '../../../../shared/contract/result.ts'
import type { Decision } from '../../../../shared/model/batch.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Entitlement } from '../../../../shared/model/programme.ts'
import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'
import type { MergedKind, MergedRecord } from '../../../../shared/rules/central-merge/merge-record.ts'
import { grantedStates } from '../../../../shared/rules/entitlement-life.ts'
import { sameValue } from '../../../../shared/rules/three-way.ts'
import { putRegistrant } from '../../registry/contact-keys.ts'
import type { Draft, Store, Transaction } from '../../store/store.ts'
import { findRowStanding } from './row-standing.ts'

/** A row of the table of conflicts. The bodies hold whole records: nothing of them goes to a screen unmasked. */
export interface ConflictRecord {
  readonly id: string
  readonly kind: RecordKind
  readonly record_id: string
  /** JSON: names of fields. */
  readonly fields: string
  readonly base: string | null
  readonly mine: string
  readonly theirs: string
  readonly standing: 'mine' | 'theirs' | 'merged'
  readonly decided_by: 'officer' | 'rule'
  readonly found_at: string
  readonly settled_by: string | null
  readonly settled_at: string | null
  readonly settlement: string | null
}

const INSERT = 'INSERT INTO central_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)'

/** Keeps both versions of a record for good; an officer is asked where no rule decided. */
export function noteConflict<K extends MergedKind>(
  tx: Transaction,
  kind: K,
  versions: {
    readonly base: RecordOf<K> | undefined
    readonly mine: RecordOf<K>
    readonly theirs: RecordOf<K>
    readonly record: RecordOf<K>
  },
  found: {
    readonly conflictFields: readonly string[]
    readonly ruledFields: readonly string[]
    readonly winner: MergedRecord<K>['kind']
  },
): void {
  const { base, mine, theirs, record } = versions
  const asksOfficer = found.conflictFields.length > 0
  const fields = asksOfficer ? found.conflictFields : found.ruledFields
  put(tx, {
    kind,
    recordId: mine.id,
    fields,
    base: base === undefined ? null : JSON.stringify(base),
    mine: JSON.stringify(mine),
    theirs: JSON.stringify(theirs),
    standing: standingOf(fields, mine, theirs, record),
    decidedBy: asksOfficer ? 'officer' : 'rule',
  })
}

function standingOf(
  fields: readonly string[],
  mine: object,
  theirs: object,
  record: object,
): ConflictRecord['standing'] {
  const has = (side: object) =>
    fields.every((field) =>
      sameValue((side as Record<string, unknown>)[field], (record as Record<string, unknown>)[field]),
    )
  if (has(mine)) return 'mine'
  return has(theirs) ? 'theirs' : 'merged'
}

/** An approval here and a return there of one submission, or the other way round: the return stands. */
export function noteOpposedDecision(tx: Transaction, theirs: Decision): void {
  const bodies = tx
    .sql('SELECT body FROM decision WHERE submission_id = ? AND verdict <> ?')
    .pluck()
    .all(theirs.submissionId, theirs.verdict) as string[]
  const unsent = bodies.map((body) => JSON.parse(body) as Decision).find(({ id }) => !isAtServer(tx, id))
  if (unsent === undefined) return
  put(tx, {
    kind: 'decision',
    recordId: theirs.batchId,
    fields: ['verdict'],
    base: null,
    mine: JSON.stringify(unsent),
    theirs: JSON.stringify(theirs),
    standing: theirs.verdict === 'return' ? 'theirs' : 'mine',
    decidedBy: 'rule',
  })
}

const isAtServer = (tx: Transaction, id: string): boolean => findRowStanding(tx.sql, 'decision', id)?.isInStep === true

function put(
  tx: Transaction,
  conflict: {
    readonly kind: RecordKind
    readonly recordId: string
    readonly fields: readonly string[]
    readonly base: string | null
    readonly mine: string
    readonly theirs: string
    readonly standing: ConflictRecord['standing']
    readonly decidedBy: ConflictRecord['decided_by']
  },
): void {
  const { kind, recordId, fields, base, mine, theirs, standing, decidedBy } = conflict
  const id = newId()
  tx.touch('central')
  tx.sql(INSERT).run(id, kind, recordId, JSON.stringify(fields), base, mine, theirs, standing, decidedBy, tx.moment)
  tx.audit({
    action: decidedBy === 'officer' ? 'central.conflict-found' : 'central.conflict-ruled',
    subjectKind: kind === 'decision' ? 'batch' : kind,
    subjectId: recordId,
    detail: { conflict: id, fields, standing },
  })
}

/** One version as a whole, or one for each of the fields in dispute. */
export type ConflictChoice = 'mine' | 'theirs' | { readonly fields: Readonly<Record<string, 'mine' | 'theirs'>> }

/**
 * An officer decides a conflict: the record gets the chosen values as a new version, which goes to all offices. Fields that
 * were not in dispute stay as they are now. Both versions stay in the conflict.
 *
 * @throws OfficeError `store.not-found`, `central.conflict-settled`
 */
export function settleConflict(store: Store, officerId: string, id: string, choice: ConflictChoice): void {
  store.transaction(officerId, (tx) => {
    const conflict = getOpen(tx, id)
    if (conflict.decided_by !== 'officer') fail('central.conflict-settled')
    const kind = conflict.kind as MergedKind
    const mine = JSON.parse(conflict.mine) as Record<string, unknown>
    const theirs = JSON.parse(conflict.theirs) as Record<string, unknown>
    const chosen: Record<string, 'mine' | 'theirs'> = {}
    const values: Record<string, unknown> = {}
    for (const field of JSON.parse(conflict.fields) as string[]) {
      // Where nothing was chosen for a field, what stands goes on standing.
      const side = typeof choice === 'string' ? choice : choice.fields[field]
      if (side === undefined) continue
      chosen[field] = side
      values[field] = (side === 'mine' ? mine : theirs)[field]
    }
    writeChoice(tx, kind, conflict.record_id, values)
    close(tx, conflict, { chosen })
  })
}

/** An officer has seen what a rule decided. @throws OfficeError `store.not-found`, `central.conflict-settled` */
export function acknowledgeConflict(store: Store, officerId: string, id: string): void {
  store.transaction(officerId, (tx) => {
    const conflict = getOpen(tx, id)
    if (conflict.decided_by !== 'rule') fail('central.conflict-settled')
    close(tx, conflict, {})
  })
}

function getOpen(tx: Transaction, id: string): ConflictRecord {
  const conflict = tx.sql('SELECT * FROM central_conflict WHERE id = ?').get(id) as ConflictRecord | undefined
  if (conflict === undefined) fail('store.not-found', { kind: 'conflict' })
  return conflict.settled_at === null ? conflict : fail('central.conflict-settled')
}

function close(tx: Transaction, { id, kind, record_id }: ConflictRecord, settlement: object): void {
  tx.touch('central')
  tx.sql('UPDATE central_conflict SET settled_by = ?, settled_at = ?, settlement = ? WHERE id = ?').run(
    tx.officerId,
    tx.moment,
    JSON.stringify(settlement),
    id,
  )
  tx.audit({
    action: 'central.conflict-settled',
    subjectKind: kind === 'decision' ? 'batch' : kind,
    subjectId: record_id,
    detail: { conflict: id, ...settlement },
  })
}

function writeChoice(tx: Transaction, kind: MergedKind, id: string, values: Readonly<Record<string, unknown>>): void {
  const current = tx.get(kind, id)
  const wanted = { ...current, ...values, ...approvedAnew(kind, current, values) }
  if (sameValue(current, wanted)) return
  const { changedAt, changedBy, ...draft } = wanted
  if (kind === 'registrant') putRegistrant(tx, draft as Draft<'registrant'>)
  else tx.put(kind, draft as Draft<typeof kind>)
  if (kind !== 'identityNumber') return
  // Numbers keep no history; this is how their makers are known (I7).
  const { registrantId, type } = wanted as RecordOf<'identityNumber'>
  tx.audit({
    action: 'registrant.identity-set',
    subjectKind: 'registrant',
    subjectId: registrantId,
    detail: { type },
  })
}

/** A sum that nobody approved is not granted by settling a conflict. */
function approvedAnew(kind: MergedKind, current: object, values: Readonly<Record<string, unknown>>): object {
  if (kind !== 'entitlement') return {}
  const { amount, state } = current as Entitlement
  const isGranted = (grantedStates as readonly string[]).includes(String(values.state ?? state))
  return isGranted && values.amount !== undefined && values.amount !== amount ? { state: 'pending_validation' } : {}
}
