import type { Payment } from '../../../../shared/model/payment.ts'

/* A payment of which tests of merging make versions, and the moments at which offices write them. */

export const moment = (n: number): string => `${String(n).padStart(9, '0')}-0000-a${n}`

/** States from which a payment may still go anywhere. */
export const waitingStates = ['prepared', 'blocked', 'queued', 'cancelled', 'sent', 'unknown', 'acknowledged'] as const
/** States between which nothing moves it but contradiction and evidence. */
export const settledStates = ['paid', 'rejected', 'reversed', 'review'] as const

export const payment: Payment = {
  id: 'r',
  changedAt: moment(1),
  changedBy: 'clerk',
  entitlementId: 'e',
  attempt: 1,
  cycleId: 'c',
  programmeId: 'p',
  registrantId: 'r',
  registrantName: 'Amina',
  payeeId: 'r',
  payeeName: 'Amina',
  payeeAddress: 'phone:+251911000000@wallet',
  batchId: 'b',
  managerId: 'm',
  amount: 1_000,
  currency: 'ETB',
  state: 'queued',
  reasonCode: '',
  reasonText: '',
  reasonParams: {},
  amountPaid: null,
  theirReference: '',
  held: false,
  stateAt: moment(1),
}
