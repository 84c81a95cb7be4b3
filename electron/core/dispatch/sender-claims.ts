import type { Fault, Result } from '../../../shared/contract/result.ts'
import type { Batch, Claim, Submission } from '../../../shared/model/batch.ts'
import type { Transaction } from '../store/store.ts'

/** How the right to send stands outside this store. */
export type ClaimAnswer =
  /** Ours alone. `generation` counts take-overs; `claimedAt` is the server's time, epoch milliseconds. */
  | { readonly kind: 'ours'; readonly generation: number; readonly officeName: string; readonly claimedAt: number }
  /** Whole batch at another office, cancelled or held there, or this office may not send any more: an officer is needed. */
  | { readonly kind: 'lost'; readonly fault: Fault }
  /** The batch is ours, and these of its payments are another batch's: it goes back for approval without them. */
  | { readonly kind: 'partly'; readonly fault: Fault; readonly elsewhere: readonly PaymentElsewhere[] }
  /** Nobody can tell now (line, quorum): a deferral. */
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number | null }

export interface PaymentElsewhere {
  readonly paymentId: string
  readonly batchId: string
  readonly officeName: string
  /** Epoch milliseconds. */
  readonly since: number
}

/** How a moment (epoch milliseconds) stands in a sentence: to the minute, in universal time. */
export const sinceText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** Who holds a batch at the central server. */
export interface ClaimHolder {
  readonly batchId: string
  readonly submissionId: string
  readonly installationId: string
  readonly officeName: string
  readonly epoch: number
  readonly generation: number
  readonly claimedAt: number
  readonly cancelled: boolean
  /** All of its payments are claimed, so that something of it may have left. */
  readonly whole: boolean
  /** The installation from which the holder took it over; null for the first holder. */
  readonly takenFrom: string | null
}

/** A take-over as the administrator signed it. */
export interface TakeOverOrder {
  readonly holder: ClaimHolder
  readonly officerId: string
  readonly reason: string
  /** Compact JWS over batch, both installations, the new generation and the reason. */
  readonly jws: string
}

/**
 * The claims of a district (I6), as dispatch sees them. An office that works alone has none; what it claims in its own
 * store is enough.
 */
export interface SenderClaims {
  /** Whether claims are kept at a central server; false lets a declared sole office claim by itself. */
  isShared(): boolean
  /** Why nothing of any batch may leave, as far as it is known without asking. */
  obstacle(): Fault | undefined
  /** Claims the batch and each of its payments, or finds them claimed by this very office (a lost answer). */
  claim(batch: Batch, submission: Submission, signal: AbortSignal): Promise<ClaimAnswer>
  /** Read anew before every post: whether this office still is the one that sends the batch. */
  confirm(claim: Pick<Claim, 'batchId' | 'submissionId' | 'generation'>, signal: AbortSignal): Promise<ClaimAnswer>
  /** Takes the batch for ever or until it is released, so that nobody sends it meanwhile. */
  stop(batch: Batch, state: 'cancelled' | 'held', signal: AbortSignal): Promise<ClaimAnswer>
  /** Lets a held batch go on. */
  release(batch: Batch, signal: AbortSignal): Promise<ClaimAnswer>
  /** Lets other batches take payments that were never posted and that this batch does not pay any more. */
  releasePayments(batchId: string, paymentIds: readonly string[], signal: AbortSignal): Promise<Result<null>>
  /** Who holds a batch now; undefined when nobody does. Errors: `central.*` */
  findHolder(batchId: string, signal: AbortSignal): Promise<Result<ClaimHolder | undefined>>
  /** Takes a batch from its holder and revokes that office. `lost` when somebody else was quicker. */
  takeOver(order: TakeOverOrder, submission: Submission, signal: AbortSignal): Promise<ClaimAnswer>
  /**
   * A restored, copied or moved store goes on: what this installation holds is written down here, and an epoch above every
   * other is told. Errors: `central.*`; then nothing is confirmed.
   */
  renew(officerId: string, signal: AbortSignal): Promise<Result<{ readonly epoch: number }>>
}

/** What brings batches through, as the claims see it. */
export interface BatchCare {
  /** How the batch's work stands; undefined while nothing is to be done for it. */
  findWork(batchId: string): 'waiting' | 'running' | 'attention' | 'paused' | undefined
  /** Whether a hold, a release or a cancellation is still to be told. */
  hasWish(batchId: string): boolean
  /** This very installation holds the batch, which the store did not know: it goes on. In the transaction that notes it. */
  goOn(transaction: Transaction, batchId: string): void
}

const notConfigured: Fault = { code: 'central.not-configured', params: {} }
const none = async (): Promise<ClaimAnswer> => ({ kind: 'lost', fault: notConfigured })
const refused = async (): Promise<Result<never>> => ({ ok: false, error: notConfigured })

/** The claims of an office that works alone: there are none, and nobody asks for them. */
export const NO_CLAIMS: SenderClaims = {
  isShared: () => false,
  obstacle: () => undefined,
  claim: none,
  confirm: none,
  stop: none,
  release: none,
  releasePayments: refused,
  findHolder: refused,
  takeOver: none,
  renew: refused,
}
