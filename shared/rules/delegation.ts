import type { Officer, Role } from '../model/officer.ts'

/*
 * One officer stands in for another for a stated time. Whoever stands in acts as themself, with their own key; the delegation
 * only adds a role while it lasts.
 *
 * I7 is not relaxed by it. The officer who is stood in for, and the administrator who arranged it, are sponsors of the one who
 * stands in, for good: what they made is never checked by somebody whom they asked to. Who both prepares and approves can
 * have only the approving done by somebody else, so that nobody checks what was made in their place. The role of an
 * administrator is never delegated: what an administrator signs has to verify for good.
 */

/** Roles that one officer can have for another. */
export const delegableRoles = ['clerk', 'approver', 'auditor'] as const satisfies readonly Role[]
export type DelegableRole = (typeof delegableRoles)[number]

/** Longest time that can be stated at once, days. */
export const LONGEST_DELEGATION = 92
const DAY = 86_400_000

type Person = Pick<Officer, 'id' | 'roles' | 'state' | 'removed' | 'delegations'>
export type Delegation = NonNullable<Officer['delegations']>[number]
type FindPerson = (id: string) => Person | undefined

/** Why one officer cannot stand in for another; undefined when they can. */
export type DelegationRefusal =
  | 'identity.delegation-to-self'
  | 'identity.delegation-not-theirs'
  | 'identity.delegation-both-sides'
  | 'identity.delegation-needless'
  | 'identity.delegation-time'

export function findDelegationRefusal(
  to: Person,
  from: Person,
  { role, begins, ends }: Pick<Delegation, 'role' | 'begins' | 'ends'>,
  now: number,
): DelegationRefusal | undefined {
  if (to.id === from.id) return 'identity.delegation-to-self'
  if (!mayLend(from, role)) {
    return role === 'clerk' && from.roles.includes('approver') && from.roles.includes('clerk')
      ? 'identity.delegation-both-sides'
      : 'identity.delegation-not-theirs'
  }
  if (to.roles.includes(role)) return 'identity.delegation-needless'
  if (ends <= begins || ends <= now || ends - begins > LONGEST_DELEGATION * DAY) return 'identity.delegation-time'
  return undefined
}

/** Only a role of their own, never one that they have for somebody else. */
const mayLend = (from: Person, role: Role): boolean =>
  from.state === 'active' &&
  !from.removed &&
  from.roles.includes(role) &&
  !(role === 'clerk' && from.roles.includes('approver'))

/** The delegations that hold for an officer at a moment (epoch milliseconds). */
export const delegationsAt = (officer: Person, at: number, find: FindPerson): readonly Delegation[] =>
  (officer.delegations ?? []).filter(({ role, from, begins, ends }) => {
    const lender = begins <= at && at < ends ? find(from) : undefined
    return lender !== undefined && mayLend(lender, role)
  })

/** An officer with the roles that count at a moment: their own, and those that they have for others. */
export function actingAt<T extends Person>(officer: T, at: number, find: FindPerson): T {
  const lent = delegationsAt(officer, at, find)
  if (lent.length === 0) return officer
  return { ...officer, roles: [...new Set([...officer.roles, ...lent.map(({ role }) => role)])] }
}
