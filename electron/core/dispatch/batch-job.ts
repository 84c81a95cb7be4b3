import { z } from 'zod'
import { catalogue } from '../../../shared/contract/errors.ts'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { halvesOf } from '../../../shared/rules/submission-parts.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { managerDigest } from '../batches/digest.ts'
import type { JobKind, JobOutcome, JobRun } from '../scheduler/job.ts'
import { OFFICE } from '../store/store.ts'
import { checkApproval } from './approval-check.ts'
import {
  claimBatch,
  findClaim,
  isFollowedHere,
  isHandedHere,
  queuePayments,
  takeBackPayments,
  withdrawPayments,
} from './claim.ts'
import { claimedElsewhere, findLeftBehind, leftBehindFault, sendBack } from './claimed-elsewhere.ts'
import { confirmAddresses } from './confirm-addresses.ts'
import { BATCH_JOB, breathe, type DispatchContext } from './dispatch-context.ts'
import { lookUp, probe } from './look-up.ts'
import { type PartOnItsWay, partsOfBatch, partsOnTheirWay, repeatingOf } from './part-facts.ts'
import { ABSENT_FOR_LONG, type PartStep, partStage, partSteps } from './part-life.ts'
import { paymentsById } from './payment-moves.ts'
import type { Posts } from './posts.ts'
import { deferralOf, findObstacle } from './send-permit.ts'
import type { ClaimAnswer } from './sender-claims.ts'
import { countSetApart, setApart } from './set-apart.ts'
import { getSubmission } from './submissions.ts'
import { markCutOff, transmit } from './transmit.ts'

const Input = z.object({ batchId: z.string() })

/** Brings one approved batch to its end: claim, parts in order, and whatever became unknown on the way. */
export const batchJob = (context: DispatchContext, posts: Posts): JobKind<z.infer<typeof Input>> => ({
  kind: BATCH_JOB,
  input: Input,
  // It also looks up what is unknown, which goes on while sending is stopped; each post asks the switch itself.
  sends: false,
  async run({ batchId }, run) {
    const outcome = await bringThrough(context, posts, batchId, run)
    if (!run.signal.aborted) showAttention(context, batchId, outcome)
    return outcome
  },
})

async function bringThrough(context: DispatchContext, posts: Posts, batchId: string, run: JobRun): Promise<JobOutcome> {
  const { store } = context
  const batch = store.get('batch', batchId)
  const handedHere = isHandedHere((text) => store.sql(text), batchId)
  const claim = handedHere ? undefined : findClaim((text) => store.sql(text), batchId)
  if (claim !== undefined && !isFollowedHere(context, batchId))
    return { kind: 'attention', fault: claimedElsewhere(claim) }
  if (claim === undefined) {
    const stopped = await makeReady(context, batch, run.signal)
    if (stopped !== undefined) return stopped
  }
  const claimed = findClaim((text) => store.sql(text), batchId)
  if (claimed === undefined) return { kind: 'finished' }
  if (claim !== undefined && claim.epoch < context.guard.epoch) {
    const stopped = await findWhatLeft(context, posts, getSubmission(store, claim.submissionId), run.signal)
    if (stopped !== undefined) return stopped
  }
  if (claim !== undefined && mayBeUnchecked(context, batchId)) {
    // The claim came back from the journal or from the central server into a store that was older than the sending of the
    // batch, or it was taken over.
    try {
      const wanted = getSubmission(store, claim.submissionId)
      await queuePayments(context, await checkApproval(store, batch, claimedFirst(context, batchId), wanted), true)
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error
      if (error.fault.code === 'central.still-arriving') return stillArriving(context, error.fault)
      return { kind: 'attention', fault: error.fault }
    }
  }
  const submission = getSubmission(store, claimed.submissionId)
  return sendParts(context, posts, submission, store.get('paymentManager', submission.managerId), run)
}

