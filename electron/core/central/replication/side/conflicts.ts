import { isDeepStrictEqual } from 'node:util'
import { OFFICE, type Store } from '../../../store/store.ts'
import { isFilling } from '../../first-fill.ts'
import {
  Conflict,
  conflictsAfter,
  conflictsUnsent,
  emptyConflicts,
  findConflict,
  isGoodConflict,
  putConflict,
} from '../../merge/conflict-rows.ts'
import {
  findSettlement,
  putSettlement,
  Settlement,
  settlementsAfter,
  settlementsUnsent,
} from '../../merge/settlements.ts'
import type { About, SideTable } from './side-table.ts'

/*
 * Conflicts between versions of records, and how officers settled them. The steps of a conflict: 1 with its versions,
 * 2 without, once somebody was erased or a number was given up. A settlement is said once.
 */

const stepOf = ({ earlier }: Pick<Conflict, 'earlier'>): number => (earlier === null ? 2 : 1)
/** Three versions of a record each: no more than a thin line carries in one request. */
const AT_ONCE = 50

/** Decisions of one submission are told of their batch. */
function aboutConflict(sql: Store['sql'], id: string): About | undefined {
  const conflict = findConflict(sql, id)
  if (conflict === undefined) return undefined
  return { kind: conflict.kind === 'decision' ? 'batch' : conflict.kind, id: conflict.recordId }
}

export const conflictTable: SideTable = {
  unsent: (sql, most, except) =>
    conflictsUnsent(sql, Math.min(most, AT_ONCE), except).map(({ rev, ...fields }) => ({
      id: fields.id,
      step: stepOf(fields),
      rev,
      fields,
      // Whoever brought the two together.
      officerId: OFFICE,
    })),
  about: aboutConflict,
  after: (sql, after, most) => conflictsAfter(sql, after, most).map((fields) => ({ id: fields.id, fields })),
  find: findConflict,
  decide: (known, came) => (stepOf(came as Conflict) > stepOf(known as Conflict) ? 'write' : 'known'),
  take(tx, id, fields) {
    const checked = Conflict.safeParse(fields)
    if (!checked.success || checked.data.id !== id || !isGoodConflict(checked.data)) return undefined
    const conflict = checked.data
    if (conflict.earlier === null) {
      const here = findConflict(tx.sql, id)
      if (here !== undefined) emptyConflicts(tx, here.kind, [here.recordId])
    } else putConflict(tx, conflict, isFilling(tx) ? 'before' : 'elsewhere')
    return stepOf(conflict)
  },
}

export const settlementTable: SideTable = {
  unsent: (sql, most, except) =>
    settlementsUnsent(sql, most, except).map((fields) => ({
      id: fields.id,
      step: 1,
      rev: null,
      fields,
      officerId: fields.changedBy,
    })),
  about(sql, id) {
    const conflictId = findSettlement(sql, id)?.conflictId
    return conflictId === undefined ? undefined : aboutConflict(sql, conflictId)
  },
  after: (sql, after, most) => settlementsAfter(sql, after, most).map((fields) => ({ id: fields.id, fields })),
  find: findSettlement,
  decide: (known, came) => (isDeepStrictEqual(known, came) ? 'known' : 'refused'),
  take(tx, id, fields) {
    const checked = Settlement.safeParse(fields)
    if (!checked.success || checked.data.id !== id) return undefined
    const here = findSettlement(tx.sql, id)
    if (here === undefined) putSettlement(tx, checked.data)
    else if (!isDeepStrictEqual(here, checked.data)) return undefined
    return 1
  },
}
