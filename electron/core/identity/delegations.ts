import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { actingAt, type Delegation, findDelegationRefusal } from '../../../shared/rules/delegation.ts'
import type { Store } from '../store/store.ts'
import { changeSigned, type OfficerEdit } from './officers.ts'

/** What an administrator arranges; the record that is edited is that of the officer who stands in. */
export interface DelegationWish extends OfficerEdit, Pick<Delegation, 'from' | 'role' | 'begins' | 'ends'> {}

/**
 * Lets an officer have a role for another one for a stated time. Who is stood in for and who arranges it become sponsors of
 * the one who stands in (I7; see `shared/rules/delegation.ts`).
 *
 * @throws OfficeError `identity.delegation-*`, `identity.own-record`, `identity.wrong-pin`, `store.changed-meanwhile`
 */
export function delegate(store: Store, administrator: Officer, wish: DelegationWish, now: number): Promise<Officer> {
  const { from, role, begins, ends } = wish
  return changeSigned(store, administrator, wish, (before) => {
    if (before.id === administrator.id) fail('identity.own-record')
    const refusal = findDelegationRefusal(before, store.get('officer', from), { role, begins, ends }, now)
    if (refusal !== undefined) fail(refusal)
    const delegation = { id: newId(), from, role, begins, ends, by: administrator.id }
    return {
      officer: {
        ...before,
        delegations: [...(before.delegations ?? []), delegation],
        sponsors: [...new Set([...before.sponsors, from, administrator.id])],
      },
      action: 'officer.delegated',
      detail: { delegator: from, role, begins, ends },
    }
  })
}

/**
 * Ends a delegation now. It stays on the record, since decisions were made while it held.
 *
 * @throws OfficeError `store.not-found`, `identity.wrong-pin`, `store.changed-meanwhile`
 */
export function endDelegation(
  store: Store,
  administrator: Officer,
  edit: OfficerEdit & { readonly delegationId: string },
  now: number,
): Promise<Officer> {
  return changeSigned(store, administrator, edit, (before) => {
    const known = before.delegations ?? []
    const ended = known.find(({ id, ends }) => id === edit.delegationId && ends > now)
    if (ended === undefined) fail('store.not-found', { kind: 'delegation' })
    const ends = Math.max(now, ended.begins)
    return {
      officer: { ...before, delegations: known.map((one) => (one === ended ? { ...one, ends } : one)) },
      action: 'officer.delegation-ended',
      detail: { delegator: ended.from, role: ended.role },
    }
  })
}

/** An officer with the roles that count at a moment, as the store knows the others. */
export const actingIn = (store: Pick<Store, 'find'>, officer: Officer, at: number): Officer =>
  actingAt(officer, at, (id) => store.find('officer', id))
