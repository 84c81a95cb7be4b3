import { type Fault, fail } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { messageId, newId, transactionId } from '../../../shared/model/ids.ts'
import type { Delivery } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Moment } from '../../../shared/model/record.ts'
import type { PaymentEvent } from '../../../shared/rules/payment-life.ts'
import { canSplit, linesOfPart } from '../../../shared/rules/submission-parts.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { Envelope, NotSealed, Opened, PartMessage, PostedPayment, PostOutcome } from '../channels/channel.ts'
import { digestOfMessage } from '../channels/message-digest.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { forgetAbsence } from './absence.ts'
import { findClaim, leftBeforeRestore } from './claim.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { mayStillLeave, type PartOnItsWay } from './part-facts.ts'
import { applyEventToAll, type MoveDetail, paymentsById } from './payment-moves.ts'
import type { Posts } from './posts.ts'
import { findObstacle, type Obstacle, obstacleOf } from './send-permit.ts'
import { settle } from './settlement.ts'

export type Transmitted =
  | { readonly kind: 'posted'; readonly outcome: PostOutcome }
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** The payment system made no room for the message, or a key of it could not be had: nothing was posted. */
  | { readonly kind: 'not-opened'; readonly fault: Fault; readonly retryAt: number | null; readonly slowDown: boolean }

interface Sealed {
  readonly envelope: Envelope
  readonly message: PartMessage
  /** Undefined when the newest stored envelope is still good. */
  readonly id: string
  readonly number: number
  readonly isNew: boolean
  /** When the message was first made, epoch milliseconds. */
  readonly madeAt: number
  readonly openedAs: string
}

/** A signature that ends within this time would be stale on arrival: milliseconds. */
const MARGIN = 60_000

/**
 * Posts one part: the bytes are stored, the post is noted in store and journal, and only then do they leave (I1). What
 * became of it is written with the moves that follow from it.
 */
export async function transmit(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  manager: PaymentManager,
  part: PartOnItsWay,
  signal: AbortSignal,
): Promise<Transmitted> {
  const { batchId } = submission
  const sealed = await sealPart(context, submission, manager, part, signal)
  if ('kind' in sealed) return { ...sealed, kind: 'not-opened' }
  if ('fault' in sealed) return { ...sealed, kind: 'not-opened', slowDown: false }
  const post = part.posts + 1
  const keptBack = staleAfter(context, context.addresses.isAsked(manager))
  const withheld = await findWithheld(context, batchId, signal)
  if (withheld !== undefined) return { kind: 'obstacle', obstacle: withheld }
  posts.begin(batchId)
  try {
    const obstacle = beginPost(context, submission, part, sealed, post)
    if (obstacle !== undefined) return { kind: 'obstacle', obstacle }
    context.guard.note({
      kind: 'posting',
      batchId,
      submissionId: submission.id,
      managerId: manager.id,
      part: part.part,
      envelope: sealed.number,
      post,
      transmissionId: sealed.id,
      messageDigest: sealed.message.digest,
      madeAt: sealed.madeAt,
      storedAt: storedAt(context.store, sealed.id),
      openedAs: sealed.openedAs,
      payments: part.payments.map(({ id }) => id),
    })
    const said = await context
      .channelOf(manager)
      .post(sealed.envelope, manager, postedOf(submission, part), signal, keptBack)
    const outcome =
      said.kind === 'too-large' && !maySplit(submission, part) ? ({ ...said, kind: 'refused' } as const) : said
    // Known before the halves leave: without it a restored store would hold the whole part for sent.
    if (outcome.kind === 'too-large') {
      context.guard.note({ kind: 'too-large', submissionId: submission.id, part: part.part, post })
    }
    endPost(context, submission, manager, part, sealed.id, post, outcome)
    return { kind: 'posted', outcome }
  } finally {
    posts.end(batchId)
  }
}

/** Without the bytes, which are many. */
const storedAt = (store: Store, transmissionId: string): Moment =>
  store.sql('SELECT changed_at FROM transmission WHERE id = ?').pluck().get(transmissionId) as Moment