/**
 * The batch was claimed before this store was restored, so that messages may have left of which nobody here knows: payments
 * that the central server's claims leave to this batch alone are its own again, and are asked about before anything else.
 */
async function findWhatLeft(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  signal: AbortSignal,
): Promise<JobOutcome | undefined> {
  const { store, time } = context
  await takeBackPayments(context, submission)
  const waiting = paymentsById(
    (text) => store.sql(text),
    submission.lines.map(({ paymentId }) => paymentId),
  ).filter(({ state }) => state === 'prepared' || state === 'queued' || state === 'cancelled')
  if (waiting.length === 0) return undefined
  const asked = waiting.map(({ id, batchId, theirReference }) => ({
    id,
    currency: submission.currency,
    batchId,
    theirReference,
  }))
  const found = await lookUp(context, posts, store.get('paymentManager', submission.managerId), asked, signal)
  if (found.kind === 'put-off') return { kind: 'deferred', by: 'line', until: found.retryAt, fault: found.fault }
  if (found.kind === 'failed') return { kind: 'retry', fault: found.fault, notBefore: time.now() + time.minute }
  return undefined
}

/** Payments wait under a claim that this store did not make together with the check of its approval. */
const mayBeUnchecked = ({ store, claims }: DispatchContext, batchId: string): boolean =>
  store.sql("SELECT 1 FROM payment WHERE batch_id = ? AND state = 'prepared' LIMIT 1").get(batchId) !== undefined ||
  (claims.isShared() &&
    store.sql("SELECT 1 FROM payment WHERE batch_id = ? AND state = 'queued' LIMIT 1").get(batchId) !== undefined &&
    store.sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batchId) === undefined)

/** When the approval led to a claim, which is the time that decides whether it had lapsed; epoch milliseconds. */
function claimedFirst({ store, time }: DispatchContext, batchId: string): number {
  const at = store
    .sql("SELECT body ->> '$.claimedAt' FROM claim WHERE batch_id = ? ORDER BY generation, seq LIMIT 1")
    .pluck()
    .get(batchId) as number | null | undefined
  return at ?? time.now()
}

/** From the approval to the claim. Undefined when the batch is claimed; else how the run ends. */
async function makeReady(context: DispatchContext, batch: Batch, signal: AbortSignal): Promise<JobOutcome | undefined> {
  const { store, time } = context
  if (batch.cancelledReason !== '') {
    await withdrawPayments(context, batch.id)
    return { kind: 'finished' }
  }
  try {
    const approval = await checkApproval(store, batch, time.now())
    const sentBack = await leaveBehind(context, approval.submission, signal)
    if (sentBack !== undefined) return sentBack
    await queuePayments(context, approval, false)
    const obstacle = await whatHoldsBack(context, store.get('batch', batch.id), approval.manager, signal)
    if (obstacle !== undefined) return obstacle
    const unreachable = await reach(context, approval.manager, signal)
    if (unreachable !== undefined) return unreachable
    if (!context.claims.isShared()) {
      claimBatch(context, batch, approval, undefined)
      return undefined
    }
    const answer = await context.claims.claim(batch, approval.submission, signal)
    switch (answer.kind) {
      case 'ours':
        claimBatch(context, batch, approval, answer)
        return undefined
      case 'put-off':
        return putOff(answer)
      case 'partly':
        await sendBack(context, approval.submission, answer.elsewhere)
        return { kind: 'attention', fault: answer.fault }
      case 'lost':
        await withdrawPayments(context, batch.id)
        return { kind: 'attention', fault: answer.fault }
    }
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error
    if (error.fault.code === 'central.still-arriving') return stillArriving(context, error.fault)
    if (!error.fault.code.startsWith('dispatch.')) throw error
    // Without a good approval nothing of it waits for the line any more; it can be approved or changed again.
    await withdrawPayments(context, batch.id)
    return { kind: 'attention', fault: error.fault }
  }
}

