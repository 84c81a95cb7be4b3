import { z } from 'zod'
import type { Claim, Submission } from '../../../../shared/model/batch.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { FileDeed } from '../../../../shared/model/payment-file.ts'
import { linesOfPart } from '../../../../shared/rules/submission-parts.ts'
import { findClaim } from '../../dispatch/claim.ts'
import type { DispatchContext } from '../../dispatch/dispatch-context.ts'
import { isAskedBeforeFirstPosts, partsOfBatch } from '../../dispatch/part-facts.ts'
import { getSubmission } from '../../dispatch/submissions.ts'
import type { Store } from '../../store/store.ts'

/** The newest bytes of a part's file, without the bytes. */
const Kept = z.object({
  id: z.string(),
  madeAt: z.number(),
  messageDigest: z.string(),
  headers: z.record(z.string(), z.string()),
  isThere: z.int(),
})
export type KeptFile = z.infer<typeof Kept>

/** A part of a claimed batch with what officers did with its file. */
export interface FilePart {
  readonly part: PartKey
  readonly count: number
  readonly claim: Claim
  readonly submission: Submission
  /** Undefined until the file is made. */
  readonly kept: KeptFile | undefined
  /** In the order in which they were taken. */
  readonly copies: readonly FileDeed[]
  readonly withdrawn: FileDeed | undefined
  /** Of the latest copy that store or journal know; 0 where they know none. */
  readonly lastCopy: number
  readonly isWithdrawn: boolean
  /**
   * A copy may be outside of which nobody here knows: the batch was claimed in an earlier life of this store or by another
   * office, or it is not known what left.
   */
  readonly mayBeOutside: boolean
}

type Parts = Pick<DispatchContext, 'store' | 'guard'>

const deedsOf = (sql: Store['sql'], batchId: string, part: PartKey): FileDeed[] =>
  (
    sql('SELECT body FROM file_deed WHERE batch_id = ? AND part = ? ORDER BY number, seq')
      .pluck()
      .all(batchId, part) as string[]
  ).map((body) => JSON.parse(body) as FileDeed)

function findKept(sql: Store['sql'], batchId: string, part: PartKey): KeptFile | undefined {
  // A body is large; only its size matters here.
  const row = sql(
    `SELECT id, body ->> '$.madeAt' AS madeAt, body ->> '$.messageDigest' AS messageDigest,
            body -> '$.headers' AS headers, body ->> '$.body' <> '' AS isThere
     FROM transmission WHERE batch_id = ? AND part = ? ORDER BY envelope DESC LIMIT 1`,
  ).get(batchId, part) as (Omit<KeptFile, 'headers'> & { headers: string }) | undefined
  return row === undefined ? undefined : Kept.parse({ ...row, headers: JSON.parse(row.headers) })
}

/** The parts of a batch on its way by file; empty before it is claimed. */
export function fileParts({ store, guard }: Parts, batchId: string): FilePart[] {
  const sql: Store['sql'] = (text) => store.sql(text)
  const claim = findClaim(sql, batchId)
  if (claim === undefined) return []
  const submission = getSubmission(store, claim.submissionId)
  const mayBeOutside =
    claim.installationId !== store.installationId ||
    claim.epoch < guard.epoch ||
    claim.takenFrom !== undefined ||
    guard.doubt !== undefined ||
    isAskedBeforeFirstPosts(store)
  return partsOfBatch(sql, submission).map((part) => {
    const deeds = deedsOf(sql, batchId, part)
    const copies = deeds.filter(({ deed }) => deed === 'copied')
    const withdrawn = deeds.find(({ deed }) => deed === 'withdrawn')
    return {
      part,
      count: linesOfPart(submission, part).length,
      claim,
      submission,
      kept: findKept(sql, batchId, part),
      copies,
      withdrawn,
      lastCopy: Math.max(guard.journal.copiesOf(batchId, part), ...copies.map(({ number }) => number)),
      isWithdrawn: withdrawn !== undefined || guard.journal.isWithdrawn(batchId, part),
      mayBeOutside,
    }
  })
}