/** The word of the central server that this office sends the batch, and a mapper's about addresses, are good for so long: milliseconds. */
const CONFIRMED_FOR = 60_000

/**
 * Whether the word that is asked for now has become too old by the first byte: a laptop may sleep between the two, and a
 * take-over happen. Both clocks are asked, since one may stand still meanwhile and the other be set.
 */
export function staleAfter({ claims, time }: DispatchContext, isAsked: boolean): () => Fault['code'] | undefined {
  const [now, elapsed] = [time.now(), time.elapsed()]
  return () => {
    if (!claims.isShared() && !isAsked) return undefined
    const took = Math.max(Math.abs(time.now() - now), time.elapsed() - elapsed)
    if (took <= CONFIRMED_FOR) return undefined
    return claims.isShared() ? 'central.confirmed-long-ago' : 'mapper.checked-long-ago'
  }
}

/** Whether the central server says, just before a post, that this office is not the one that sends the batch any more (I6). */
export async function findWithheld(
  { store, claims }: Pick<DispatchContext, 'store' | 'claims'>,
  batchId: string,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  if (!claims.isShared()) return undefined
  const claim = findClaim((text) => store.sql(text), batchId) ?? fail('dispatch.no-claim')
  const answer = await claims.confirm(claim, signal)
  return answer.kind === 'ours' ? undefined : obstacleOf(answer)
}

/** The payments of a part as they were approved. */
function postedOf(submission: Submission, { part, payments }: PartOnItsWay): PostedPayment[] {
  const { currency } = submission
  const references = new Map(payments.map(({ id, theirReference }) => [id, theirReference]))
  return linesOfPart(submission, part).map(({ paymentId: id, amount, payeeAddress }) => ({
    id,
    currency,
    amount,
    payeeAddress,
    theirReference: references.get(id) ?? '',
  }))
}

/** Only what was never taken may go in halves, which carry other message ids. */
const maySplit = (submission: Submission, { part, mayHaveBeenTaken }: PartOnItsWay): boolean =>
  !mayHaveBeenTaken && canSplit(submission, part)

/** The stored envelope while its signature is good, else a new one around the identical message (I2). */
async function sealPart(
  context: DispatchContext,
  submission: Submission,
  manager: PaymentManager,
  part: PartOnItsWay,
  signal: AbortSignal,
): Promise<Sealed | NotSealed | Exclude<Opened, { kind: 'opened' }>> {
  const channel = context.channelOf(manager)
  const { store, time } = context
  const known = part.transmission
  if (known === undefined) {
    // Made when the clock was just found to be right, and never again: its schedule is this moment.
    const madeAt = time.now()
    const message = channel.message(submission, part.part, manager, madeAt) ?? fail('channel.message-changed')
    const opened = await channel.findOpening(manager)?.(message, submission, signal)
    if (opened?.kind === 'failed') return opened
    const openedAs = opened?.openedAs ?? ''
    const envelope = await channel.seal(message, manager, openedAs, signal)
    if ('fault' in envelope) return envelope
    return { envelope, message, id: newId(), number: 1, isNew: true, madeAt, openedAs }
  }
  const stored = store.get('transmission', known.id)
  const { madeAt, openedAs } = stored
  const message: PartMessage =
    stored.body === ''
      ? // Rebuilt from the journal after a restore: made again from the submission, and the same or nothing.
        (channel.message(submission, part.part, manager, madeAt) ?? fail('channel.message-changed'))
      : {
          part: part.part,
          transactionId: stored.transactionId,
          messageId: stored.messageId,
          count: stored.count,
          // What a stored envelope says, in the clear.
          message: stored.message === '' ? channel.readMessage(stored) : JSON.parse(stored.message),
          digest: stored.messageDigest,
        }
  const unchanged =
    digestOfMessage(message.message) === stored.messageDigest &&
    message.transactionId === transactionId(submission.id, part.part) &&
    message.messageId === messageId(submission.id, part.part)
  if (!unchanged) fail('channel.message-changed')
  if (stored.body !== '' && (stored.validUntil === null || stored.validUntil > time.now() + MARGIN)) {
    return { envelope: stored, message, id: stored.id, number: stored.envelope, isNew: false, madeAt, openedAs }
  }
  const envelope = await channel.seal(message, manager, openedAs, signal)
  if ('fault' in envelope) return envelope
  return { envelope, message, id: newId(), number: stored.envelope + 1, isNew: true, madeAt, openedAs }
}

