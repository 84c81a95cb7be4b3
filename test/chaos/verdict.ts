import type { LedgerEntry } from '../../electron/peers/payment-system/ledger-entry.ts'
import type { StateNow } from './messages.ts'

export interface RunFigures {
  readonly payments: number
  readonly double: number
  readonly lost: number
  readonly falseSuccess: number
  readonly killsInFlight: number
  readonly unknowns: number
  readonly resends: number
  readonly restores: number
  readonly paid: number
  readonly rejected: number
  readonly waiting: number
  /** Of which two officers said that they were not paid. */
  readonly toldUnpaid: number
}

/** What is shown here against what the payment system's ledger says, person by person (each has one entitlement). */
export function weigh(
  state: StateNow,
  ledger: readonly LedgerEntry[],
  toldUnpaid: ReadonlySet<string>,
): Omit<RunFigures, 'killsInFlight' | 'restores'> {
  const personOf = new Map(state.payments.map(({ id, personId }) => [id, personId]))
  const paidTimes = new Map<string, number>()
  const rejectedThere = new Set<string>()
  for (const { referenceId, paidCount, status } of ledger) {
    const person = personOf.get(referenceId) ?? referenceId
    paidTimes.set(person, (paidTimes.get(person) ?? 0) + paidCount)
    if (status === 'rjct') rejectedThere.add(person)
  }
  const unfinished = new Map(state.jobs.map((job) => [job.key, job.state]))
  let lost = 0
  let falseSuccess = 0
  let waiting = 0
  for (const { id, personId, state: shown, batchId } of state.payments) {
    const paidThere = (paidTimes.get(personId) ?? 0) > 0
    if (shown === 'paid') {
      if (!paidThere) falseSuccess += 1
      continue
    }
    if (shown === 'rejected') {
      if (paidThere || !(rejectedThere.has(personId) || toldUnpaid.has(id))) lost += 1
      continue
    }
    waiting += 1
    // Unpaid there and nobody here who will ever ask again.
    const cared = unfinished.has(batchId) || (unfinished.has('manager') && ['sent', 'acknowledged'].includes(shown))
    if (!paidThere && !cared) lost += 1
  }
  const count = (wanted: string): number => state.payments.filter((payment) => payment.state === wanted).length
  return {
    payments: state.payments.length,
    double: [...paidTimes.values()].filter((times) => times > 1).length,
    lost,
    falseSuccess,
    unknowns: state.audit.unknown ?? 0,
    resends: state.audit['part.posting-again'] ?? 0,
    paid: count('paid'),
    rejected: count('rejected'),
    waiting,
    toldUnpaid: toldUnpaid.size,
  }
}
