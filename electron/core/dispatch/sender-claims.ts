import type { Fault, Result } from '../../../shared/contract/result.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'

/** How the right to send stands outside this store. */
export type ClaimAnswer =
  /** Ours alone. `generation` counts take-overs. */
  | { readonly kind: 'ours'; readonly generation: number }
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

/**
 * The claims of a district (I6), as dispatch sees them. An office that works alone has none; what it claims in its own
 * store is enough.
 */
export interface SenderClaims {
  /** Whether claims are kept at a central server; false lets a declared sole office claim by itself. */
  isShared(): boolean
  /** Claims the batch and each of its payments, or finds them claimed by this very office (a lost answer). */
  claim(batch: Batch, submission: Submission, signal: AbortSignal): Promise<ClaimAnswer>
  /** Read anew before every post: whether this office still is the one that sends the batch. */
  confirm(batchId: string, generation: number, signal: AbortSignal): Promise<ClaimAnswer>
  /** Takes the batch for ever or until it is released, so that nobody sends it meanwhile. Errors: `central.*`. */
  stop(batch: Batch, state: 'cancelled' | 'held', signal: AbortSignal): Promise<Result<ClaimAnswer>>
  /** Lets a held batch go on. */
  release(batch: Batch, signal: AbortSignal): Promise<Result<ClaimAnswer>>
}