/** Everything that must be durable before the first byte leaves. What holds it back is asked again here, where it counts. */
function beginPost(
  context: DispatchContext,
  submission: Submission,
  part: PartOnItsWay,
  { envelope, message, id, number, isNew, madeAt, openedAs }: Sealed,
  post: number,
): Obstacle | undefined {
  const { store, time, guard } = context
  const { batchId } = submission
  return store.transaction(OFFICE, (transaction) => {
    const sql: Store['sql'] = (text) => transaction.sql(text)
    const obstacle = findObstacle(context, transaction.get('batch', batchId))
    if (obstacle !== undefined) return obstacle
    const claim = findClaim(sql, batchId)
    const ours =
      claim !== undefined && claim.submissionId === submission.id && claim.installationId === store.installationId
    if (!ours || claim.epoch > guard.epoch) fail('dispatch.no-claim')
    const payments = paymentsById(
      sql,
      part.payments.map((payment) => payment.id),
    )
    const lines = new Map(linesOfPart(submission, part.part).map((line) => [line.paymentId, line]))
    const isFirst = !part.mayHaveBeenTaken
    // Left under a submission that an older store did not know, and nobody has put that back.
    if (part.posts === 0 && leftBeforeRestore(sql, [...lines.keys()])) fail('dispatch.sent-before-restore')
    for (const payment of payments) {
      const line = lines.get(payment.id)
      if (line === undefined || payment.batchId !== batchId || payment.state === 'cancelled') {
        fail('dispatch.payments-moved')
      }
      // Whoever looks into it decides what comes next, not a message that names it.
      if (payment.state === 'review') fail('dispatch.in-review')
      // Half of what was too large may have been asked about before that was known, and waits for an approver since.
      const waits = mayStillLeave(payment)
      // The first time the whole message waits; later, what is known of the others is on record and no reason to keep it.
      if (!waits && isFirst) fail('dispatch.payments-moved')
      if (!waits) continue
      if (line.amount !== payment.amount || line.payeeAddress !== payment.payeeAddress) fail('dispatch.payments-moved')
      if (payment.held) return { kind: 'wait', by: 'held', fault: { code: 'dispatch.held', params: {} } } as const
    }
    if (payments.length !== lines.size) fail('dispatch.payments-moved')
    if (isNew) {
      transaction.put('transmission', {
        id,
        batchId,
        submissionId: submission.id,
        part: part.part,
        envelope: number,
        messageId: message.messageId,
        transactionId: message.transactionId,
        messageDigest: message.digest,
        count: message.count,
        madeAt,
        openedAs,
        validUntil: envelope.validUntil,
        body: envelope.body,
        headers: { ...envelope.headers },
        message: envelope.message,
      })
    }
    putDelivery(transaction, { transmissionId: id, batchId, part: part.part, post, outcome: 'posting' })
    applyEventToAll(transaction, payments, 'post')
    forgetAbsence(
      sql,
      payments.map((payment) => payment.id),
    )
    refreshBatch(transaction, batchId, time.now())
    transaction.audit({
      action: isFirst ? 'part.posting' : 'part.posting-again',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { part: part.part, post, envelope: number, count: message.count, message: message.digest },
    })
    return undefined
  })
}

type DeliveryDraft = Pick<Delivery, 'transmissionId' | 'batchId' | 'part' | 'post' | 'outcome'> & Partial<Delivery>

export function putDelivery(transaction: Transaction, draft: DeliveryDraft): void {
  transaction.put('delivery', { id: newId(), httpStatus: null, code: '', text: '', correlationId: '', ...draft })
}