/**
 * Records of other offices may have come before this batch had its turn, and show some of its payments in other batches. A
 * store in doubt does not judge that: what it sent itself may only be unknown to it.
 */
async function leaveBehind(
  context: DispatchContext,
  submission: Submission,
  signal: AbortSignal,
): Promise<JobOutcome | undefined> {
  const { claims, guard } = context
  if (!claims.isShared() || guard.doubt !== undefined || claims.obstacle() !== undefined) return undefined
  const found = await findLeftBehind(context, submission, signal)
  if (!found.ok) {
    if (found.error.code !== 'central.claimed-elsewhere') {
      return putOff({ kind: 'put-off', fault: found.error, retryAt: null })
    }
    await withdrawPayments(context, submission.batchId)
    return { kind: 'attention', fault: found.error }
  }
  if (found.value.length === 0) return undefined
  await sendBack(context, submission, found.value)
  return { kind: 'attention', fault: leftBehindFault(found.value) }
}

/** Whatever brings the missing records wakes the batch; it also looks again by itself. */
const stillArriving = ({ time }: DispatchContext, fault: Fault): JobOutcome => ({
  kind: 'deferred',
  by: 'line',
  until: time.now() + 5 * time.minute,
  fault,
})

const putOff = ({ fault, retryAt }: Extract<ClaimAnswer, { kind: 'put-off' }>): JobOutcome => ({
  kind: 'deferred',
  by: deferralOf(fault),
  fault,
  ...(retryAt === null ? {} : { until: retryAt }),
})

async function whatHoldsBack(
  context: DispatchContext,
  batch: Batch,
  manager: PaymentManager,
  signal: AbortSignal,
): Promise<JobOutcome | undefined> {
  let obstacle = findObstacle(context, batch)
  // A clock in doubt is settled by asking somebody outside for the time.
  if (obstacle?.kind === 'wait' && obstacle.by === 'clock') {
    await probe(context, manager, signal)
    obstacle = findObstacle(context, batch)
  }
  if (obstacle === undefined) return undefined
  return obstacle.kind === 'wait'
    ? { kind: 'deferred', by: obstacle.by, fault: obstacle.fault }
    : { kind: 'attention', fault: obstacle.fault }
}

/** While the line is down a question goes out first: a post that cannot leave would only fill the records (I9). */
async function reach(
  context: DispatchContext,
  manager: PaymentManager,
  signal: AbortSignal,
): Promise<JobOutcome | undefined> {
  if (context.http.line.isUp()) return undefined
  const answer = await probe(context, manager, signal)
  return answer.kind === 'put-off'
    ? { kind: 'deferred', by: 'line', until: answer.retryAt, fault: answer.fault }
    : undefined
}

/** What one part asks of the whole run. */
type PartEnd =
  | { readonly kind: 'go-on' }
  /** Its halves take its place. */
  | { readonly kind: 'split' }
  | { readonly kind: 'wait'; readonly at: number }
  | JobOutcome

async function sendParts(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  manager: PaymentManager,
  run: JobRun,
): Promise<JobOutcome> {
  let waitUntil = Number.POSITIVE_INFINITY
  let asked: JobOutcome | undefined
  const parts = partsOfBatch((text) => context.store.sql(text), submission)
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const end = await bringPart(context, posts, submission, manager, part, run)
    switch (end.kind) {
      case 'go-on':
        break
      case 'split':
        parts.unshift(...halvesOf(part))
        break
      case 'wait':
        waitUntil = Math.min(waitUntil, end.at)
        break
      // What needs an officer for one part does not keep the others from going on.
      case 'attention':
        if (end.fault.code === 'dispatch.refused') return end
        asked ??= end
        break
      default:
        return end
    }
    await breathe()
  }
  // What waits for its time comes first: when it is over the officer is asked about all of it together.
  if (waitUntil !== Number.POSITIVE_INFINITY) return { kind: 'again', at: waitUntil }
  const apart = countSetApart((text) => context.store.sql(text), submission.batchId)
  if (asked === undefined && apart > 0) {
    return { kind: 'attention', fault: { code: 'mapper.payees-changed', params: { count: apart } } }
  }
  return asked ?? { kind: 'finished' }
}

