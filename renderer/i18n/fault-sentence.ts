import type { TFunction } from 'i18next'
import type { Fault } from '../../shared/contract/result.ts'

/** The sentence of any code: a fault of the catalogue, a reason of a payment system, a ruling of pre-flight. */
export function codeSentence(t: TFunction, code: string, params: Fault['params'] = {}): string {
  return t(code, { ns: 'errors', nsSeparator: false, keySeparator: false, defaultValue: code, ...params })
}

/** The sentence of a fault in the officer's language. */
export const faultSentence = (t: TFunction, fault: Fault): string => codeSentence(t, fault.code, fault.params)