/** Writes how a post ended, and moves its payments. */
function endPost(
  context: DispatchContext,
  submission: Submission,
  manager: PaymentManager,
  part: PartOnItsWay,
  transmissionId: string,
  post: number,
  outcome: PostOutcome,
): void {
  const { store, time } = context
  const { batchId } = submission
  store.transaction(OFFICE, (transaction) => {
    const payments = paymentsById(
      transaction.sql,
      part.payments.map(({ id }) => id),
    )
    const said = 'code' in outcome ? outcome : undefined
    putDelivery(transaction, {
      transmissionId,
      batchId,
      part: part.part,
      post,
      outcome: outcome.kind,
      httpStatus: said?.httpStatus ?? null,
      code: said?.code || ('fault' in outcome ? outcome.fault.code : ''),
      text: said?.text ?? '',
      correlationId: 'correlationId' in outcome ? outcome.correlationId : '',
    })
    if (outcome.kind === 'answered') {
      const profile = context.channelOf(manager).profile(manager)
      settle(transaction, payments, outcome.words, { source: 'reply', profile, repeated: part.mayHaveBeenTaken })
    } else {
      const event = eventOf(outcome, part.mayHaveBeenTaken)
      const detail: MoveDetail = detailOf(outcome)
      applyEventToAll(transaction, payments, event, ({ state }) => (movesOn(state) ? detail : {}))
    }
    refreshBatch(transaction, batchId, time.now())
    transaction.audit({
      action: 'part.posted',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { part: part.part, post, outcome: outcome.kind, code: said?.code ?? '' },
    })
  })
}

const movesOn = (state: string): boolean => ['sent', 'unknown', 'queued'].includes(state)

function eventOf(outcome: Exclude<PostOutcome, { kind: 'answered' }>, repeated: boolean): PaymentEvent {
  switch (outcome.kind) {
    case 'never-sent':
    case 'refused':
    case 'too-large':
      return 'notTaken'
    case 'acknowledged':
      return 'accept'
    case 'nack':
      return 'nack'
    case 'duplicate':
      return repeated ? 'duplicateOnRetry' : 'duplicateOnFirstSend'
    case 'unknown':
      return 'timeout'
  }
}

function detailOf(outcome: Exclude<PostOutcome, { kind: 'answered' }>): MoveDetail {
  switch (outcome.kind) {
    case 'acknowledged':
    case 'never-sent':
    case 'too-large':
      return { reasonCode: '', reasonText: '' }
    case 'unknown':
      return { reasonCode: outcome.code || outcome.fault.code, reasonText: outcome.text }
    default:
      return { reasonCode: outcome.code || 'dispatch.outcome-unknown', reasonText: outcome.text }
  }
}

/**
 * A post that nobody wrote down the end of: it may have been taken (I3), unless the journal knows that it was too large.
 *
 * @returns what it counts for from now on; of a part that was too large the halves go instead
 */
export function markCutOff(
  context: DispatchContext,
  submission: Submission,
  part: PartOnItsWay,
): 'unknown' | 'too-large' {
  const { store, time, guard } = context
  const last = part.lastDelivery ?? fail('dispatch.not-on-its-way')
  const wasTooLarge = guard.journal
    .whatLeft()
    .wasTooLarge({ submissionId: submission.id, part: part.part, post: last.post })
  const { transmissionId, post } = last
  const delivery = { transmissionId, batchId: submission.batchId, part: part.part, post }
  const code: Fault['code'] = 'dispatch.outcome-unknown'
  store.transaction(OFFICE, (transaction) => {
    putDelivery(
      transaction,
      wasTooLarge ? { ...delivery, outcome: 'too-large' } : { ...delivery, outcome: 'unknown', code },
    )
    const payments = paymentsById(
      transaction.sql,
      part.payments.map(({ id }) => id),
    )
    if (wasTooLarge) applyEventToAll(transaction, payments, 'notTaken')
    else applyEventToAll(transaction, payments, 'timeout', ({ state }) => (movesOn(state) ? { reasonCode: code } : {}))
    refreshBatch(transaction, submission.batchId, time.now())
    transaction.audit({
      action: 'part.cut-off',
      subjectKind: 'batch',
      subjectId: submission.batchId,
      detail: { part: part.part, post: last.post },
    })
  })
  return wasTooLarge ? 'too-large' : 'unknown'
}