/** Takes one part as far as it goes now. */
async function bringPart(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  manager: PaymentManager,
  key: PartKey,
  run: JobRun,
): Promise<PartEnd> {
  const { store, time } = context
  const { minute } = time
  let lookedUp = false
  for (;;) {
    if (run.signal.aborted) return { kind: 'deferred', by: 'restart' }
    const [part] = partsOnTheirWay(store, time, submission, key)
    if (part === undefined) return { kind: 'go-on' }
    const stage = partStage(part.facts, minute)
    const step: PartStep = partSteps[stage][repeatingOf(part, isProvenSafe(context, manager))]
    switch (step) {
      case 'rest':
        return { kind: 'go-on' }
      case 'mark-unknown':
        if (markCutOff(context, submission, part) === 'too-large') return { kind: 'split' }
        break
      case 'look-up': {
        // Asked once and still nothing to go by: again when the answer may be another one.
        if (lookedUp) return { kind: 'wait', at: time.now() + minute }
        lookedUp = true
        const found = await lookUp(context, posts, manager, wantedOf(part, submission), run.signal)
        if (found.kind === 'put-off') {
          return { kind: 'deferred', by: 'line', until: found.retryAt, fault: found.fault }
        }
        if (found.kind === 'failed') {
          const slow = found.slowDown ? { notBefore: time.now() + minute } : {}
          return { kind: 'retry', fault: found.fault, ...slow }
        }
        break
      }
      case 'set-apart':
        // Asked by messages, nobody outside can say of a new one whether its payments left in another.
        if (context.channelOf(manager).asksBy(manager) === 'messages') {
          const isReviewed = part.facts.payments.review > 0
          return {
            kind: 'attention',
            fault: { code: isReviewed ? 'dispatch.in-review' : 'dispatch.payments-moved', params: {} },
          }
        }
        setApart(context, submission, part, [])
        return { kind: 'split' }
      case 'wait':
        return stage === 'held'
          ? { kind: 'deferred', by: 'held', fault: { code: 'dispatch.held', params: {} } }
          : { kind: 'wait', at: time.now() + Math.max(0, ABSENT_FOR_LONG * minute - part.facts.absentFor) + 1 }
      case 'post':
      case 'post-again': {
        const end = await postPart(context, posts, submission, manager, part, run)
        if (end !== undefined) return end
        break
      }
      case 'show-refusal':
        return {
          kind: 'attention',
          fault: { code: 'dispatch.refused', params: { code: part.lastDelivery?.code ?? '' } },
        }
      case 'ask-approval':
        return { kind: 'attention', fault: { code: 'dispatch.resend-needs-approval', params: {} } }
      case 'ask-evidence':
        return { kind: 'attention', fault: { code: 'dispatch.needs-evidence', params: {} } }
      case 'ask-review':
        return { kind: 'attention', fault: { code: 'dispatch.in-review', params: {} } }
    }
  }
}

/** The flag is what an administrator said once; a self-test since then may have shown otherwise. */
const isProvenSafe = ({ channelOf, neverPaysTwice }: DispatchContext, manager: PaymentManager): boolean =>
  channelOf(manager).profile(manager).duplicateProtectionProven && neverPaysTwice(manager)

const wantedOf = ({ payments }: PartOnItsWay, { currency }: Submission) =>
  payments
    .filter(({ state }) => state === 'unknown' || state === 'queued')
    .map(({ id, batchId, theirReference }) => ({ id, currency, batchId, theirReference }))

