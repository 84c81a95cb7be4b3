import type { Observation, Payment, PaymentState } from '../model/payment.ts'
import { sameAddress } from './financial-address.ts'
import { saysReceived } from './retry-class.ts'
import { type Reason, type Ruling, reason, refused, ruled } from './ruling.ts'

/*
 * The life of a payment as one table: state × event → state. Commands of the office that a state does not allow are
 * refused; words from outside always have an answer, and it is never a silent change of a final state.
 */

/** What the office does. `null` in the table refuses it. */
export type PaymentCommand =
  /** A check of pre-flight fails, or what failed has been mended. */
  | 'block'
  | 'unblock'
  /** The approved batch waits for the line; or goes back (returned, lapsed, claimed elsewhere). */
  | 'queue'
  | 'withdraw'
  | 'cancel'
  /** An officer stops it for a while; kept in the payment's `held`, so the state stays. */
  | 'hold'
  | 'release'
  /** The bytes are stored and about to leave, for the first time or again under the same ids (I1, I2). */
  | 'post'
  /** An approver and an administrator recorded evidence of what became of the money (I5). */
  | 'evidencePaid'
  | 'evidenceNotPaid'
  | 'evidenceReversed'

/** What comes from outside, or fails to come. */
export type PaymentWord =
  /** Proof that this post was never taken: no byte left, or the whole message was refused (`ERR`) on its first send. */
  | 'notTaken'
  /** `ACK`, or received/pending in a reply to the send. */
  | 'accept'
  /** `NACK`: accepted, but nothing more will be said; only a look-up tells. */
  | 'nack'
  /** Time-out, reset, 5xx after bytes left, `ERR` unavailable, or a start after a crash in the middle of a post. */
  | 'timeout'
  | 'lookupPending'
  /** The payment system does not know the reference. */
  | 'lookupAbsent'
  /** Explicit success with matching amount, currency and payee. */
  | 'succeed'
  /** Success, but of another amount, currency or payee. */
  | 'mismatch'
  /** Explicit rejection with any reason but "duplicate". */
  | 'reject'
  | 'duplicateOnFirstSend'
  | 'duplicateOnRetry'
  /** It has the payment, but nothing that it can be asked will tell what became of it: people have to find out. */
  | 'undecidable'
  /** A status nobody knows (`fail`…), or one whose signature does not verify: a reason to look up, nothing else. */
  | 'unclear'
  /** Two answers of the payment system exclude each other. */
  | 'contradict'
  | 'reverse'

export type PaymentEvent = PaymentCommand | PaymentWord

type Row = Readonly<Record<PaymentCommand, PaymentState | null> & Record<PaymentWord, PaymentState>>

/** No command does anything. */
const NO_COMMAND = {
  block: null,
  unblock: null,
  queue: null,
  withdraw: null,
  cancel: null,
  hold: null,
  release: null,
  post: null,
  evidencePaid: null,
  evidenceNotPaid: null,
  evidenceReversed: null,
} as const

/** Of a payment that never left: final words about it come from somebody else's use of the reference. */
const neverLeft = <S extends PaymentState>(state: S) =>
  ({
    ...NO_COMMAND,
    notTaken: state,
    accept: 'review',
    nack: 'review',
    timeout: state,
    lookupPending: 'review',
    lookupAbsent: state,
    succeed: 'review',
    mismatch: 'review',
    reject: 'review',
    duplicateOnFirstSend: 'review',
    duplicateOnRetry: 'review',
    undecidable: 'review',
    unclear: state,
    contradict: 'review',
    reverse: 'review',
  }) as const

/** Of a payment that may have left: an explicit final answer settles it, everything else keeps it open. */
const UNDER_WAY = {
  ...NO_COMMAND,
  evidencePaid: 'paid',
  evidenceNotPaid: 'rejected',
  evidenceReversed: 'reversed',
  notTaken: 'unknown',
  accept: 'acknowledged',
  nack: 'unknown',
  timeout: 'unknown',
  lookupPending: 'acknowledged',
  lookupAbsent: 'unknown',
  succeed: 'paid',
  mismatch: 'review',
  reject: 'rejected',
  duplicateOnFirstSend: 'review',
  duplicateOnRetry: 'unknown',
  undecidable: 'review',
  unclear: 'unknown',
  contradict: 'review',
  reverse: 'review',
} as const

/** Of a settled payment: nothing moves it but contradiction. */
const settled = <S extends PaymentState>(state: S) =>
  ({
    ...NO_COMMAND,
    notTaken: state,
    accept: state,
    nack: state,
    timeout: state,
    lookupPending: state,
    lookupAbsent: state,
    succeed: 'review',
    mismatch: 'review',
    reject: 'review',
    duplicateOnFirstSend: 'review',
    duplicateOnRetry: state,
    undecidable: state,
    unclear: state,
    contradict: 'review',
    reverse: 'review',
  }) as const

