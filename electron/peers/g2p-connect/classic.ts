import { DisburseMessage } from '../../../shared/contract/g2p-connect.ts'
import type { Behaviour } from '../payment-system/behaviour.ts'
import { badRequest, explain, type PeerRequest } from '../payment-system/envelope-check.ts'
import type { LedgerEntry, LedgerLine } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { httpErrors, type Reply, signedReply } from '../payment-system/reply.ts'
import { hashOf, seededRandom } from '../payment-system/seeded-random.ts'
import { planSteps } from '../payment-system/steps.ts'
import { checkDisbursement } from './disbursement-check.ts'

/*
 * Receivers that were built for what the Odoo module sends: the OpenG2P G2P Cash Transfer Bridge and its kind.
 */

export type Classic = NonNullable<Behaviour['classic']>

/** Chance that is the same for the same reference, whenever it is asked. */
const chanceOf = ({ options }: PaymentSystem, what: string, reference: string): number =>
  seededRandom(hashOf(`${options.seed} ${what} ${reference}`))()

/** Everything is received at once; storing comes later, and what cannot be stored is lost without a word. */
export function classicDisburse(
  system: PaymentSystem,
  classic: Classic,
  { header, message }: Pick<PeerRequest, 'header' | 'message'>,
  loses: boolean,
): Reply {
  const parsed = DisburseMessage.safeParse(message)
  if (!parsed.success) return httpErrors(422, 'err.request.bad', badRequest(explain(parsed.error.issues)).text)
  const { transaction_id, disbursements } = parsed.data
  if (disbursements.some(({ scheduled_timestamp }) => scheduled_timestamp === undefined)) {
    return httpErrors(422, 'err.request.bad', 'scheduled_timestamp: Field required')
  }
  const now = system.clock.now()
  const knownAt = now + classic.storedAfter
  const ids = { senderId: header.sender_id, messageId: header.message_id, transactionId: transaction_id }
  const lines: LedgerLine[] = []
  const added = new Set<string>()
  for (const item of loses ? [] : disbursements) {
    const isLost =
      checkDisbursement(item, system.behaviour.currencies) !== null ||
      chanceOf(system, `lost ${header.message_ts}`, item.reference_id) < classic.lost
    if (isLost) continue
    const steps = planSteps(system, item, knownAt)
    if (system.ledger.findEntry(item.reference_id) === undefined && !added.has(item.reference_id)) {
      added.add(item.reference_id)
      lines.push({ kind: 'accepted', ...ids, at: now, knownAt, disbursement: item, steps })
    } else {
      system.traffic.duplicateReferences += 1
      lines.push({ kind: 'again', referenceId: item.reference_id, at: now, steps })
    }
  }
  system.ledger.append(lines)
  const timestamp = new Date(now).toISOString()
  return signedReply(
    system,
    header,
    { action: 'disburse', status: 'rcvd', total: disbursements.length, completed: 0 },
    {
      transaction_id,
      disbursements_status: disbursements.map(({ reference_id }) => ({ reference_id, timestamp, status: 'rcvd' })),
    },
  )
}

/** By transaction it breaks down. */
export const classicBreakdown: Reply = httpErrors(500, 'G2P-REQ-500', 'Internal Server Error')

/** What it calls a payment: `fail` while something went wrong that is tried again. */
export function classicStatus(system: PaymentSystem, classic: Classic, entry: LedgerEntry): string {
  const fails = entry.status === 'rcvd' && chanceOf(system, 'fail', entry.referenceId) < classic.failing
  return fails ? 'fail' : entry.status
}
