import { createHash } from 'node:crypto'
import type { IdentityNumber, Registrant } from '../../../shared/model/registrant.ts'

/** Digits at the end of a number by which its spellings with and without a country code are one. */
const LAST_DIGITS = 9
/** Digits below which a cell is no phone or identity number. */
const FEWEST_DIGITS = 7

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim()

/** A text as it may stand in a cell of a file: as it is, and its digits where it is a number. */
function* spellings(text: string): Generator<string> {
  const cell = plain(text)
  if (cell === '') return
  yield cell
  const digits = cell.replaceAll(/\D/gu, '')
  if (digits.length >= FEWEST_DIGITS) yield `#${digits.slice(-LAST_DIGITS)}`
}

/** @param salt of this office */
const hashOf = (salt: string, spelling: string): string =>
  createHash('sha256').update(salt).update('\u001f').update(spelling).digest('hex').slice(0, 24)

/** What named a person, as hashes, so that it can be found in what else is kept once it is not known any more. */
export function namingHashes(salt: string, registrant: Registrant, numbers: readonly IdentityNumber[]): string[] {
  const { name, registryNumber, phoneNumbers, emails, bankAccounts } = registrant
  const texts = [
    name,
    registryNumber,
    ...phoneNumbers.map(({ number }) => number),
    ...emails.map(({ address }) => address),
    ...bankAccounts.flatMap(({ accountNumber, iban }) => [accountNumber, iban]),
    ...numbers.map(({ value }) => value),
  ]
  return [...new Set(texts.flatMap((text) => [...spellings(text)].map((spelling) => hashOf(salt, spelling))))]
}

/** Whether a text of a file is one of those. */
export const isNamed = (salt: string, text: string, hashes: ReadonlySet<string>): boolean =>
  spellings(text).some((spelling) => hashes.has(hashOf(salt, spelling)))
