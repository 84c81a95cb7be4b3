import type { Database, Statement } from './database.ts'

/** What a read query works with, on the reading thread. */
export interface ReadContext {
  readonly database: Database
  /** A cached statement. */
  sql(text: string): Statement
}

/**
 * A read that runs on the reading thread. Short ones return their answer. Long ones are generators that yield between
 * slices of a few milliseconds, so that other reads get their turn and the asker can cancel; what they yield is
 * reported as progress (items done).
 */
export type ReadQuery<I = never, O = unknown> = (context: ReadContext, input: I) => O | Generator<number, O>

export type ReadInput<Q> = Q extends (context: ReadContext, input: infer I) => unknown ? I : never
export type ReadOutput<Q> = Q extends (context: ReadContext, input: never) => infer R
  ? R extends Generator<number, infer O>
    ? O
    : R
  : never
