import { paymentHubErrors } from '../../contract/errors/payment-hub.ts'

/*
 * Reasons of Payment Hub EE and Mojaloop as the office names them. None of those that stand in a row proves that no money
 * moved (I5): a transfer can have been made before the step that failed.
 */

export type HubReason = keyof typeof paymentHubErrors

const isKnown = (code: string): code is HubReason => Object.hasOwn(paymentHubErrors, code)

/** The office's code for what a row or a refusal says; a kind where the code itself is unknown. */
export function hubReason(code: string, text = ''): HubReason {
  if (/payment mode not configured/i.test(text)) return 'phee.mode-unknown'
  if (/^duplicate transaction\b/i.test(text.trim())) return 'phee.duplicate-in-file'
  if (code === '') return 'phee.unexplained'
  if (/^\d{4}$/.test(code)) {
    const exact = `ml.${code}`
    const kind = `ml.${code.charAt(0)}`
    return isKnown(exact) ? exact : isKnown(kind) ? kind : 'phee.other'
  }
  const named = `phee.${code}`
  return isKnown(named) ? named : 'phee.other'
}

/** Refusals of a whole file while it is read, before anything of it is handed on. */
const REFUSALS: ReadonlySet<string> = new Set<HubReason>([
  'phee.file-refused',
  'phee.headers-refused',
  'phee.InvalidJsonWebSignature',
  'phee.InvalidPublicKeyConfigured',
  'phee.ExtValidationError',
  'phee.SyntaxError',
  'phee.RequiredElement',
  'phee.FormatError',
  'phee.NegativeValue',
  'phee.MandatoryValueNotSupplied',
])

/** Whether a refusal of an upload (HTTP 4xx) says that nothing of it was accepted. */
export const isHubRefusal = (code: string): boolean => REFUSALS.has(code)
