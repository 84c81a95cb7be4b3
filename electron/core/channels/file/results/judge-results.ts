import type { Payment, PaymentState } from '../../../../../shared/model/payment.ts'
import { digitsOf, findReference } from '../../../../../shared/rules/payment-file/file-name.ts'
import { type ResultLine, type ResultsFile, resultWord } from '../../../../../shared/rules/payment-file/results.ts'
import { movePayment, readObservation } from '../../../../../shared/rules/payment-life.ts'
import type { StatusWord } from '../../channel.ts'

/** What a line of a file of results comes to. */
export const lineOutcomes = [
  /** It becomes a word about its payment. */
  'word',
  /** The same was said by an earlier line of the file. */
  'repeated',
  'no-reference',
  'unknown-reference',
  'other-batch',
  'incomplete',
  'unreadable-amount',
  /** A status that nobody knows. */
  'unclear',
  /** No copy of its file was ever taken: whatever was paid was not paid on this office's account. */
  'not-handed-out',
] as const
export type LineOutcome = (typeof lineOutcomes)[number]

/** What applying would do to payments. */
export const paymentOutcomes = ['paid', 'rejected', 'review', 'waiting', 'unchanged'] as const
export type PaymentOutcome = (typeof paymentOutcomes)[number]

export interface JudgedLine {
  readonly line: number
  readonly outcome: LineOutcome
  readonly reference: string
}

export interface Judgement {
  readonly words: readonly StatusWord[]
  readonly lines: Readonly<Record<LineOutcome, number>>
  readonly payments: Readonly<Record<PaymentOutcome, number>>
  /** Payments of the batch's files about which the file says nothing. */
  readonly silent: number
  /** The first lines that an officer should look at. */
  readonly notable: readonly JudgedLine[]
}

/** Where a payment of the batch went. */
export interface PaymentPlace {
  readonly messageId: string
  readonly handedOut: boolean
}

export interface JudgeContext {
  /** Payments by their ids, of whatever batch. */
  readonly payments: ReadonlyMap<string, Payment>
  /** The batch's own, with the file that each went in. */
  readonly places: ReadonlyMap<string, PaymentPlace>
  readonly reserved: (code: string) => boolean
}

const MOST_NOTABLE = 200
const NOTABLE: ReadonlySet<LineOutcome> = new Set<LineOutcome>(lineOutcomes.filter((one) => one !== 'word'))

/** Of one payment: what is said twice is heard once. */
const gist = (word: StatusWord): string =>
  JSON.stringify([word.status, word.code, word.amount, word.currency, word.payeeAddress, word.theirReference])

const NOT_HANDED_OUT = 'files.not-handed-out'

/** The ids that a file of results names, as this office writes them. */
export const referencesIn = ({ lines }: Pick<ResultsFile, 'lines'>): string[] => [
  ...new Set(lines.flatMap(({ reference }) => findReference(reference) ?? [])),
]

/**
 * What a file of results says about the payments of one batch, and what applying it would do. Nothing is written. A line
 * about a payment of another batch, or in a report on another message, is no word here.
 */
export function judgeResults(file: ResultsFile, context: JudgeContext): Judgement {
  const { payments, places } = context
  const lines = Object.fromEntries(lineOutcomes.map((one) => [one, 0])) as Record<LineOutcome, number>
  const notable: JudgedLine[] = []
  const words = new Map<string, Map<string, StatusWord>>()
  for (const line of linesOf(file, places)) {
    const judged = judgeLine(line, file, context)
    let outcome: LineOutcome = 'word'
    if (typeof judged === 'string') outcome = judged
    else {
      const said = words.get(judged.paymentId) ?? new Map<string, StatusWord>()
      words.set(judged.paymentId, said)
      if (said.has(gist(judged))) outcome = 'repeated'
      else {
        said.set(gist(judged), judged)
        if (judged.code === NOT_HANDED_OUT) outcome = 'not-handed-out'
      }
    }
    lines[outcome] += 1
    if (NOTABLE.has(outcome) && notable.length < MOST_NOTABLE) {
      notable.push({ line: line.line, outcome, reference: line.reference.slice(0, 64) })
    }
  }
  const counts = Object.fromEntries(paymentOutcomes.map((one) => [one, 0])) as Record<PaymentOutcome, number>
  let silent = 0
  for (const id of places.keys()) {
    const said = words.get(id)
    const payment = payments.get(id)
    if (said === undefined || payment === undefined) silent += 1
    else counts[foreseen(payment, [...said.values()])] += 1
  }
  return { words: [...words.values()].flatMap((said) => [...said.values()]), lines, payments: counts, silent, notable }
}

/** A refusal of a whole message is one of each of its payments, where the report names none of them itself. */
function linesOf({ lines, whole, messages }: ResultsFile, places: JudgeContext['places']): readonly ResultLine[] {
  if (lines.length > 0 || whole?.status !== 'rejected') return lines
  const wanted = new Set(messages)
  const refused: ResultLine[] = []
  for (const [reference, { messageId }] of places) {
    if (!wanted.has(digitsOf(messageId))) continue
    refused.push({
      line: refused.length + 1,
      reference,
      status: 'rejected',
      code: whole.code,
      text: whole.text,
      amount: '',
      currency: '',
      payee: '',
      theirReference: '',
      theirTime: '',
    })
  }
  return refused
}

function judgeLine(
  line: ResultLine,
  { form, messages }: ResultsFile,
  { payments, places, reserved }: JudgeContext,
): StatusWord | Exclude<LineOutcome, 'word' | 'repeated' | 'not-handed-out'> {
  const reference = findReference(line.reference)
  if (reference === undefined) return 'no-reference'
  const payment = payments.get(reference)
  if (payment === undefined) return 'unknown-reference'
  const place = places.get(reference)
  if (place === undefined) return 'other-batch'
  if (form === 'pain.002' && !messages.includes(digitsOf(place.messageId))) return 'other-batch'
  const word = resultWord(line, payment, form, reserved)
  if (typeof word === 'string') return word
  return place.handedOut ? word : { ...word, status: 'undecidable', code: NOT_HANDED_OUT }
}

/** Where a payment would stand after these words. */
function foreseen(payment: Payment, words: readonly StatusWord[]): PaymentOutcome {
  let state: PaymentState = payment.state
  let theirReference = payment.theirReference
  for (const word of words) {
    const { event } = readObservation(
      payment,
      { ...word, source: 'results' },
      { repliesAreSigned: false, repeated: false },
    )
    const isOther = theirReference !== '' && word.theirReference !== '' && word.theirReference !== theirReference
    const next = movePayment(state, isOther ? 'contradict' : event)
    if (next.ok) state = next.value
    theirReference ||= word.theirReference
  }
  if (state === payment.state) return state === 'acknowledged' ? 'waiting' : 'unchanged'
  if (state === 'paid' || state === 'rejected' || state === 'review') return state
  return 'waiting'
}
