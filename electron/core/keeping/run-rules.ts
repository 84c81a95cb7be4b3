import { setImmediate as breathe } from 'node:timers/promises'
import { type KeepingRule, type KeepingRules, keepingRules } from '../../../shared/model/keeping.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { cutOffOf } from './cut-offs.ts'
import { eraseRegistrant } from './erase-registrant.ts'
import { isStillIdle } from './idle-people.ts'
import { OLD_BATCHES, OLD_CONFLICTS, OLD_IMPORTS, OLD_ITEMS } from './queries.ts'
import { emptyMessages, type KeepingParts, settleErasures } from './settle-erasures.ts'

/** What rules removed, by rule: registrants, messages, rows. */
export type Removed = Partial<Record<KeepingRule, number>>

export interface RulesRun {
  readonly rules: KeepingRules
  /** Epoch milliseconds. */
  readonly now: number
  /** Between two slices: whether the run has to stop for now, as while something is sent. */
  readonly isHeld: () => boolean
  readonly signal: AbortSignal
}

const SLICE_TIME = 40
/** Rows of plain tables removed at once. */
const ROWS = 1_000

type Remove = (parts: KeepingParts, run: RulesRun, cutOff: ReturnType<typeof cutOffOf>) => Promise<number>

const stops = ({ isHeld, signal }: RulesRun): boolean => signal.aborted || isHeld()

const removers: Readonly<Record<KeepingRule, Remove>> = {
  people: erasePeople,

  async messages({ store }, run, { moment }) {
    let count = 0
    for (const id of store.sql(OLD_BATCHES).pluck().all(moment) as string[]) {
      if (stops(run)) break
      count += emptyMessages(store, id)
      await breathe()
    }
    return count
  },

  async imports({ store }, run, { time }) {
    let count = 0
    for (const id of store.sql(OLD_IMPORTS).pluck().all(time) as string[]) {
      if (stops(run)) break
      // From here on it cannot be taken back any more; a half of it must not be.
      close(store, id)
      count += await deleteRows(store, run, 'imports', ['import_problem', 'import_id = ?'], id)
      count += await deleteRows(store, run, 'imports', ['import_before', 'import_id = ?'], id)
    }
    return count
  },

  tokenRuns: ({ store }, run, { time }) =>
    deleteRows(store, run, 'tokenRuns', ['token_item', `ref IN (${OLD_ITEMS})`], time),

  history: ({ store }, run, { moment }) =>
    sweep(
      store,
      run,
      'history',
      `SELECT kind, record_id AS id, moment AS at FROM revision WHERE (kind, record_id, moment) > (?, ?, ?)
       ORDER BY kind, record_id, moment LIMIT ${ROWS}`,
      'DELETE FROM revision WHERE kind = ? AND record_id = ? AND moment = ?',
      moment,
    ),

  async copies({ store }, run, { moment }) {
    const conflicts = await deleteRows(store, run, 'copies', ['central_conflict', `id IN (${OLD_CONFLICTS})`], moment)
    const versions = await sweep(
      store,
      run,
      'copies',
      `SELECT kind, id, changed_at AS at, body IS NOT NULL AS whole FROM central_past WHERE (kind, id, changed_at) > (?, ?, ?)
       ORDER BY kind, id, changed_at LIMIT ${ROWS}`,
      'UPDATE central_past SET body = NULL WHERE kind = ? AND id = ? AND changed_at = ?',
      moment,
    )
    return conflicts + versions
  },
}

/** Households first, as the preview shows them, then whoever is in no other one. */
async function erasePeople(parts: KeepingParts, run: RulesRun, { moment }: { moment: string }): Promise<number> {
  const { store, reader } = parts
  const { going } = await reader.run('keeping.idle', { before: moment }, { signal: run.signal })
  let count = 0
  for (let from = 0; from < going.length && !stops(run); ) {
    const began = performance.now()
    from += store.transaction(OFFICE, (tx) => {
      let at = from
      while (at < going.length && (at === from || performance.now() - began < SLICE_TIME)) {
        const id = going[at]?.id as string
        at += 1
        // Somebody may have come back meanwhile.
        if (!isStillIdle((text) => tx.sql(text), id, moment)) continue
        eraseRegistrant(tx, id, 'rule')
        count += 1
      }
      return at - from
    })
    await breathe()
  }
  await settleErasures(parts, run.signal)
  return count
}

function close(store: Store, importId: string): void {
  store.transaction(OFFICE, (tx) => {
    const { changes } = tx.sql("UPDATE import_run SET state = 'closed' WHERE id = ? AND state = 'done'").run(importId)
    if (changes > 0) tx.audit({ action: 'import.closed', subjectKind: 'import', subjectId: importId })
  })
}

/** One audited transaction. @returns rows that went */
function removeSlice(store: Store, rule: KeepingRule, remove: (tx: Transaction) => number): number {
  return store.transaction(OFFICE, (tx) => {
    const count = remove(tx)
    if (count > 0) {
      const detail = { rule, count }
      tx.audit({ action: 'keeping.rows-removed', subjectKind: 'office', subjectId: store.installationId, detail })
    }
    return count
  })
}

/** Goes through versions of records page by page and takes those of before a moment. @returns how many */
async function sweep(
  store: Store,
  run: RulesRun,
  rule: KeepingRule,
  page: string,
  forget: string,
  moment: string,
): Promise<number> {
  let count = 0
  for (let [kind, id, at] = ['', '', '']; !stops(run); ) {
    const rows = store.sql(page).all(kind, id, at) as { kind: string; id: string; at: string; whole?: number }[]
    const old = rows.filter((row) => row.whole !== 0 && row.at < moment)
    removeSlice(store, rule, ({ sql }) => {
      for (const row of old) sql(forget).run(row.kind, row.id, row.at)
      return old.length
    })
    count += old.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS) break
    ;({ kind, id, at } = last)
    await breathe()
  }
  return count
}

const KEYS = {
  import_problem: 'import_id, row',
  import_before: 'import_id, kind, record_id',
  token_item: 'ref',
  central_conflict: 'id',
} as const

async function deleteRows(
  store: Store,
  run: RulesRun,
  rule: KeepingRule,
  [table, which]: readonly [keyof typeof KEYS, string],
  of: string | number,
): Promise<number> {
  const key = KEYS[table]
  let count = 0
  while (!stops(run)) {
    const slice = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${which} LIMIT ${ROWS})`
    const changes = removeSlice(store, rule, ({ sql }) => sql(slice).run(of).changes)
    count += changes
    if (changes < ROWS) break
    await breathe()
  }
  return count
}

/**
 * Removes what the rules that are on remove, in slices; one that was stopped is gone on with by the next.
 *
 * @returns what was removed
 */
export async function runRules(parts: KeepingParts, run: RulesRun): Promise<Removed> {
  const removed: Removed = {}
  // People come last: with them goes much of what the other rules count, and each is to remove what it showed.
  for (const rule of keepingRules.toReversed()) {
    if (!run.rules[rule].on || stops(run)) continue
    const count = await removers[rule](parts, run, cutOffOf(run.rules, rule, run.now))
    if (count === 0) continue
    removed[rule] = count
    parts.store.transaction(OFFICE, (tx) => {
      tx.mark('keeping-last', JSON.stringify({ rule, count, at: run.now }))
      tx.audit({
        action: 'keeping.removed',
        subjectKind: 'office',
        subjectId: parts.store.installationId,
        detail: { rule, count, after: run.rules[rule].after },
      })
    })
  }
  return removed
}
