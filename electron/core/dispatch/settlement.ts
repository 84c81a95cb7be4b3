import { newId } from '../../../shared/model/ids.ts'
import type { Observation, Payment, PaymentState } from '../../../shared/model/payment.ts'
import { type PaymentEvent, readObservation } from '../../../shared/rules/payment-life.ts'
import type { ChannelProfile, StatusWord } from '../channels/channel.ts'
import type { Transaction } from '../store/store.ts'
import { applyEvent, type MoveDetail } from './payment-moves.ts'

export interface WordsContext {
  readonly source: Observation['source']
  readonly profile: Pick<ChannelProfile, 'repliesAreSigned'>
  /** The post that is answered repeats an earlier one. */
  readonly repeated: boolean
}

const SETTLED: ReadonlySet<PaymentState> = new Set<PaymentState>(['paid', 'rejected', 'reversed', 'cancelled'])

/** What a payment's record says about why it stands where an event takes it. */
function detailOf(payment: Payment, event: PaymentEvent, word: StatusWord, reasonCode: string | undefined): MoveDetail {
  switch (event) {
    case 'succeed':
      return { reasonCode: '', reasonText: '', amountPaid: word.amount ?? payment.amountPaid }
    case 'evidencePaid':
      return { reasonCode: '', reasonText: word.text, amountPaid: word.amount }
    case 'accept':
    case 'lookupPending':
      return SETTLED.has(payment.state) || payment.state === 'review' ? {} : { reasonCode: '', reasonText: '' }
    case 'reject':
      return payment.state === 'paid'
        ? { reasonCode: 'payment.contradiction', reasonText: word.text }
        : { reasonCode: word.code, reasonText: word.text }
    case 'evidenceNotPaid':
    case 'evidenceReversed':
    case 'reverse':
      return { reasonCode: word.code, reasonText: word.text }
    case 'mismatch':
    case 'duplicateOnFirstSend':
      return { reasonCode: reasonCode ?? '', reasonText: word.text, amountPaid: word.amount }
    case 'lookupAbsent':
    case 'duplicateOnRetry':
      return SETTLED.has(payment.state) || payment.state === 'review'
        ? {}
        : { reasonCode: 'dispatch.outcome-unknown', reasonText: word.text }
    case 'undecidable':
      return SETTLED.has(payment.state) || payment.state === 'review'
        ? {}
        : { reasonCode: word.code || (reasonCode ?? ''), reasonText: word.text }
    case 'unclear':
      return SETTLED.has(payment.state) || payment.state === 'review'
        ? {}
        : { reasonCode: word.code || 'payment.unclear', reasonText: word.text }
    default:
      return {}
  }
}

/** What it is called there identifies it: a word that counts for nothing must not change how it is asked about. */
const mayName = ({ verified }: StatusWord, { profile }: WordsContext): boolean => verified || !profile.repliesAreSigned

/**
 * Writes down what a payment system said about payments, in the transaction that also moves them (I4). A word that changes
 * nothing is not written again.
 *
 * @returns the payments as they stand afterwards
 */
export function settle(
  transaction: Transaction,
  payments: readonly Payment[],
  words: readonly StatusWord[],
  context: WordsContext,
): Payment[] {
  const said = Map.groupBy(words, ({ paymentId }) => paymentId)
  return payments.map((before) => {
    let payment = before
    for (const word of said.get(before.id) ?? []) {
      const read = readObservation(
        payment,
        { ...word, source: context.source },
        { repliesAreSigned: context.profile.repliesAreSigned, repeated: context.repeated },
      )
      let { event } = read
      let detail = detailOf(payment, event, word, read.reason?.code)
      // A final answer that another final answer excludes.
      if (event === 'succeed' && payment.state === 'rejected') {
        detail = { reasonCode: 'payment.contradiction', reasonText: word.text, amountPaid: word.amount }
      }
      if (word.theirReference !== '' && mayName(word, context)) {
        if (payment.theirReference === '') detail = { ...detail, theirReference: word.theirReference }
        else if (payment.theirReference !== word.theirReference) {
          // Two names are two payments there; the first one stays the one that is asked about.
          event = 'contradict'
          detail = { reasonCode: 'payment.contradiction', reasonText: word.text }
        }
      }
      const after = applyEvent(transaction, payment, event, detail)
      if (after === payment) continue
      payment = after
      transaction.put('observation', {
        ...word,
        id: newId(),
        batchId: payment.batchId,
        source: context.source,
      })
    }
    return payment
  })
}

/** Absence as a word, so that it is written down like any other. */
export const absentWord = (paymentId: string): StatusWord => ({
  paymentId,
  status: 'absent',
  code: '',
  text: '',
  amount: null,
  currency: '',
  payeeAddress: '',
  // Whether the reply verified was decided when it was read: an unverified one is no answer.
  verified: true,
  theirReference: '',
  theirTime: '',
})
