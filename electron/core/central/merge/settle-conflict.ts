import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Entitlement } from '../../../../shared/model/programme.ts'
import type { RecordOf } from '../../../../shared/model/records.ts'
import type { MergedKind } from '../../../../shared/rules/central-merge/merge-record.ts'
import { grantedStates } from '../../../../shared/rules/entitlement-life.ts'
import { sameValue } from '../../../../shared/rules/three-way.ts'
import { putRegistrant } from '../../registry/contact-keys.ts'
import type { Draft, Store, Transaction } from '../../store/store.ts'
import { type Conflict, findConflict } from './conflict-rows.ts'
import { type ConflictSide, headsOf, putSettlement, settlementsOf } from './settlements.ts'

/** One version as a whole, or one for each of the fields in dispute. */
export type ConflictChoice = ConflictSide | { readonly fields: Readonly<Record<string, ConflictSide>> }

/**
 * An officer decides a conflict: the record gets the chosen values as a new version, which goes to all offices, as the
 * decision does. Fields that were not in dispute stay as they are now. Both versions stay in the conflict.
 *
 * @throws OfficeError `store.not-found`, `central.conflict-settled`
 */
export function settleConflict(store: Store, officerId: string, id: string, choice: ConflictChoice): void {
  store.transaction(officerId, (tx) => {
    const conflict = getOpen(tx, id)
    const { kind, recordId, fields, earlier, later, decidedBy } = conflict
    if (decidedBy !== 'officer' || earlier === null || later === null) fail('central.conflict-settled')
    const chosen: Record<string, ConflictSide> = {}
    const values: Record<string, unknown> = {}
    for (const field of fields) {
      // Where nothing was chosen for a field, what stands goes on standing.
      const side = typeof choice === 'string' ? choice : choice.fields[field]
      if (side === undefined) continue
      chosen[field] = side
      values[field] = (side === 'earlier' ? earlier : later)[field]
    }
    writeChoice(tx, kind as MergedKind, recordId, values)
    const after = headsOf(settlementsOf(tx.sql, id)).map((settlement) => settlement.id)
    putSettlement(tx, { id: newId(), conflictId: id, chosen, after, changedAt: tx.moment, changedBy: officerId })
    tx.touch('said')
    noteEnd(tx, conflict, { chosen })
  })
}

/** An officer of this office has seen what a rule decided. @throws OfficeError `store.not-found`, `central.conflict-settled` */
export function acknowledgeConflict(store: Store, officerId: string, id: string): void {
  store.transaction(officerId, (tx) => {
    const conflict = getOpen(tx, id)
    if (conflict.decidedBy !== 'rule') fail('central.conflict-settled')
    tx.sql('UPDATE central_conflict SET settled_by = ?, settled_at = ? WHERE id = ?').run(officerId, tx.moment, id)
    noteEnd(tx, conflict, {})
  })
}

function getOpen(tx: Transaction, id: string): Conflict {
  const conflict = findConflict(tx.sql, id)
  if (conflict === undefined) fail('store.not-found', { kind: 'conflict' })
  const settledAt = tx.sql('SELECT settled_at FROM central_conflict WHERE id = ?').pluck().get(id)
  return settledAt === null ? conflict : fail('central.conflict-settled')
}

function noteEnd(tx: Transaction, { id, kind, recordId }: Conflict, settlement: object): void {
  tx.touch('central')
  tx.audit({
    action: 'central.conflict-settled',
    subjectKind: kind === 'decision' ? 'batch' : kind,
    subjectId: recordId,
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
