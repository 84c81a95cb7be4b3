import { fail } from '../../../shared/contract/result.ts'
import { isPaidByHand } from '../../../shared/rules/pay-table.ts'
import type { HandedOut, PaymentFiles } from '../channels/file/payment-files.ts'
import { findClaim } from '../dispatch/claim.ts'
import type { Store } from '../store/store.ts'

/** What a pay table works with. */
export interface PayTableOffice {
  readonly store: Store
  readonly files: PaymentFiles
}

/** The list that was given out: the submission under which the batch was claimed, and what of it is outside. */
export interface GivenOut {
  readonly batchId: string
  readonly submissionId: string
  /** By payment. */
  readonly handedOut: ReadonlyMap<string, HandedOut>
}

type Obstacle = 'pay-table.not-paid-by-hand' | 'pay-table.not-given-out'

function find({ store, files }: PayTableOffice, batchId: string): GivenOut | Obstacle {
  const manager = store.find('paymentManager', store.get('batch', batchId).managerId)
  if (manager === undefined || !isPaidByHand(manager)) return 'pay-table.not-paid-by-hand'
  const claim = findClaim((text) => store.sql(text), batchId)
  const handedOut = files.handedOut(batchId)
  if (claim === undefined || handedOut.size === 0) return 'pay-table.not-given-out'
  return { batchId, submissionId: claim.submissionId, handedOut }
}

/** Why a batch has no pay table; undefined where it has one. */
export function obstacleOf(office: PayTableOffice, batchId: string): Obstacle | undefined {
  const found = find(office, batchId)
  return typeof found === 'string' ? found : undefined
}

/** @throws OfficeError `pay-table.not-paid-by-hand`, `pay-table.not-given-out` */
export function getGivenOut(office: PayTableOffice, batchId: string): GivenOut {
  const found = find(office, batchId)
  return typeof found === 'string' ? fail(found) : found
}

/**
 * Nobody is written down as absent whose voucher is still good: it could be shown later at another table, where nobody knows
 * that its payment was made anew (I5).
 *
 * @param today `YYYY-MM-DD`
 * @throws OfficeError `pay-table.voucher-still-good`, `pay-table.voucher-without-end`, `pay-table.voucher-from-elsewhere`
 */
export function refuseWhileVoucherIsGood(outside: HandedOut, today: string): void {
  if (outside.form === 'list') return
  const { goodUntil } = outside
  if (goodUntil === null) fail('pay-table.voucher-without-end')
  if (goodUntil === 'unknown') fail('pay-table.voucher-from-elsewhere')
  if (goodUntil >= today) fail('pay-table.voucher-still-good', { day: goodUntil })
}
