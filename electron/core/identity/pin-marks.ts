import type { Store, Transaction } from '../store/store.ts'

/*
 * What the office remembers of a PIN beside the sealed key: whether somebody else chose it, and who reset it without a
 * second administrator having confirmed that yet.
 */
type Reading = Pick<Store, 'findMark'>

export const isFirstPin = (store: Reading, officerId: string): boolean =>
  store.findMark(`first-pin:${officerId}`) === '1'

/** A first PIN was chosen by another person and must be changed before anything else can be done. */
export const markFirstPin = (transaction: Transaction, officerId: string, first: boolean): void =>
  transaction.mark(`first-pin:${officerId}`, first ? '1' : '0')

/** Who reset the PIN, while it waits for a second administrator. */
export const findUnconfirmedResetter = (store: Reading, officerId: string): string | undefined =>
  store.findMark(`reset-by:${officerId}`) || undefined

export const markResetter = (transaction: Transaction, officerId: string, resetterId: string): void =>
  transaction.mark(`reset-by:${officerId}`, resetterId)

/** Forgets wrong tries at a PIN that no longer exists. */
export const forgetPinFailures = (transaction: Transaction, officerId: string): void =>
  transaction.mark(`pin-failures:${officerId}`, JSON.stringify({ count: 0, last: 0 }))
