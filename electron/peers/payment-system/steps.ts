import type { Disbursement } from '../../../shared/contract/g2p-connect.ts'
import type { Step } from './ledger-entry.ts'
import { plannedOutcome } from './outcome.ts'
import type { PaymentSystem } from './payment-system.ts'

/** What will become of the payment, from the later of now, its schedule, and when it is known. */
export function planSteps(system: PaymentSystem, item: Disbursement, knownAt: number): Step[] {
  const { profile, seed } = system.options
  const scheduled = item.scheduled_timestamp === undefined ? 0 : Date.parse(item.scheduled_timestamp)
  const from = Math.max(knownAt, scheduled)
  const outcome = plannedOutcome(profile, seed, item.payee_fa)
  const step = (at: number, what: Step['do'], code: string): Step => ({
    id: system.ledger.nextStepId(),
    at,
    do: what,
    code,
  })
  if (outcome.kind === 'rejected') return [step(from + outcome.after, 'reject', outcome.code)]
  const paidAt = from + outcome.after
  const pay = step(paidAt, 'pay', '')
  if (outcome.kind !== 'reversed') return [pay]
  return [pay, step(paidAt + outcome.reversedAfter, 'reverse', 'rjct.payment.reversed')]
}
