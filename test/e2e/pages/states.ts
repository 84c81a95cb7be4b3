import { PaymentState } from '../../../shared/model/payment.ts'
import { words } from './words.ts'

/** The state that a word on the screen stands for. @throws Error for any other word */
export function paymentStateOf(word: string): PaymentState {
  const state = PaymentState.options.find((one) => words(`states:payment.${one}`).test(word))
  if (state === undefined) throw new Error(`no payment state is called "${word}"`)
  return state
}
