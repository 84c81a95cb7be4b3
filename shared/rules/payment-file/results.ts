import type { Observation, Payment } from '../../model/payment.ts'
import type { PaidStatus, ResultColumns } from '../../model/payment-file.ts'
import { parseWireAmount } from '../money.ts'
import { fromSpreadsheet } from '../text.ts'
import { payeeNames } from './file-row.ts'

/*
 * What comes back about the payments of a file: a table with columns that the manager names, or an ISO 20022 pain.002. Each
 * line is a word about one payment, as strict as an answer to a look-up.
 */

/** A line as it stands in the file. */
export interface ResultLine {
  /** Where it stands, as the reader of the file counts: rows of a table, transactions of a message; from 1. */
  readonly line: number
  readonly reference: string
  readonly status: 'paid' | 'rejected' | 'waiting' | 'duplicate' | 'unclear'
  readonly code: string
  readonly text: string
  /** Empty where the file says nothing. */
  readonly amount: string
  readonly currency: string
  readonly payee: string
  readonly theirReference: string
  readonly theirTime: string
}

/** What a status report says of a whole message. */
export interface WholeVerdict {
  readonly status: ResultLine['status']
  readonly code: string
  readonly text: string
}

export interface ResultsFile {
  readonly form: 'table' | 'pain.002'
  /** Ids of the messages that a report is about (32 digits); empty of a table. */
  readonly messages: readonly string[]
  readonly lines: readonly ResultLine[]
  /** Null where nothing is said of the whole, and of a table. */
  readonly whole: WholeVerdict | null
}

const sameWord = (one: string, other: string): boolean =>
  one.trim().normalize('NFC').toLowerCase() === other.trim().normalize('NFC').toLowerCase()

/** What the word in a status column means. */
export function statusOfWord(word: string, { paid, rejected }: Pick<ResultColumns, 'paid' | 'rejected'>) {
  const means = (words: readonly string[]): boolean => words.some((known) => sameWord(known, word))
  if (means(paid)) return means(rejected) ? ('unclear' as const) : ('paid' as const)
  return means(rejected) ? ('rejected' as const) : ('unclear' as const)
}

const UNDER_WAY = /^(?:ACCP|ACSP|ACTC|ACWC|ACWP|ACFC|ACIS|PDNG|RCVD|PART|PATC)$/
/** A second arrival of the same is no refusal of the first (ISO 20022 external status reasons). */
const DUPLICATE = /^(?:AM05|DU0[1-5])$/

/** What an ISO 20022 transaction status means; a rejection of a repetition says only that the first one came. */
export function statusOfIso(status: string, code: string, paidStatuses: readonly PaidStatus[]): ResultLine['status'] {
  if ((paidStatuses as readonly string[]).includes(status)) return 'paid'
  if (status === 'RJCT') return DUPLICATE.test(code) ? 'duplicate' : 'rejected'
  return UNDER_WAY.test(status) || status === 'ACSC' || status === 'ACCC' ? 'waiting' : 'unclear'
}

const key = (name: string): string => fromSpreadsheet(name.trim()).replace(/\s/g, '').normalize('NFC').toLowerCase()

/** Whether a line names the payee that was approved, in any of the ways in which the file could have named it. */
export const namesPayee = (payee: string, address: string): boolean =>
  payeeNames(address).some((name) => key(name) === key(payee))

/** A word about a payment, as settlement takes it. */
export type ResultWord = Pick<
  Observation,
  | 'paymentId'
  | 'status'
  | 'code'
  | 'text'
  | 'amount'
  | 'currency'
  | 'payeeAddress'
  | 'theirReference'
  | 'verified'
  | 'theirTime'
>

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/

/** Why a line is no word about its payment. */
export type NoWord = 'incomplete' | 'unreadable-amount' | 'unclear'

/**
 * The word that a line is about its payment. Where it names a payee or an amount they are judged like those of an answer; a
 * table's line that says "paid" has to name both.
 *
 * @param reserved codes that only this office gives
 */
export function resultWord(
  line: ResultLine,
  payment: Pick<Payment, 'id' | 'currency' | 'payeeAddress'>,
  form: ResultsFile['form'],
  reserved: (code: string) => boolean,
): ResultWord | NoWord {
  const { status } = line
  if (status === 'unclear') return 'unclear'
  if (form === 'table' && status === 'paid' && (line.amount === '' || line.payee === '')) return 'incomplete'
  const currency = line.currency.toUpperCase()
  const amount = line.amount === '' ? undefined : parseWireAmount(line.amount, currency || payment.currency)
  if (amount?.ok === false && status === 'paid') return 'unreadable-amount'
  const code = CODE.test(line.code) && !reserved(line.code) ? line.code : ''
  return {
    paymentId: payment.id,
    status: status === 'paid' ? 'succ' : status === 'rejected' ? 'rjct' : status === 'duplicate' ? 'rcvd' : 'pdng',
    code,
    text: line.text.slice(0, 999),
    amount: amount?.ok ? amount.value : null,
    currency: currency.slice(0, 3),
    payeeAddress: whomOf(line.payee, payment.payeeAddress),
    theirReference: line.theirReference.slice(0, 128),
    verified: false,
    theirTime: line.theirTime.slice(0, 64),
  }
}

/** Named in another spelling it is still the payee that was approved; anybody else stays who it is. */
function whomOf(payee: string, address: string): string {
  if (payee === '') return ''
  return namesPayee(payee, address) ? address : payee.slice(0, 256)
}
