import { submissionDigest } from '../../batches/digest.ts'
import type { Store } from '../../store/store.ts'
import { findSubmission, piecesOf } from '../documents.ts'
import type { Incoming } from '../merge/apply.ts'
import type { CheckedDocument, CheckedPiece } from './check-page.ts'
import { findReceipt } from './receipts.ts'

const HEAD = (id: string): string => `submission:${id}`

interface Kept {
  readonly document_id: string
  readonly rev: string
  readonly body: string
}

export interface Arrived {
  /** What came beside submissions. */
  readonly judged: readonly CheckedDocument[]
  /** Submissions of which everything is here. */
  readonly complete: readonly Incoming[]
  /** Their pieces are needed no longer. */
  clear(): void
}

/**
 * Keeps what came of submissions until everything of one is here: its head and its lines travel in documents of their own,
 * in any order. One whose digest does not fit its lines goes on to be refused.
 */
export function keepPieces(
  store: Store,
  documents: readonly CheckedDocument[],
  pieces: readonly CheckedPiece[],
): Arrived {
  const heads = documents.filter(({ kind, deleted }) => kind === 'submission' && !deleted)
  const judged = documents.filter(({ kind }) => kind !== 'submission')
  const sql = (text: string) => store.sql(text)
  const isHere = (id: string): boolean => findReceipt(sql, 'submission', id) !== undefined
  const newPieces = pieces.filter(({ submissionId }) => !isHere(submissionId))
  const newHeads = heads.filter(({ id }) => !isHere(id))
  if (newPieces.length + newHeads.length === 0) return { judged, complete: [], clear: () => undefined }
  store.housekeeping((statement) => {
    const keep = statement('INSERT OR REPLACE INTO central_piece VALUES (?, ?, ?, ?)')
    for (const { documentId, submissionId, rev, body } of newPieces) keep.run(documentId, submissionId, rev, body)
    for (const { id, rev, record } of newHeads) keep.run(HEAD(id), id, rev, JSON.stringify(record))
  })
  const touched = new Set([...newPieces.map(({ submissionId }) => submissionId), ...newHeads.map(({ id }) => id)])
  const complete = [...touched].flatMap((id) => findComplete(store, id) ?? [])
  return {
    judged,
    complete,
    clear: () =>
      store.housekeeping((statement) => {
        for (const { id } of complete) statement('DELETE FROM central_piece WHERE submission_id = ?').run(id)
      }),
  }
}

function findComplete(store: Store, id: string): Incoming | undefined {
  const kept = store.sql('SELECT document_id, rev, body FROM central_piece WHERE submission_id = ?').all(id) as Kept[]
  const head = kept.find(({ document_id }) => document_id === HEAD(id))
  if (head === undefined) return undefined
  const fields = JSON.parse(head.body) as Record<string, unknown>
  const wanted = piecesOf(typeof fields.count === 'number' ? fields.count : 0)
  const lines = kept
    .filter((piece) => piece !== head)
    .map(({ document_id, body }) => ({ piece: Number(document_id.split(':').at(-1)), body }))
    .sort((one, other) => one.piece - other.piece)
  if (lines.length < wanted) return undefined
  const submission = findSubmission(
    fields,
    lines.map(({ body }) => JSON.parse(body)),
  )
  // Where people were erased from the lines at the centre, the digest is that of what was sent and known no more.
  const fits =
    submission !== undefined &&
    (submission.erasedAt !== undefined || submissionDigest(submission) === submission.digest)
  // What does not fit is handed on as its head alone, which is no submission.
  const record = fits ? submission : fields
  return { kind: 'submission', id, rev: head.rev, deleted: false, record, conflicts: [] }
}
