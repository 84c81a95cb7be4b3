import type { Fault } from '../../../../shared/contract/result.ts'
import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'
import { records } from '../../../../shared/model/records.ts'
import { addContactKeys, contactKeysOf, dropContactKeys } from '../../registry/contact-keys.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { batchOf, isSameContent, type TravellingBatch, type TravellingKind } from '../documents.ts'
import { findReceipt, findSequence, putReceipt } from '../replication/receipts.ts'

/** A record of the central server as it came. */
export interface Incoming {
  readonly kind: RecordKind
  readonly id: string
  readonly rev: string
  readonly deleted: boolean
  /** The fields as they came, not checked. */
  readonly record: unknown
  /** Other leaves that the server holds of it. */
  readonly conflicts: readonly string[]
}

export interface MergeContext {
  readonly store: Store
  /** Epoch milliseconds by the server's clock. */
  readonly now: () => number
}

export interface Applied {
  readonly adopted: number
  readonly merged: number
  readonly conflicts: number
  readonly quarantined: number
  /** The removal guard asks; nothing of what came was applied then. */
  readonly stopped: Fault | null
}

/** Applies what came: the later moment stands. Idempotent. */
export async function applyIncoming({ store, now }: MergeContext, incoming: readonly Incoming[]): Promise<Applied> {
  let [adopted, quarantined] = [0, 0]
  for (const one of incoming) {
    store.transaction(OFFICE, (tx) => {
      const done = apply(tx, one, now())
      if (done === 'adopted') adopted += 1
      if (done === 'quarantined') quarantined += 1
      tx.audit({ action: 'central.applied', subjectKind: one.kind, subjectId: one.id, detail: { done } })
    })
  }
  return { adopted, merged: 0, conflicts: 0, quarantined, stopped: null }
}

function apply(tx: Transaction, { kind, id, rev, deleted, record }: Incoming, at: number): string {
  const here = tx.find(kind, id)
  if (deleted) return 'kept'
  const whole =
    kind === 'batch' ? batchOf(record as TravellingBatch, here as RecordOf<'batch'> | undefined) : (record as object)
  const checked = records[kind].schema.safeParse(whole)
  if (!checked.success || checked.data.id !== id) {
    tx.sql('INSERT OR REPLACE INTO central_quarantine VALUES (?, ?, ?, 0, ?, ?, ?)').run(
      `${kind}:${id}`,
      rev,
      JSON.stringify(record),
      'central.record-invalid',
      JSON.stringify({ kind }),
      at,
    )
    return 'quarantined'
  }
  const theirs = checked.data as RecordOf<RecordKind>
  const isSame = here !== undefined && isSameContent(kind as TravellingKind, here, record)
  const receipt = findReceipt(tx.sql, kind, id)
  const seq = findSequence(tx.sql, kind, id) ?? 0
  const inStep = receipt?.seq === seq
  if (isSame || (here !== undefined && records[kind].appendOnly)) {
    putReceipt(tx.sql, kind, id, { seq, rev, at })
    return 'same'
  }
  if (here !== undefined && !inStep && here.changedAt > theirs.changedAt) {
    putReceipt(tx.sql, kind, id, { seq: 0, rev, at })
    tx.sql('INSERT OR REPLACE INTO central_base VALUES (?, ?, ?)').run(kind, id, JSON.stringify(theirs))
    return 'kept'
  }
  if (kind === 'registrant' && here !== undefined) dropContactKeys(tx, here as RecordOf<'registrant'>)
  tx.adopt(kind, theirs as never)
  if (kind === 'registrant') addContactKeys(tx, id, contactKeysOf(theirs as RecordOf<'registrant'>))
  putReceipt(tx.sql, kind, id, { seq: tx.sequence, rev, at })
  tx.sql('DELETE FROM central_base WHERE kind = ? AND id = ?').run(kind, id)
  return 'adopted'
}