export const paymentMoves: Readonly<Record<PaymentState, Row>> = {
  prepared: {
    ...neverLeft('prepared'),
    block: 'blocked',
    queue: 'queued',
    cancel: 'cancelled',
    hold: 'prepared',
    release: 'prepared',
  },
  blocked: {
    ...neverLeft('blocked'),
    block: 'blocked',
    unblock: 'prepared',
    cancel: 'cancelled',
    hold: 'blocked',
    release: 'blocked',
  },
  queued: {
    ...neverLeft('queued'),
    withdraw: 'prepared',
    cancel: 'cancelled',
    hold: 'queued',
    release: 'queued',
    post: 'sent',
  },
  // Only the first post leads here, so proof that it was not taken proves that nothing was.
  sent: { ...UNDER_WAY, notTaken: 'queued' },
  acknowledged: {
    ...UNDER_WAY,
    notTaken: 'acknowledged',
    nack: 'acknowledged',
    timeout: 'acknowledged',
    unclear: 'acknowledged',
    duplicateOnRetry: 'acknowledged',
  },
  // A post from here is a repetition; what became of the earlier one stays open whatever happens to this one.
  unknown: { ...UNDER_WAY, post: 'unknown', hold: 'unknown', release: 'unknown' },
  paid: { ...settled('paid'), succeed: 'paid', reverse: 'reversed', evidenceReversed: 'reversed' },
  rejected: { ...settled('rejected'), reject: 'rejected', evidenceNotPaid: 'rejected' },
  // After a reversal, look-ups go on telling the old success or tell a rejection; neither is news.
  reversed: {
    ...settled('reversed'),
    succeed: 'reversed',
    reject: 'reversed',
    reverse: 'reversed',
    evidenceReversed: 'reversed',
  },
  cancelled: neverLeft('cancelled'),
  // Held until officers have recorded what really happened, or the payment system reverses it.
  review: {
    ...settled('review'),
    reverse: 'reversed',
    evidencePaid: 'paid',
    evidenceNotPaid: 'rejected',
    evidenceReversed: 'reversed',
  },
}

/** The state after an event, or `payment.move-not-allowed` for a command that the state does not allow. */
export function movePayment(state: PaymentState, event: PaymentEvent): Ruling<PaymentState> {
  const next = paymentMoves[state][event]
  return next === null ? refused('payment.move-not-allowed', { state, event }) : ruled(next)
}

/** What a document that two officers vouch for can prove about a payment. */
export const evidenceFindings = ['paid', 'not-paid', 'reversed'] as const
export type EvidenceFinding = (typeof evidenceFindings)[number]

export const evidenceEvent = {
  paid: 'evidencePaid',
  'not-paid': 'evidenceNotPaid',
  reversed: 'evidenceReversed',
} as const satisfies Record<EvidenceFinding, PaymentCommand>

/** What can be proven about a payment that stands so: what moves it, or lets its entitlement be paid anew (I5). */
export const findingsOf = (state: PaymentState): EvidenceFinding[] =>
  evidenceFindings.filter((finding) => paymentMoves[state][evidenceEvent[finding]] !== null)

const FINAL: ReadonlySet<PaymentState> = new Set<PaymentState>(['paid', 'rejected', 'reversed', 'cancelled'])

/** Whether nothing more is expected of a payment. Under review or unknown it is not: somebody has to act. */
export const isFinal = (state: PaymentState): boolean => FINAL.has(state)

const OPEN_OUTSIDE: ReadonlySet<PaymentState> = new Set<PaymentState>(['sent', 'acknowledged', 'unknown', 'review'])

/** Whether the payment system may still change what it says: such payments are looked up. */
export const isOpenOutside = (state: PaymentState): boolean => OPEN_OUTSIDE.has(state)

export interface ObservationContext {
  /** The manager's profile signs replies, so an unverified one settles nothing. */
  readonly repliesAreSigned: boolean
  /** The post that this answers repeats an earlier one. */
  readonly repeated: boolean
}

