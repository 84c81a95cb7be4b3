import { fail } from '../../../shared/contract/result.ts'
import { isPaidByHand } from '../../../shared/rules/pay-table.ts'
import { findClaim } from '../dispatch/claim.ts'
import type { Transaction } from '../store/store.ts'

/** The list that was given out: the submission under which the batch was claimed. */
export interface GivenOut {
  readonly batchId: string
  readonly submissionId: string
}

type From = Pick<Transaction, 'sql' | 'find'>

/** Why a batch has no pay table; undefined where it has one. */
export function obstacleOf(
  from: From,
  batchId: string,
): 'pay-table.not-paid-by-hand' | 'pay-table.not-given-out' | undefined {
  const batch = from.find('batch', batchId) ?? fail('store.not-found', { kind: 'batch' })
  const manager = from.find('paymentManager', batch.managerId)
  if (manager === undefined || !isPaidByHand(manager)) return 'pay-table.not-paid-by-hand'
  const copied = from.sql("SELECT 1 FROM file_deed WHERE batch_id = ? AND deed = 'copied' LIMIT 1").get(batchId)
  return copied === undefined || findClaim(from.sql, batchId) === undefined ? 'pay-table.not-given-out' : undefined
}

/** @throws OfficeError with the obstacle */
export function getGivenOut(from: From, batchId: string): GivenOut {
  const obstacle = obstacleOf(from, batchId)
  if (obstacle !== undefined) fail(obstacle)
  const claim = findClaim(from.sql, batchId) ?? fail('pay-table.not-given-out')
  return { batchId, submissionId: claim.submissionId }
}
