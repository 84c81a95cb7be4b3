import { newId } from '../../../shared/model/ids.ts'
import type { Observation, Payment, PaymentState } from '../../../shared/model/payment.ts'
import { type PaymentEvent, paymentMoves, readObservation } from '../../../shared/rules/payment-life.ts'
import type { ChannelProfile, StatusWord } from '../channels/channel.ts'
import { nothingSaid } from '../channels/nothing-said.ts'
import type { Transaction } from '../store/store.ts'
import { type MoveDetail, Moves } from './payment-moves.ts'

export interface WordsContext {
  readonly source: Observation['source']
  readonly profile: Pick<ChannelProfile, 'repliesAreSigned'>
  /** The post that is answered repeats an earlier one. */
  readonly repeated: boolean
}

const SETTLED: ReadonlySet<PaymentState> = new Set<PaymentState>(['paid', 'rejected', 'reversed', 'cancelled'])

/** Whoever looks at such a payment has to find why it came there, whatever else is said later. */
const KEPT: ReadonlySet<PaymentState> = new Set<PaymentState>(['review', 'reversed'])

/** What a payment's record says about why it stands where an event takes it. */
function detailOf(payment: Payment, event: PaymentEvent, word: StatusWord, reasonCode: string | undefined): MoveDetail {
  switch (event) {
    case 'succeed':
      return { reasonCode: '', reasonText: '', amountPaid: word.amount ?? payment.amountPaid }
    case 'evidencePaid':
      return { reasonCode: '', reasonText: word.text, amountPaid: word.amount }
    case 'accept':
    case 'lookupPending':
      return SETTLED.has(payment.state) ? {} : { reasonCode: '', reasonText: '' }
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
      return SETTLED.has(payment.state) ? {} : { reasonCode: 'dispatch.outcome-unknown', reasonText: word.text }
    case 'undecidable':
      return SETTLED.has(payment.state) ? {} : { reasonCode: word.code || (reasonCode ?? ''), reasonText: word.text }
    case 'unclear':
      return SETTLED.has(payment.state) ? {} : { reasonCode: word.code || 'payment.unclear', reasonText: word.text }
    default:
      return {}
  }
}

/** What it is called there identifies it: a word that counts for nothing must not change how it is asked about. */
const mayName = ({ verified }: StatusWord, { profile }: WordsContext): boolean => verified || !profile.repliesAreSigned

export interface Settled {
  /** As they stand afterwards. */
  readonly payments: readonly Payment[]
  /** Payments about which something was written: they changed, or something new was said while they are under review. */
  readonly noted: ReadonlySet<string>
}

/**
 * Writes down what a payment system said about payments, in the transaction that also moves them (I4). A word that changes
 * nothing is not written again. A payment under review keeps the reason for which it came there; what else is said of it is
 * written down beside it, once.
 */
export function settle(
  transaction: Transaction,
  payments: readonly Payment[],
  words: readonly StatusWord[],
  context: WordsContext,
): Settled {
  const said = Map.groupBy(words, ({ paymentId }) => paymentId)
  const noted = new Set<string>()
  const moves = new Moves(transaction)
  const after = payments.map((before) => {
    let payment = before
    for (const told of said.get(before.id) ?? []) {
      // What is said of somebody who was erased says no more than what became of the money.
      const word = before.erasedAt === undefined ? told : { ...told, payeeAddress: before.payeeAddress, text: '' }
      const { event, detail } = rule(payment, word, context)
      const reasonStands = KEPT.has(payment.state) && paymentMoves[payment.state][event] === payment.state
      const moved = moves.apply(payment, event, reasonStands ? beside(payment, detail) : detail)
      if (moved === payment && !(reasonStands && isNews(transaction, payment, { ...word, source: context.source })))
        continue
      payment = moved
      noted.add(payment.id)
      transaction.put('observation', {
        ...word,
        id: newId(),
        batchId: payment.batchId,
        source: context.source,
      })
    }
    return payment
  })
  moves.write()
  return { payments: after, noted }
}

/** Whatever is known of these outside, it was not this office that sent them. */
const NEVER_LEFT: ReadonlySet<Payment['state']> = new Set<Payment['state']>([
  'prepared',
  'blocked',
  'queued',
  'cancelled',
])

/** What a word is for a payment, and what its record says of it. */
function rule(
  payment: Payment,
  word: StatusWord,
  context: WordsContext,
): { readonly event: PaymentEvent; readonly detail: MoveDetail } {
  const { event, reason } = readObservation(
    payment,
    { ...word, source: context.source },
    { repliesAreSigned: context.profile.repliesAreSigned, repeated: context.repeated },
  )
  const contradiction = { reasonCode: 'payment.contradiction', reasonText: word.text } as const
  const names = word.theirReference !== '' && mayName(word, context)
  // Two names are two payments there; the first one stays the one that is asked about.
  if (names && payment.theirReference !== '' && payment.theirReference !== word.theirReference) {
    return { event: 'contradict', detail: contradiction }
  }
  const isStrange = NEVER_LEFT.has(payment.state) && paymentMoves[payment.state][event] === 'review'
  const plain = detailOf(payment, event, word, reason?.code)
  const detail =
    event === 'succeed' && payment.state === 'rejected'
      ? // A final answer that another final answer excludes.
        { ...contradiction, amountPaid: word.amount }
      : isStrange && reason === undefined
        ? { ...plain, reasonCode: 'payment.not-sent-from-here', reasonText: word.text }
        : plain
  return { event, detail: names ? { ...detail, theirReference: word.theirReference } : detail }
}

/** Of what is said about a payment whose reason stands: only what its record did not know yet. */
const beside = (payment: Payment, { amountPaid, theirReference }: MoveDetail): MoveDetail => ({
  amountPaid: payment.amountPaid ?? amountPaid ?? null,
  theirReference: payment.theirReference || (theirReference ?? ''),
})

type Said = StatusWord & Pick<Observation, 'source'>

/** Whether nobody has said this of a payment before. */
function isNews(transaction: Transaction, { id }: Payment, said: Said): boolean {
  const heard = transaction.sql('SELECT body FROM observation WHERE payment_id = ?').pluck().all(id) as string[]
  return heard.every((body) => gist(JSON.parse(body) as Observation) !== gist(said))
}

/** Texts and times may differ each time, and are no news. */
const gist = (said: Said): string =>
  JSON.stringify([
    said.source,
    said.status,
    said.code,
    said.amount,
    said.currency,
    said.payeeAddress,
    said.theirReference,
    said.verified,
  ])

/** Absence as a word, so that it is written down like any other. */
export const absentWord = (paymentId: string): StatusWord => ({
  ...nothingSaid,
  paymentId,
  status: 'absent',
  // Whether the reply verified was decided when it was read: an unverified one is no answer.
  verified: true,
})
