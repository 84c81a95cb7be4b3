import type { ErrorCode } from '../../../shared/contract/errors.ts'

import type { Rate } from './rate-limit.ts'

/** One call from outside, exactly as it came. */
export interface RawCall {
  /** UUIDv7: calls sort in the order in which they came. */
  readonly id: string
  /** By the clock of the machine that took it, epoch milliseconds. */
  readonly cameAt: number
  /** Kind of the caller: the feature that its path was made for. */
  readonly caller: string
  /** Whose path it is: a payment manager or a connector. */
  readonly owner: string
  /** What is called, as the kind of caller names it. */
  readonly path: string
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What goes back to the caller. */
export interface CallReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly contentType: string
  readonly body: string
}

/** Why a call is not taken; said before anything about it is known. */
export type CallRefusal = 'too-large' | 'too-many' | 'not-kept'

/**
 * A kind of caller, as the receiver knows it: in an office or alone at the centre, so it sees the call and nothing else.
 * What is answered must not tell whether the call was believed.
 */
export interface CallerKind {
  readonly kind: string
  /** Bytes; more is cut off while it comes in. */
  readonly largestBody: number
  /** Calls that may come on one path, where they are many by nature; the receiver's own limits otherwise. */
  readonly rate?: Rate
  /** @param path below the secret, without slashes at its ends. @returns undefined where there is nothing */
  findPath(method: string, path: string): string | undefined
  /** Whether the call is kept, and the answer once it is. */
  answer(call: RawCall): { readonly keep: boolean; readonly reply: CallReply }
  refuse(why: CallRefusal, call: Pick<RawCall, 'id' | 'cameAt'>): CallReply
}

/** How applying a call ended; each has its words on the screen. */
export const callOutcomes = ['applied', 'nothing-new', 'asked', 'repeated', 'stale', 'refused', 'failed'] as const

export interface CallResult {
  readonly outcome: (typeof callOutcomes)[number]
  /** Why, where it was not simply applied. */
  readonly code: ErrorCode | ''
  /** Records that it said something about. */
  readonly payments: number
  /** Nothing of what the call said is kept, not even for a while. */
  readonly forget?: true
}

/** Applies a kept call. Called again with the same call after a crash: it must come to the same. */
export type CallApplier = (call: RawCall) => Promise<CallResult>
