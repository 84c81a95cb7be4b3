import { messageId, transactionId } from '../../../shared/model/ids.ts'
import type { Delivery, PartKey } from '../../../shared/model/payment.ts'
import { linesOfPart } from '../../../shared/rules/submission-parts.ts'
import type { Question, SentMessage } from '../channels/channel.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import type { Store } from '../store/store.ts'
import { findClaim } from './claim.ts'
import { NOT_TAKEN, partsOfBatch } from './part-facts.ts'
import { getSubmission } from './submissions.ts'

/**
 * Payments of a batch, gathered by the messages that they left in (or will leave in, since those ids are derived). Payments
 * that are in none of them cannot be asked about this way and are left out.
 */
export function byMessages<P extends Question['payments'][number]>(
  store: Store,
  batchId: string,
  payments: readonly P[],
): { readonly payments: readonly P[]; readonly message: SentMessage }[] {
  const sql: Store['sql'] = (text) => store.sql(text)
  const claim = findClaim(sql, batchId)
  if (claim === undefined) return []
  const submission = getSubmission(store, claim.submissionId)
  const wanted = new Map(payments.map((payment) => [payment.id, payment]))
  return partsOfBatch(sql, submission).flatMap((part) => {
    const lines = linesOfPart(submission, part)
    const asked = lines.flatMap(({ paymentId }) => wanted.get(paymentId) ?? [])
    if (asked.length === 0) return []
    const message = {
      transactionId: transactionId(submission.id, part),
      messageId: messageId(submission.id, part),
      lines,
      ...namesOf(sql, batchId, part),
      ...postsOf(sql, batchId, part),
    }
    return [{ payments: asked, message }]
  })
}

/** What the payment system called a message, when it took it and before. */
const namesOf = (
  sql: Store['sql'],
  batchId: string,
  part: PartKey,
): Pick<SentMessage, 'correlationId' | 'openedAs' | 'madeAt'> => ({
  correlationId:
    (sql(
      `SELECT body ->> '$.correlationId' FROM delivery
       WHERE batch_id = ? AND part = ? AND body ->> '$.correlationId' <> '' ORDER BY post DESC, seq DESC LIMIT 1`,
    )
      .pluck()
      .get(batchId, part) as string | undefined) ?? '',
  openedAs:
    (sql(
      `SELECT body ->> '$.openedAs' FROM transmission
       WHERE batch_id = ? AND part = ? ORDER BY envelope DESC, rowid LIMIT 1`,
    )
      .pluck()
      .get(batchId, part) as string | undefined) ?? '',
  madeAt: sql("SELECT min(body ->> '$.madeAt') FROM transmission WHERE batch_id = ? AND part = ?")
    .pluck()
    .get(batchId, part) as number | null,
})

/** When a message left, and whether it may have been taken more than once. A post without an end may have been taken. */
function postsOf(
  sql: Store['sql'],
  batchId: string,
  part: PartKey,
): Pick<SentMessage, 'postedAt' | 'mayHaveComeTwice'> {
  const rows = sql('SELECT post, outcome, changed_at AS moment FROM delivery WHERE batch_id = ? AND part = ?').all(
    batchId,
    part,
  ) as { post: number; outcome: Delivery['outcome']; moment: string }[]
  const posts = Map.groupBy(rows, ({ post }) => post)
  const maybeTaken = [...posts.values()].filter((one) => {
    const end = one.find(({ outcome }) => outcome !== 'posting')
    return end === undefined || !NOT_TAKEN.has(end.outcome)
  })
  const moments = maybeTaken.flat().map(({ moment }) => momentMilliseconds(moment))
  return { postedAt: moments.length === 0 ? null : Math.max(...moments), mayHaveComeTwice: maybeTaken.length > 1 }
}
