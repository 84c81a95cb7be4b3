import { fail } from '../../../../shared/contract/result.ts'
import type { RecordKind } from '../../../../shared/model/records.ts'
import type { Draft, Store, Transaction } from '../../store/store.ts'
import { putRegistrant } from '../contact-keys.ts'
import { type BeforeImport, putBack } from './import-before.ts'

/** Tables with an `import_id`, and their kind of record. */
const TABLES = [
  ['enrolment', 'enrolment'],
  ['membership', 'membership'],
  ['identity_number', 'identityNumber'],
  ['registrant', 'registrant'],
] as const satisfies readonly (readonly [string, RecordKind])[]

/** Milliseconds of work a transaction may take; the core thread answers others in between. */
const BUDGET = 40
const MOST_ROWS = 400

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function removeSlice(transaction: Transaction, importId: string): number {
  const start = performance.now()
  let done = 0
  for (const [table, kind] of TABLES) {
    const ids = transaction
      .sql(`SELECT id FROM ${table} WHERE import_id = ? AND removed = 0 LIMIT ?`)
      .pluck()
      .all(importId, MOST_ROWS - done) as string[]
    for (const id of ids) {
      const { changedAt, changedBy, ...record } = transaction.get(kind, id)
      if (kind === 'registrant') putRegistrant(transaction, { ...record, removed: true } as Draft<'registrant'>)
      else transaction.put(kind, { ...record, removed: true } as Draft<typeof kind>)
      done += 1
      if (performance.now() - start > BUDGET) return done
    }
    if (done >= MOST_ROWS) return done
  }
  return done
}

function restoreSlice(transaction: Transaction, importId: string): number {
  const rows = transaction
    .sql('SELECT kind, record_id AS id, before FROM import_before WHERE import_id = ? LIMIT 100')
    .all(importId) as BeforeImport[]
  for (const row of rows) putBack(transaction, importId, row)
  return rows.length
}

/**
 * Takes back everything that an import did, slice by slice: what it made is removed, what it changed is put back as it
 * was. Can be stopped anywhere and goes on where it was.
 */
export async function undoRecords(
  store: Store,
  officerId: string,
  importId: string,
  isClosing: () => boolean,
): Promise<void> {
  for (const slice of [removeSlice, restoreSlice]) {
    for (;;) {
      if (isClosing()) return
      const done = store.transaction(officerId, (transaction) => {
        const count = slice(transaction, importId)
        if (count > 0) {
          transaction.audit({
            action: 'import.undoing',
            subjectKind: 'import',
            subjectId: importId,
            detail: { records: count },
          })
        }
        return count
      })
      if (done === 0) break
      await pause()
    }
  }
}

/**
 * Refuses to undo an import on which something rests since: records that were changed after it, and registrants who were
 * enrolled, entitled, paid or put into groups by others.
 *
 * @throws OfficeError `registry.undo-changed`, `registry.undo-used` with `count`
 */
export function refuseIfRestedUpon(store: Store, importId: string, endMoment: string): void {
  const count = (sql: string, ...params: string[]): number =>
    store
      .sql(`SELECT count(*) FROM (${sql})`)
      .pluck()
      .get(...params) as number
  const changed = TABLES.slice(1).reduce(
    (sum, [table, kind]) =>
      sum +
      count(`SELECT 1 FROM ${table} WHERE import_id = ? AND removed = 0 AND changed_at > ?`, importId, endMoment) +
      count(
        `SELECT 1 FROM import_before b JOIN ${table} r ON r.id = b.record_id
         WHERE b.import_id = ? AND b.kind = '${kind}' AND r.changed_at > ? AND r.import_id <> ?`,
        importId,
        endMoment,
        importId,
      ),
    count(
      `SELECT 1 FROM import_before b JOIN consent c ON c.id = b.record_id
       WHERE b.import_id = ? AND b.kind = 'consent' AND c.changed_at > ?`,
      importId,
      endMoment,
    ),
  )
  if (changed > 0) fail('registry.undo-changed', { count: changed })
  const ofImport = 'SELECT id FROM registrant WHERE import_id = ? AND removed = 0'
  const used = count(
    `SELECT registrant_id FROM enrolment WHERE removed = 0 AND import_id <> ?1 AND registrant_id IN (${ofImport.replace('?', '?1')})
     UNION SELECT registrant_id FROM entitlement WHERE removed = 0 AND registrant_id IN (${ofImport.replace('?', '?1')})
     UNION SELECT registrant_id FROM payment WHERE registrant_id IN (${ofImport.replace('?', '?1')})
     UNION SELECT payee_id FROM payment WHERE payee_id IN (${ofImport.replace('?', '?1')})
     UNION SELECT group_id FROM membership WHERE removed = 0 AND import_id <> ?1 AND group_id IN (${ofImport.replace('?', '?1')})
     UNION SELECT individual_id FROM membership WHERE removed = 0 AND import_id <> ?1 AND individual_id IN (${ofImport.replace('?', '?1')})`,
    ...([{ 1: importId }] as never[]),
  )
  if (used > 0) fail('registry.undo-used', { count: used })
}