/** The event that an observation is for a payment (I2, I4), with the reason when it is not what was hoped for. */
export function readObservation(
  payment: Pick<Payment, 'amount' | 'currency' | 'payeeAddress'>,
  observation: Pick<Observation, 'source' | 'status' | 'code' | 'amount' | 'currency' | 'payeeAddress' | 'verified'>,
  context: ObservationContext,
): { readonly event: PaymentEvent; readonly reason?: Reason } {
  const { source, status, code } = observation
  const unclear = { event: 'unclear', reason: reason('payment.unclear') } as const
  // The office's own notes are no answer; evidence is, since two officers vouch for it.
  if (source === 'office') return unclear
  if (source === 'evidence') {
    if (status === 'succ') return { event: 'evidencePaid' }
    if (status === 'rjct') return { event: 'evidenceNotPaid' }
    return status === 'reversed' ? { event: 'evidenceReversed' } : unclear
  }
  if (context.repliesAreSigned && !observation.verified) return unclear
  switch (status) {
    case 'succ': {
      const matches =
        (observation.amount === null || observation.amount === payment.amount) &&
        (observation.currency === '' || observation.currency === payment.currency) &&
        (observation.payeeAddress === '' || sameAddress(observation.payeeAddress, payment.payeeAddress))
      return matches ? { event: 'succeed' } : { event: 'mismatch', reason: reason('payment.mismatch') }
    }
    case 'rjct':
      if (!saysReceived(code)) return { event: 'reject' }
      if (context.repeated || source !== 'reply') return { event: 'duplicateOnRetry' }
      return { event: 'duplicateOnFirstSend', reason: reason('payment.duplicate-on-first-send') }
    case 'rcvd':
    case 'pdng':
      return { event: source === 'reply' ? 'accept' : 'lookupPending' }
    case 'absent':
      return { event: 'lookupAbsent' }
    case 'reversed':
      return { event: 'reverse' }
    case 'undecidable':
      return { event: 'undecidable', reason: reason('payment.undecidable') }
    case 'other':
      return unclear
  }
}

/** Two negative look-ups count as two only this far apart, in milliseconds: 10 minutes. */
export const LOOK_UPS_APART = 10 * 60 * 1000

export interface ResendQuestion {
  readonly state: PaymentState
  /** When the payment system said it does not know the reference, epoch milliseconds, all since the last post. */
  readonly absentAt: readonly number[]
  /** The receiver has shown that it never pays a reference twice. */
  readonly duplicateProtectionProven: boolean
  /** An approver decided, after those look-ups, that it be sent again. */
  readonly approverDecided: boolean
}

/** Whether a payment may be posted again under the same ids (I3): never before a look-up said that it is not there. */
export function mayResend(question: ResendQuestion): Ruling<true> {
  const { state, absentAt, duplicateProtectionProven, approverDecided } = question
  if (state !== 'unknown') return refused('payment.move-not-allowed', { state, event: 'post' })
  if (absentAt.length === 0) return refused('payment.look-up-first')
  if (duplicateProtectionProven) return ruled(true)
  if (Math.max(...absentAt) - Math.min(...absentAt) < LOOK_UPS_APART) return refused('payment.look-up-again')
  return approverDecided ? ruled(true) : refused('payment.needs-decision')
}

/**
 * The code with which an office itself rejects payments by file: no copy of the file ever left it, so no money moved. Nobody
 * outside can say it: it counts only in the office's own observation.
 */
export const NEVER_HANDED_OUT = 'files.never-handed-out'

/**
 * Whether an entitlement may get a new attempt after this one (I5); a new approval is needed in any case.
 * `evidence`: two officers recorded that no money moved, or that it came back, or its file never left the office.
 */
export function mayReissue(
  payment: Pick<Payment, 'state' | 'reasonCode'>,
  noMoneyMovedCodes: readonly string[],
  evidence: boolean,
): Ruling<true> {
  switch (payment.state) {
    case 'cancelled':
      return ruled(true)
    case 'rejected':
      return evidence || noMoneyMovedCodes.includes(payment.reasonCode) ? ruled(true) : refused('payment.no-proof')
    case 'reversed':
      return evidence ? ruled(true) : refused('payment.no-proof')
    default:
      return refused('payment.not-final')
  }
}

/** A payment in OpenG2P's words (`g2p.payment`); the status is empty until the payment is settled. */
export interface OpenG2PStatus {
  readonly state: 'issued' | 'sent' | 'reconciled'
  readonly status: '' | 'paid' | 'failed'
}

const issued: OpenG2PStatus = { state: 'issued', status: '' }
const sent: OpenG2PStatus = { state: 'sent', status: '' }
const failed: OpenG2PStatus = { state: 'reconciled', status: 'failed' }

/**
 * For exports only. OpenG2P pays an entitlement anew when its payments are `failed`, so nothing whose money may be
 * under way is ever called that.
 */
export const openG2PStatus: Readonly<Record<PaymentState, OpenG2PStatus>> = {
  prepared: issued,
  blocked: issued,
  queued: issued,
  sent,
  acknowledged: sent,
  unknown: sent,
  review: sent,
  paid: { state: 'reconciled', status: 'paid' },
  rejected: failed,
  reversed: failed,
  cancelled: failed,
}
