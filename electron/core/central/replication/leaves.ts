import { z } from 'zod'
import { type Result, success } from '../../../../shared/contract/result.ts'
import { records } from '../../../../shared/model/records.ts'
import type { Store } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { documentId, fieldsOf, type TravellingKind } from '../documents.ts'
import { applyIncoming, type Incoming } from '../merge/apply.ts'
import type { CheckedDocument } from './check-page.ts'
import { findReceipt, findSequence, keepOutgoing, putReceipt } from './receipts.ts'

/*
 * A cluster whose nodes were apart can hold several latest versions of one document. One of them wins by a rule of the
 * server that knows nothing of what they say; the others are read and merged into the record like any change from
 * elsewhere. Each office does so once. Removing them is asked for, but is up to the server: offices may not delete.
 */

interface Parts {
  readonly store: Store
  readonly connection: CouchConnection
  readonly database: string
  /** Epoch milliseconds by the server's clock. */
  readonly serverNow: () => number
  readonly onBatches: (batchIds: readonly string[]) => void
}

/** The versions of a document that did not win. */
export interface Leaves {
  readonly kind: TravellingKind
  readonly id: string
  /** Revision of the one that won. */
  readonly rev: string
  readonly losing: readonly Incoming[]
}

const OpenRevisions = z.array(
  z.object({ ok: z.looseObject({ _rev: z.string(), _deleted: z.boolean().optional() }).optional() }),
)

/** Reads the other versions of documents that have some. Errors: `central.*`, `http.*`. */
export async function findLeaves(
  { store, connection, database }: Parts,
  documents: readonly CheckedDocument[],
  signal?: AbortSignal,
): Promise<Result<Leaves[]>> {
  const found: Leaves[] = []
  for (const { kind, id, rev, conflicts } of documents) {
    if (conflicts.length === 0 || records[kind].appendOnly) continue
    const name = documentId(kind, id)
    const known = store.sql('SELECT rev FROM central_leaf WHERE document_id = ?').pluck().all(name)
    const fresh = conflicts.filter((leaf) => !known.includes(leaf))
    if (fresh.length === 0) continue
    const path = `/${database}/${encodeURIComponent(name)}?open_revs=${encodeURIComponent(JSON.stringify(fresh))}`
    const answer = await connection.json({ method: 'GET', path, signal }, [200])
    if (!answer.ok) return answer
    const leaves = OpenRevisions.safeParse(answer.value).data ?? []
    const losing = leaves.flatMap(({ ok }) =>
      ok === undefined || ok._deleted === true
        ? []
        : [{ kind, id, rev: ok._rev, deleted: false, isLosing: true as const, record: fieldsOf(ok), conflicts: [] }],
    )
    found.push({ kind, id, rev, losing })
  }
  return success(found)
}

/** Merges them into what won, which was applied before. The record is sent again, over the one that won. */
export async function mergeLeaves({ store, serverNow, onBatches }: Parts, leaves: readonly Leaves[]): Promise<void> {
  for (const { kind, id, rev, losing } of leaves) {
    for (const leaf of losing) {
      // Neither version comes from the other, so what won is judged as if it had been written here.
      const stood = findSequence((text) => store.sql(text), kind, id)
      const before = findReceipt((text) => store.sql(text), kind, id)
      store.housekeeping((sql) => {
        for (const table of ['central_receipt', 'central_base']) {
          sql(`DELETE FROM ${table} WHERE kind = ? AND id = ?`).run(kind, id)
        }
      })
      await applyIncoming({ store, now: serverNow, onBatches }, [leaf])
      store.housekeeping((sql) => {
        const isUntouched = before?.rev === rev && stood === findSequence(sql, kind, id)
        putReceipt(sql, kind, id, { seq: isUntouched ? before.seq : 0, rev, at: serverNow() })
        sql('INSERT OR IGNORE INTO central_leaf VALUES (?, ?)').run(documentId(kind, id), leaf.rev)
      })
      keepOutgoing(store, [leaf])
    }
  }
}

/** Asks the server to remove those whose merged record it has by now. */
export async function removeLeaves(parts: Parts, leaves: readonly Leaves[], signal?: AbortSignal): Promise<void> {
  const sql = (text: string) => parts.store.sql(text)
  const docs = leaves
    .filter(({ kind, id }) => findReceipt(sql, kind, id)?.seq === findSequence(sql, kind, id))
    .flatMap(({ losing }) =>
      losing.map(({ kind, id, rev }) => ({ _id: documentId(kind as TravellingKind, id), _rev: rev, _deleted: true })),
    )
  if (docs.length === 0) return
  await parts.connection.ask({ method: 'POST', path: `/${parts.database}/_bulk_docs`, body: { docs }, signal })
}
