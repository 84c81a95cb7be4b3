import type { ErrorCode } from '../contract/errors.ts'
import type { Role } from '../model/officer.ts'
import type { Cycle, CycleState } from '../model/programme.ts'
import { sponsorsThroughout } from './batch-life.ts'
import { plainAmount } from './money.ts'

/*
 * How a cycle moves (states of OpenG2P): drafted by clerks, approved by somebody who made nothing in it, distributed when
 * everything has left, ended when the outcome of every payment is known or an approver answers for those that are not.
 */

interface Move {
  readonly from: readonly CycleState[]
  readonly to: CycleState
  readonly roles: readonly Role[]
  readonly needsPin: boolean
  readonly needsReason: boolean
}

export const cycleMoves = {
  submit: { from: ['draft'], to: 'to_approve', roles: ['clerk'], needsPin: false, needsReason: false },
  return: { from: ['to_approve'], to: 'draft', roles: ['approver'], needsPin: false, needsReason: true },
  approve: { from: ['to_approve'], to: 'approved', roles: ['approver'], needsPin: true, needsReason: false },
  distribute: {
    from: ['approved'],
    to: 'distributed',
    roles: ['clerk', 'approver'],
    needsPin: false,
    needsReason: false,
  },
  /** So that what was rejected can be prepared again. */
  reopen: { from: ['distributed'], to: 'approved', roles: ['approver'], needsPin: false, needsReason: true },
  end: { from: ['approved', 'distributed'], to: 'ended', roles: ['approver'], needsPin: true, needsReason: false },
  cancel: {
    from: ['draft', 'to_approve', 'approved'],
    to: 'cancelled',
    roles: ['approver'],
    needsPin: true,
    needsReason: true,
  },
} as const satisfies Readonly<Record<string, Move>>
export type CycleMove = keyof typeof cycleMoves

export const cycleMoveNames = Object.keys(cycleMoves) as CycleMove[]

/** What a cycle's entitlements and payments say, counted by the store. */
export interface CycleFacts {
  readonly drafts: number
  readonly pending: number
  readonly pendingSum: number
  readonly granted: number
  readonly grantedSum: number
  /** Granted by the programme's other cycles, minor units. */
  readonly grantedElsewhere: number
  /** Approved entitlements for which nothing has left or will leave: no payment, or one that waits to be sent. */
  readonly notSent: number
  /** Payments that left and whose outcome is not known. */
  readonly open: number
  /** Payments that were not cancelled. */
  readonly payments: number
  /** Prepared or queued payments. */
  readonly waitingPayments: number
}

export interface Refusal {
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, string | number>>
}

const no = (code: ErrorCode, params: Refusal['params'] = {}): Refusal => ({ code, params })

/** Approved entitlements without an end: nothing left for them, or what left has no known outcome. */
export const unsettled = ({ open, notSent }: Pick<CycleFacts, 'open' | 'notSent'>): number => open + notSent

/** Whether granting `wanted` more (minor units) stays within ceiling and fund; the refusal has the figures. */
export function findBudgetRefusal(
  wanted: number,
  facts: Pick<CycleFacts, 'grantedSum' | 'grantedElsewhere'>,
  { ceiling, fund, currency }: { ceiling: number | null; fund: number | null; currency: string },
): Refusal | undefined {
  const money = (minor: number): string => plainAmount(minor, currency)
  const cycle = facts.grantedSum + wanted
  if (ceiling !== null && cycle > ceiling) {
    return no('cycle.ceiling-exceeded', { ceiling: money(ceiling), wanted: money(cycle), over: money(cycle - ceiling) })
  }
  const all = cycle + facts.grantedElsewhere
  if (fund !== null && all > fund) {
    return no('cycle.fund-exceeded', { fund: money(fund), wanted: money(all), over: money(all - fund) })
  }
  return undefined
}

/** Why an officer is not a second pair of eyes for a cycle: they, or somebody who could act through them, made it. */
export function findMakerRefusal(
  officer: { readonly id: string; readonly sponsors: readonly string[] },
  makers: readonly string[],
  sponsorsOf: (officerId: string) => readonly string[] | undefined,
): Refusal | undefined {
  if (makers.includes(officer.id)) return no('cycle.maker')
  const sponsors = sponsorsThroughout(officer.sponsors, sponsorsOf)
  return makers.some((maker) => sponsors.has(maker)) ? no('cycle.sponsored-by-maker') : undefined
}

/**
 * Whether a cycle can make a move now, whoever asks. `acknowledgedOpen` is the number of {@link unsettled} entitlements that
 * an approver has seen listed and answers for; null when none were listed.
 */
export function findCycleRefusal(
  move: CycleMove,
  cycle: Pick<Cycle, 'state' | 'ceiling' | 'generationUnfinished'>,
  facts: CycleFacts,
  programme: { readonly fund: number | null; readonly currency: string },
  acknowledgedOpen: number | null = null,
): Refusal | undefined {
  if (!(cycleMoves[move].from as readonly CycleState[]).includes(cycle.state)) return no('cycle.move-not-allowed')
  switch (move) {
    case 'submit':
      if (cycle.generationUnfinished) return no('cycle.generation-unfinished')
      return facts.drafts + facts.pending + facts.granted === 0 ? no('cycle.nothing-entitled') : undefined
    case 'approve':
      if (cycle.generationUnfinished) return no('cycle.generation-unfinished')
      if (facts.drafts > 0) return no('cycle.drafts-left', { drafts: facts.drafts })
      if (facts.pending + facts.granted === 0) return no('cycle.nothing-entitled')
      return findBudgetRefusal(facts.pendingSum, facts, { ...programme, ceiling: cycle.ceiling })
    case 'distribute':
      if (facts.granted === 0) return no('cycle.nothing-entitled')
      return facts.notSent > 0 ? no('cycle.not-all-sent', { count: facts.notSent }) : undefined
    case 'end':
      if (facts.waitingPayments > 0) return no('cycle.not-all-sent', { count: facts.waitingPayments })
      if (unsettled(facts) === 0) return undefined
      if (acknowledgedOpen === null) return no('cycle.payments-open', { count: unsettled(facts) })
      return acknowledgedOpen === unsettled(facts)
        ? undefined
        : no('cycle.open-payments-changed', { count: unsettled(facts) })
    case 'cancel':
      return facts.payments > 0 ? no('cycle.has-payments', { count: facts.payments }) : undefined
    case 'return':
    case 'reopen':
      return undefined
  }
}
