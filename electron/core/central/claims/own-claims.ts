import type { Store, Transaction } from '../../store/store.ts'

/*
 * An office that works alone claims in its own store. Once it works with a central server, that has to hear of these claims
 * before it can be asked about them: until then it is no wonder that it knows none.
 */

const TOLD = 'central-own-claims-told'

/** Whether the central server was told of everything that this office claimed by itself. */
export const ownClaimsAreTold = (store: Pick<Store, 'findMark'>): boolean => store.findMark(TOLD) === '1'

export const noteOwnClaimsTold = (store: Store): void => store.housekeeping((_, mark) => mark(TOLD, '1'))

/** From now on this office claims by itself; called in the transaction with which it begins to work alone. */
export const claimsByItself = (transaction: Transaction): void => transaction.mark(TOLD, '')