/** Posts a part; undefined when the run goes on with it. */
async function postPart(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  manager: PaymentManager,
  part: PartOnItsWay,
  run: JobRun,
): Promise<PartEnd | undefined> {
  const { signal, attempts } = run
  const attention = (code: Fault['code']): JobOutcome => ({ kind: 'attention', fault: { code, params: {} } })
  if (manager.state !== 'active' || manager.removed) return attention('dispatch.manager-suspended')
  if (managerDigest(manager) !== submission.managerDigest) return attention('dispatch.manager-changed')
  const batch = context.store.get('batch', submission.batchId)
  const obstacle = await whatHoldsBack(context, batch, manager, signal)
  if (obstacle !== undefined) return obstacle
  const unreachable = await reach(context, manager, signal)
  if (unreachable !== undefined) return unreachable
  const addresses = await confirmAddresses(context, submission, manager, part, run)
  if (addresses.kind !== 'confirmed') return addresses

  const sent = await transmit(context, posts, submission, manager, part, signal)
  if (sent.kind === 'obstacle') {
    const { obstacle: found } = sent
    return found.kind === 'wait'
      ? { kind: 'deferred', by: found.by, fault: found.fault }
      : { kind: 'attention', fault: found.fault }
  }
  if (sent.kind === 'not-opened') return whenNothingLeft(sent, attempts, context)
  const { outcome } = sent
  switch (outcome.kind) {
    case 'never-sent':
      return whenNothingLeft({ ...outcome, slowDown: false }, attempts, context)
    case 'too-large':
      return { kind: 'split' }
    case 'refused':
      return { kind: 'attention', fault: { code: 'dispatch.refused', params: { code: outcome.code } } }
    case 'unknown': {
      const slow = outcome.slowDown ? { notBefore: context.time.now() + context.time.minute } : {}
      return { kind: 'retry', fault: outcome.fault, ...slow }
    }
    default:
      return undefined
  }
}

/** How a run ends whose post could not even begin. */
function whenNothingLeft(
  { fault, retryAt, slowDown }: { readonly fault: Fault; readonly retryAt: number | null; readonly slowDown: boolean },
  attempts: number,
  { time }: DispatchContext,
): JobOutcome {
  if (retryAt !== null) return { kind: 'deferred', by: endpointOrLine(fault), until: retryAt, fault }
  if (needsSomebody(fault, attempts)) return { kind: 'attention', fault }
  return { kind: 'retry', fault, ...(slowDown ? { notBefore: time.now() + time.minute } : {}) }
}

/** Tries of what may be a passing fault of the line (a sign-in page in between) before it is shown to an officer. */
const PATIENCE = 3

/** Whether a post that cannot even begin will not begin by itself either (I8). */
function needsSomebody({ code }: Fault, attempts: number): boolean {
  if (code === 'channel.sign-in-refused') return true
  const { class: kind } = catalogue[code]
  return kind === 'refused' || kind === 'input' || (kind === 'outside' && attempts >= PATIENCE)
}

const endpointOrLine = ({ code }: Fault): 'line' | 'endpoint' => (code === 'http.circuit-open' ? 'endpoint' : 'line')

/** The batch carries what its job stands before, so that lists and home can show it. */
function showAttention({ store, time }: DispatchContext, batchId: string, outcome: JobOutcome): void {
  const attention = outcome.kind === 'attention' ? outcome.fault.code : ''
  const attentionParams = outcome.kind === 'attention' ? { ...outcome.fault.params } : {}
  const settled = outcome.kind === 'attention' || outcome.kind === 'finished'
  if (!settled) return
  const shown = store.get('batch', batchId)
  const isShown = JSON.stringify(shown.attentionParams ?? {}) === JSON.stringify(attentionParams)
  if (shown.attention === attention && isShown) return
  store.transaction(OFFICE, (transaction) => {
    refreshBatch(transaction, batchId, time.now(), { attention, attentionParams })
    transaction.audit({
      action: attention === '' ? 'batch.needs-nobody' : 'batch.needs-attention',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { code: attention },
    })
  })
}
