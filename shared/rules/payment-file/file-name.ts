import type { FileFormName } from '../../model/payment-file.ts'

/** An id as ISO 20022 and file names have room for: 32 hexadecimal digits instead of a UUID's 36 characters. */
export const digitsOf = (id: string): string => id.replaceAll('-', '').toLowerCase()

const UUID_DIGITS = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** A payment's reference, however it was written down: with or without dashes, in capitals. Undefined for anything else. */
export function findReference(text: string): string | undefined {
  const found = UUID_DIGITS.exec(text.trim().replaceAll('-', '').toLowerCase())
  return found === null ? undefined : found.slice(1).join('-')
}

const ENDING: Readonly<Record<FileFormName, string>> = {
  csv: 'csv',
  'pain.001': 'xml',
  list: 'json',
  vouchers: 'json',
}

/** Digits of the message id in a file's name. */
const NAMED = 16

/**
 * What the file of a message is called, without its ending: nothing personal, the same whenever it is asked.
 *
 * @param messageId derived from submission and part
 * @param madeAt epoch milliseconds
 */
export const fileName = (messageId: string, madeAt: number): string =>
  `payments-${new Date(madeAt).toISOString().slice(0, 10).replaceAll('-', '')}-${digitsOf(messageId).slice(0, NAMED)}`

/** What copy `number` of a file is called; the bytes in it are those of every other copy. */
export const copyName = (name: string, form: FileFormName, number: number): string =>
  `${name}-copy-${number}.${ENDING[form]}`
