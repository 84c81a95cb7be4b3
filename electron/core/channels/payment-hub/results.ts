import type { SubmissionLine } from '../../../../shared/model/batch.ts'
import type { PaymentHubSettings } from '../../../../shared/model/payment-hub.ts'
import { parseWireAmount } from '../../../../shared/rules/money.ts'
import { hubReason } from '../../../../shared/rules/payment-hub/reasons.ts'
import { payeeCell } from '../../../../shared/rules/payment-hub/row.ts'
import type { AskedPayment, StatusWord } from '../channel.ts'
import { nothingSaid } from '../nothing-said.ts'
import { readError, type Transfer } from './transfer.ts'

/*
 * What became of a payment, from its rows. The figures of a batch are not asked: they call a batch without rows complete,
 * and one with rows under way failed.
 */

export interface ResultFacts {
  /** The payment as it was approved; undefined where the message does not hold it. */
  readonly line: SubmissionLine | undefined
  readonly settings: PaymentHubSettings
  /** It was posted so long ago that nothing more is expected. */
  readonly isStalled: boolean
  /** The hub has the batch, whether it has rows of this payment or not. */
  readonly isThere: boolean
}

const EXISTS = 'phee.TransactionExists'
const limited = (text: string, length: number): string => [...text].slice(0, length).join('')
const isFinal = ({ status }: Transfer): boolean => status === 'COMPLETED' || status === 'FAILED'

/** Pages overlap, and a row may have moved on between two of them: each once, as it stands last. */
function eachOnce(rows: readonly Transfer[]): Transfer[] {
  const kept = new Map<string, Transfer>()
  for (const row of rows) {
    // The other end of a transfer within one hub is the same money.
    if (row.direction !== '' && row.direction !== 'OUTGOING') continue
    const name = row.workflowInstanceKey || row.transactionId || JSON.stringify(row)
    const known = kept.get(name)
    if (known === undefined || (isFinal(row) && !isFinal(known))) kept.set(name, row)
    // One transfer that is called both is told as both.
    else if (isFinal(row) && isFinal(known) && row.status !== known.status) kept.set(`${name} ${row.status}`, row)
  }
  return [...kept.values()]
}

/** What the hub says of one payment: none, one word, or two that contradict each other. */
export function wordsOf(payment: AskedPayment, rows: readonly Transfer[], facts: ResultFacts): StatusWord[] {
  const once = eachOnce(rows)
  const completed = once.filter(({ status }) => status === 'COMPLETED')
  const failed = once.filter(({ status }) => status === 'FAILED').map((row) => ({ row, error: errorOf(row) }))
  const refusals = failed.filter(({ error }) => error.code !== EXISTS)
  const open = once.filter((row) => !isFinal(row))
  const word = (status: StatusWord['status'], more: Partial<StatusWord> = {}): StatusWord => ({
    ...nothingSaid,
    paymentId: payment.id,
    status,
    ...more,
  })
  const rejected = refusals.slice(0, 1).map(({ row, error }) => word('rjct', { ...error, theirTime: timeOf(row) }))

  const [paid, ...others] = completed
  if (paid !== undefined && others.length > 0) return [word('succ', saidTogether(completed, payment))]
  if (paid !== undefined) return [...rejected, word('succ', saidOf(paid, payment, facts))]
  if (open.length > 0 || (once.length === 0 && facts.isThere)) {
    return [facts.isStalled ? word('undecidable', { code: 'payment.stalled' }) : word('pdng')]
  }
  if (rejected.length > 0) return rejected
  if (failed.length > 0 && !facts.isStalled) return [word('rjct', { code: EXISTS })]
  // The hub said that it took the file, and shows nothing of it; or it only knows the payment as one that came before.
  return facts.isStalled ? [word('undecidable', { code: 'payment.stalled' })] : []
}

const timeOf = ({ completedAt }: Transfer): string => limited(completedAt, 64)

function errorOf({ errorInformation, statusDetail }: Transfer): { readonly code: string; readonly text: string } {
  const { code, text } = readError(errorInformation ?? statusDetail)
  const reason = hubReason(code, text)
  // Of a code that nobody knows, only its kind has a sentence, so the code itself stands with the words.
  const words = reason.endsWith(`.${code}`) ? text : [code, text].filter((one) => one !== '').join(' ')
  return { code: limited(reason, 80), text: limited(words, 999) }
}

/** Success as the row has it, held against what was approved where it is settled. */
function saidOf(row: Transfer, { currency }: AskedPayment, { line, settings }: ResultFacts): Partial<StatusWord> {
  const amount = row.amount === '' ? null : parseWireAmount(row.amount, currency)
  const unreadable = amount !== null && !amount.ok
  return {
    amount: amount?.ok ? amount.value : null,
    currency: unreadable || row.currency.length > 3 ? '?' : row.currency.trim().toUpperCase(),
    payeeAddress: payeeOf(row, line, settings),
    theirReference: limited(row.transactionId, 128),
    theirTime: timeOf(row),
  }
}

/** The approved address where the row names the payee that was written in the file; else what it names. */
function payeeOf(row: Transfer, line: SubmissionLine | undefined, settings: PaymentHubSettings): string {
  if (row.payeePartyId === '') return ''
  const cell = line === undefined ? undefined : payeeCell(line.payeeAddress, settings)
  const bare = row.payeePartyId.trim().replace(/^\+/, '')
  if (line !== undefined && cell?.ok && cell.value.replace(/^\+/, '') === bare) return line.payeeAddress
  const named = `${row.payeePartyIdType || settings.payeeIdentifierType}:${row.payeePartyId}`
  return named.length > 256 ? '?' : named
}

/** Two transfers of one payment: more money than was approved, which is never settled by itself. */
function saidTogether(rows: readonly Transfer[], { currency }: AskedPayment): Partial<StatusWord> {
  const amounts = rows.map(({ amount }) => parseWireAmount(amount, currency))
  const sum = amounts.reduce((total, amount) => total + (amount.ok ? amount.value : 0), 0)
  return {
    amount: amounts.every(({ ok }) => ok) ? sum : null,
    // Also where the amounts cannot be read it is not what was approved.
    currency: amounts.every(({ ok }) => ok) ? currency : '?',
    text: limited(rows.map(({ transactionId }) => transactionId).join(' '), 999),
  }
}
