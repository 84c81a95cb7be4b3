import type { Fault } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import type { ConformanceCheck, ConformanceOutcome } from '../../../shared/model/conformance.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

/** One finding of a self-test. */
export interface SelfTestResult {
  readonly check: ConformanceCheck
  readonly outcome: ConformanceOutcome
  readonly finding: Fault | null
}

export interface SelfTestWishes {
  readonly manager: PaymentManager
  /** A submission of one payment to a sandbox account, and a second one with the same payment; null sends no money. */
  readonly sandbox: {
    readonly first: Submission
    readonly again: Submission
    /** Asked before each message with money; throws when none may leave now. */
    readonly checkSending: () => void
  } | null
  /** Their clock minus ours as last learnt, milliseconds; undefined when nobody told. */
  readonly clockOffset: () => number | undefined
  readonly signal: AbortSignal
}

/** What a channel can show about an endpoint before any money moves: its findings one by one, each check exactly once. */
export type SelfTest = (wishes: SelfTestWishes) => AsyncGenerator<SelfTestResult, void, undefined>
