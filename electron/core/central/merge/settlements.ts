import { z } from 'zod'
import { Id, Moment } from '../../../../shared/model/record.ts'
import { stable } from '../../../../shared/rules/central-merge/versions.ts'
import type { Store, Transaction } from '../../store/store.ts'

/*
 * What officers decided between two versions. Each says which decisions it knew of. Two that did not know of each other and
 * chose otherwise do not end the conflict: somebody who knows of both decides again, and all three stay on record.
 */

export const ConflictSide = z.enum(['earlier', 'later'])
export type ConflictSide = z.infer<typeof ConflictSide>

/** As it travels; the marks say who decided, and when. */
export const Settlement = z.object({
  id: Id,
  conflictId: Id,
  chosen: z.record(z.string().max(60), ConflictSide),
  /** Settlements of the same conflict that this one knew of and stands above. */
  after: z.array(Id).max(100),
  changedAt: Moment,
  changedBy: Id,
})
export type Settlement = z.infer<typeof Settlement>

const COLUMNS = 'id, conflict_id AS conflictId, chosen, after, moment AS changedAt, officer_id AS changedBy'

interface Row extends Omit<Settlement, 'chosen' | 'after'> {
  readonly chosen: string
  readonly after: string
}

const toSettlement = ({ id, conflictId, chosen, after, changedAt, changedBy }: Row): Settlement => ({
  id,
  conflictId,
  chosen: JSON.parse(chosen),
  after: JSON.parse(after),
  changedAt,
  changedBy,
})

/** Those of one conflict, the newest first. */
export const settlementsOf = (sql: Store['sql'], conflictId: string): Settlement[] =>
  (
    sql(`SELECT ${COLUMNS} FROM central_settlement WHERE conflict_id = ? ORDER BY moment DESC, id`).all(
      conflictId,
    ) as Row[]
  ).map(toSettlement)

export const hasSettlements = (sql: Store['sql'], conflictId: string): boolean =>
  sql('SELECT 1 FROM central_settlement WHERE conflict_id = ?').get(conflictId) !== undefined

export function findSettlement(sql: Store['sql'], id: string): Settlement | undefined {
  const row = sql(`SELECT ${COLUMNS} FROM central_settlement WHERE id = ?`).get(id) as Row | undefined
  return row === undefined ? undefined : toSettlement(row)
}

/** In the order of their ids, behind one of them. */
export const settlementsAfter = (sql: Store['sql'], after: string, most: number): Settlement[] =>
  (sql(`SELECT ${COLUMNS} FROM central_settlement WHERE id > ? ORDER BY id LIMIT ?`).all(after, most) as Row[]).map(
    toSettlement,
  )

/** Those that the server does not have. */
export const settlementsUnsent = (sql: Store['sql'], most: number, except: readonly string[]): Settlement[] =>
  (
    sql(
      `SELECT ${COLUMNS} FROM central_settlement s WHERE NOT EXISTS
         (SELECT 1 FROM central_receipt r WHERE r.kind = 'conflictSettlement' AND r.id = s.id)
       AND s.id NOT IN (SELECT value FROM json_each(?)) LIMIT ?`,
    ).all(JSON.stringify(except), most) as Row[]
  ).map(toSettlement)

/** Those above which nobody decided; the newest first. */
export function headsOf(settlements: readonly Settlement[]): Settlement[] {
  const known = new Set(settlements.flatMap(({ after }) => after))
  return settlements.filter(({ id }) => !known.has(id))
}

/** Adds a settlement and works out whether its conflict is over. */
export function putSettlement(tx: Transaction, settlement: Settlement): void {
  const { id, conflictId, chosen, after, changedAt, changedBy } = settlement
  tx.sql('INSERT INTO central_settlement VALUES (?, ?, ?, ?, ?, ?)').run(
    id,
    conflictId,
    JSON.stringify(chosen),
    JSON.stringify(after),
    changedBy,
    changedAt,
  )
  tx.touch('central')
  restateConflict(tx, conflictId)
}

/** A conflict is over when all who decided without knowing of a later decision chose the same. */
export function restateConflict(tx: Transaction, conflictId: string): void {
  const heads = headsOf(settlementsOf(tx.sql, conflictId))
  const [newest] = heads
  const agree = newest !== undefined && heads.every(({ chosen }) => stable(chosen) === stable(newest.chosen))
  tx.sql('UPDATE central_conflict SET settled_by = ?, settled_at = ? WHERE id = ?').run(
    agree ? newest.changedBy : null,
    agree ? newest.changedAt : null,
    conflictId,
  )
}
