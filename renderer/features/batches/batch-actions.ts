import type { Role } from '../../../shared/model/officer.ts'
import { isOpenOutside } from '../../../shared/rules/payment-life.ts'
import type { BatchPage } from './answers.ts'
import type { PaymentCounts } from './payment-progress.ts'

/** What can be done with a whole batch. */
export const batchActions = [
  'submit',
  'review',
  'takeBack',
  'send',
  'checkNow',
  'release',
  'hold',
  'prepareAgain',
  'cancel',
] as const
export type BatchAction = (typeof batchActions)[number]

/** An action that the batch's state allows. */
export interface OfferedAction {
  readonly action: BatchAction
  /** Roles of which the officer has none; empty when the officer may do it. */
  readonly missing: readonly Role[]
}

/** What of a batch decides what it offers. */
export type Offering = Pick<BatchPage['batch'], 'state' | 'held'> & {
  /** Somebody has ordered it to be sent, and the outbox has not done it yet. */
  readonly ordered: boolean
}

interface Rule {
  readonly roles: readonly Role[]
  readonly fits: (batch: Offering, counts: PaymentCounts) => boolean
}

type State = BatchPage['batch']['state']
const inState =
  (...states: readonly State[]) =>
  ({ state }: { state: State }): boolean =>
    states.includes(state)

const submittable = inState('open', 'returned', 'lapsed')
const awaitsDecision = inState('submitted', 'lapsed')
const approved = inState('approved', 'queued')
const holdable = inState('approved', 'queued', 'claimed', 'sending')
const unclaimed = inState('open', 'returned', 'lapsed', 'submitted', 'approved', 'queued')
const over = inState('settled', 'cancelled')

const rules: Readonly<Record<BatchAction, Rule>> = {
  submit: { roles: ['clerk'], fits: (batch) => submittable(batch) && !batch.held },
  review: { roles: ['approver'], fits: awaitsDecision },
  takeBack: { roles: ['approver'], fits: approved },
  send: { roles: ['clerk', 'approver'], fits: (batch) => batch.state === 'approved' && !batch.held && !batch.ordered },
  checkNow: {
    roles: ['clerk', 'approver'],
    fits: (_, counts) =>
      Object.entries(counts).some(([state, count]) => count > 0 && isOpenOutside(state as keyof PaymentCounts)),
  },
  release: { roles: ['clerk', 'approver'], fits: (batch) => batch.held && !over(batch) },
  hold: { roles: ['clerk', 'approver'], fits: (batch) => !batch.held && holdable(batch) },
  prepareAgain: {
    roles: ['clerk'],
    fits: (batch, counts) =>
      over(batch) && (counts.rejected ?? 0) + (counts.reversed ?? 0) + (counts.cancelled ?? 0) > 0,
  },
  // After the claim, what has not left can still be taken back.
  cancel: {
    roles: ['clerk', 'approver'],
    fits: (batch, counts) => unclaimed(batch) || (!over(batch) && (counts.queued ?? 0) > 0),
  },
}

/** What a batch in this state offers, in the order of the buttons, and which role it takes. The core checks again. */
export function offeredActions(batch: Offering, counts: PaymentCounts, roles: readonly Role[]): OfferedAction[] {
  return batchActions
    .filter((action) => rules[action].fits(batch, counts))
    .map((action) => ({
      action,
      missing: rules[action].roles.some((role) => roles.includes(role)) ? [] : rules[action].roles,
    }))
}

const leading: readonly BatchAction[] = ['submit', 'review', 'release', 'send', 'checkNow', 'prepareAgain']

/** Whether an action brings the batch forward; the others are kept in the menu. */
export const leads = (action: BatchAction): boolean => leading.includes(action)

/** The one action that stands out: the next step of the batch, if this officer can take it. */
export const mainAction = (offered: readonly OfferedAction[]): BatchAction | undefined =>
  leading.find((action) => offered.some((one) => one.action === action && one.missing.length === 0))
