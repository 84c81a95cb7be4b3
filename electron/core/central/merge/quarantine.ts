import type { Fault } from '../../../../shared/contract/result.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Incoming } from './incoming.ts'

const nameOf = ({ kind, id }: Pick<Incoming, 'kind' | 'id'>): string => `${kind}:${id}`

/**
 * Keeps a document aside that is not applied. The sentence and whether it only waits for something else are shown; a
 * document that stands there already is noted once. @returns whether it is news
 */
export function keepAside(tx: Transaction, incoming: Incoming, fault: Fault, arriving: boolean, at: number): boolean {
  const name = nameOf(incoming)
  const known = tx.sql('SELECT rev, code, arriving, since FROM central_quarantine WHERE document_id = ?').get(name) as
    | { rev: string; code: string; arriving: number; since: number }
    | undefined
  const isSame = known?.rev === incoming.rev && known.code === fault.code && known.arriving === (arriving ? 1 : 0)
  if (isSame) return false
  const since = known?.rev === incoming.rev ? known.since : at
  tx.touch('central')
  tx.sql('INSERT OR REPLACE INTO central_quarantine VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    name,
    incoming.rev,
    JSON.stringify(incoming),
    arriving ? 1 : 0,
    fault.code,
    JSON.stringify(fault.params),
    since,
  )
  tx.audit({
    action: arriving ? 'central.awaited' : 'central.quarantined',
    subjectKind: incoming.kind,
    subjectId: incoming.id,
    detail: { code: fault.code },
  })
  return true
}

/** The document is used by now, or a newer one stands in its place. */
export function takeOut(tx: Transaction, incoming: Pick<Incoming, 'kind' | 'id'>): void {
  const { changes } = tx.sql('DELETE FROM central_quarantine WHERE document_id = ?').run(nameOf(incoming))
  if (changes > 0) tx.touch('central')
}

/** Whether exactly this document was kept aside for good. */
export const isKeptAside = (sql: Store['sql'], incoming: Incoming): boolean =>
  sql('SELECT 1 FROM central_quarantine WHERE document_id = ? AND rev = ? AND arriving = 0').get(
    nameOf(incoming),
    incoming.rev,
  ) !== undefined

/** Documents tried again at once. */
const MOST = 500

/** What waits for something else to arrive. */
export const stillArriving = (store: Store): Incoming[] =>
  parsed(
    store
      .sql('SELECT body FROM central_quarantine WHERE arriving = 1 ORDER BY since, document_id LIMIT ?')
      .pluck()
      .all(MOST),
  )

/** What did not verify, and may once another officer is known here. */
export const unverified = (store: Store): Incoming[] =>
  parsed(
    store
      .sql(
        `SELECT body FROM central_quarantine WHERE arriving = 0
         AND code IN ('central.officer-untrusted', 'central.manager-untrusted',
                      'central.connector-untrusted', 'central.sign-in-provider-untrusted',
                      'central.decision-invalid')
         ORDER BY since, document_id LIMIT ?`,
      )
      .pluck()
      .all(MOST),
  )

const parsed = (bodies: readonly unknown[]): Incoming[] =>
  (bodies as string[]).map((body) => JSON.parse(body) as Incoming)
