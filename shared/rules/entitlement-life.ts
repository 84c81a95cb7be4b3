import type { Role } from '../model/officer.ts'
import type { CycleState, EntitlementState } from '../model/programme.ts'

/*
 * How an entitlement moves (states of OpenG2P). `trans2FSP` and `rdpd2ben` are not reached by hand or by sending: how far
 * the money is, its payments tell.
 */

interface Move {
  readonly from: readonly EntitlementState[]
  readonly to: EntitlementState
  /** Cycles in which the move is allowed. */
  readonly cycles: readonly CycleState[]
  readonly roles: readonly Role[]
  readonly needsReason: boolean
  /** The officer's PIN, and that they made nothing in the cycle. */
  readonly isDecision: boolean
}

const refusal = {
  from: ['pending_validation', 'approved'],
  cycles: ['to_approve', 'approved'],
  roles: ['approver'],
  needsReason: true,
  isDecision: false,
} as const

export const entitlementMoves = {
  submit: {
    from: ['draft'],
    to: 'pending_validation',
    cycles: ['draft', 'approved'],
    roles: ['clerk'],
    needsReason: false,
    isDecision: false,
  },
  /** Back to its makers. */
  return: {
    from: ['pending_validation'],
    to: 'draft',
    cycles: ['to_approve', 'approved', 'draft'],
    roles: ['approver', 'clerk'],
    needsReason: false,
    isDecision: false,
  },
  approve: {
    from: ['pending_validation'],
    to: 'approved',
    cycles: ['to_approve', 'approved'],
    roles: ['approver'],
    needsReason: false,
    isDecision: true,
  },
  /** The registrant does not want it. */
  reject1: { ...refusal, to: 'rejected1' },
  /** There is no account to pay to. */
  reject2: { ...refusal, to: 'rejected2' },
  /** Any other reason. */
  reject3: { ...refusal, to: 'rejected3' },
  cancel: {
    from: ['draft', 'pending_validation', 'approved'],
    to: 'cancelled',
    cycles: ['draft', 'to_approve', 'approved'],
    roles: ['clerk', 'approver'],
    needsReason: true,
    isDecision: false,
  },
  expire: {
    from: ['approved'],
    to: 'expired',
    cycles: ['approved', 'distributed'],
    roles: ['approver'],
    needsReason: true,
    isDecision: false,
  },
  /** Begins again as a draft and has to be approved anew. */
  restore: {
    from: ['cancelled', 'rejected1', 'rejected2', 'rejected3', 'expired'],
    to: 'draft',
    cycles: ['draft', 'approved'],
    roles: ['clerk'],
    needsReason: false,
    isDecision: false,
  },
} as const satisfies Readonly<Record<string, Move>>
export type EntitlementMove = keyof typeof entitlementMoves

/** Whether the table has this move from where entitlement and cycle stand. */
export function canMoveEntitlement(state: EntitlementState, cycle: CycleState, name: EntitlementMove): boolean {
  const move: Move = entitlementMoves[name]
  return move.from.includes(state) && move.cycles.includes(cycle)
}

/** Cycles whose entitlements can be made, imported and edited: while it is drafted, and late ones once it is approved. */
export const openForEntitlements: readonly CycleState[] = ['draft', 'approved']

/** States that count against fund and ceiling. */
export const grantedStates: readonly EntitlementState[] = ['approved', 'trans2FSP', 'rdpd2ben']
