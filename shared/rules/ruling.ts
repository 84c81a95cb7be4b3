import type { RuleCode, RuleParams } from './codes.ts'

/** Why a rule says no: a code and what its sentence needs. Never personal data. */
export interface Reason {
  readonly code: RuleCode
  readonly params: Readonly<Record<string, string | number>>
}

/** What a rule answers: the value, or the reason why there is none. Fits the contract's `Result`. */
export type Ruling<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Reason }

type ParamArguments<C extends RuleCode> = [keyof RuleParams<C>] extends [never]
  ? readonly []
  : readonly [params: RuleParams<C>]

const NO_PARAMS = Object.freeze({})

export const reason = <C extends RuleCode>(code: C, ...params: ParamArguments<C>): Reason => ({
  code,
  params: params[0] ?? NO_PARAMS,
})

export const ruled = <T>(value: T): Ruling<T> => ({ ok: true, value })

export const refused = <C extends RuleCode>(code: C, ...params: ParamArguments<C>): Ruling<never> => ({
  ok: false,
  error: reason(code, ...params),
})
