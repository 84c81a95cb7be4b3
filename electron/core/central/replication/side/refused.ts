import { type SideKind, sideKinds } from '../../../../../shared/contract/central.ts'
import type { Fault } from '../../../../../shared/contract/result.ts'
import { OFFICE, type Store } from '../../../store/store.ts'
import { sideTables } from './side-tables.ts'

/*
 * What the central server did not take of what is said beside the records. It stands among the refused records and is offered
 * again at each contact, since it is not changed any more: the rules of the server have to be others.
 */

/** One that the server did not take just now. */
export interface RefusedSide {
  readonly kind: SideKind
  readonly id: string
  readonly step: number
  readonly officerId: string
  readonly fault: Fault
}

interface Known {
  readonly kind: SideKind
  readonly id: string
  readonly seq: number
  readonly code: string
  readonly params: string
}

const nameOf = ({ kind, id }: Pick<RefusedSide, 'kind' | 'id'>): string => `${kind}:${id}`

/**
 * Writes down what was refused after everything was offered; what was not refused any more is forgotten. Of what was refused
 * for the same reason before, it stays known since when, and who has seen it.
 *
 * @param at epoch milliseconds by the server's clock
 */
export function noteRefused(store: Store, refused: readonly RefusedSide[], at: number): void {
  const kinds = JSON.stringify(sideKinds)
  const known = store
    .sql(
      'SELECT kind, id, seq, code, params FROM central_refusal WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY kind, id',
    )
    .all(kinds) as Known[]
  const before = new Map(known.map((row) => [nameOf(row), row]))
  const now = new Set(refused.map(nameOf))
  const over = known.filter((row) => !now.has(nameOf(row)))
  const news = refused.filter((one) => {
    const row = before.get(nameOf(one))
    const { code, params } = one.fault
    return row?.seq !== one.step || row.code !== code || row.params !== JSON.stringify(params)
  })
  if (over.length > 0) {
    const names = JSON.stringify(over.map(nameOf))
    store.housekeeping((sql) =>
      sql("DELETE FROM central_refusal WHERE kind || ':' || id IN (SELECT value FROM json_each(?))").run(names),
    )
  }
  if (news.length === 0) return
  store.transaction(OFFICE, (tx) => {
    tx.touch('central')
    for (const { kind, id, step, officerId, fault } of news) {
      tx.sql('INSERT OR REPLACE INTO central_refusal VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)').run(
        kind,
        id,
        step,
        fault.code,
        JSON.stringify(fault.params),
        officerId,
        at,
      )
      const about = sideTables[kind].about(tx.sql, id)
      tx.audit({
        action: 'central.refused',
        subjectKind: about?.kind ?? 'office',
        subjectId: about?.id ?? 'central',
        detail: { code: fault.code },
      })
    }
  })
}
