import type { Draft } from '../../electron/core/store/store.ts'

/** A payment of which a test says only what it is about: one that was prepared and never left. */
export const paymentDraft = (facts: Pick<Draft<'payment'>, 'id'> & Partial<Draft<'payment'>>): Draft<'payment'> => ({
  entitlementId: 'entitlement',
  attempt: 1,
  cycleId: 'cycle',
  programmeId: 'programme',
  registrantId: 'household',
  registrantName: 'Household',
  payeeId: 'head',
  payeeName: 'Head',
  payeeAddress: 'phone:+251911000001@wallet',
  batchId: '',
  managerId: 'manager',
  amount: 125_000,
  currency: 'ETB',
  state: 'prepared',
  reasonCode: '',
  reasonText: '',
  reasonParams: {},
  amountPaid: null,
  theirReference: '',
  held: false,
  stateAt: '000000000-0000-a',
  ...facts,
})
