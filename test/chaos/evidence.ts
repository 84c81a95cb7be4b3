import type { LedgerEntry } from '../../electron/peers/payment-system/ledger-entry.ts'
import type { Result } from '../../shared/contract/result.ts'
import type { PaymentState } from '../../shared/model/payment.ts'
import { type EvidenceFinding, findingsOf } from '../../shared/rules/payment-life.ts'

/*
 * What only people outside can tell: an approver has the payment system's books read, writes down what they say of a
 * payment, and an administrator confirms it.
 */

/** Codes with which the app asks officers for it. */
const ASKING: ReadonlySet<string> = new Set(['dispatch.needs-evidence', 'dispatch.in-review'])

interface Asked {
  readonly payments: readonly { readonly id: string; readonly batchId: string; readonly state: string }[]
  readonly jobs: readonly { readonly key: string; readonly state: string; readonly code: string }[]
}

/** What the payment system has written down, and what officers made of it. */
export interface Books {
  readonly ledger: () => Promise<readonly LedgerEntry[]>
  /** Payments of which two officers said that they were not paid. */
  readonly toldUnpaid: Set<string>
}

/** An officer's command; undefined when the process ended before it answered. */
type Command = (
  officer: 'approver' | 'administrator',
  path: string,
  input: object,
) => Promise<Result<unknown> | undefined>

/** Payments for which the app asks for evidence. */
export function askedAbout({ payments, jobs }: Asked): string[] {
  const asking = new Set(
    jobs.filter(({ state, code }) => state === 'attention' && ASKING.has(code)).map(({ key }) => key),
  )
  return payments
    .filter(({ batchId, state }) => asking.has(batchId) && (state === 'unknown' || state === 'review'))
    .map(({ id }) => id)
}

/** What the books say; undefined while something is still to happen to the payment. */
function findingOf(entry: LedgerEntry | undefined): EvidenceFinding | undefined {
  if (entry === undefined) return 'not-paid'
  if (entry.dueAt !== null) return undefined
  if (entry.reversedAt !== null) return 'reversed'
  return entry.paidCount > 0 ? 'paid' : 'not-paid'
}

/** Officers vouch for what became of these payments, as far as the books tell and the app takes it. */
export async function bringEvidence(
  command: Command,
  payments: readonly { readonly id: string; readonly state: string }[],
  { ledger, toldUnpaid }: Books,
): Promise<void> {
  if (payments.length === 0) return
  const entries = new Map((await ledger()).map((entry) => [entry.referenceId, entry]))
  for (const { id, state } of payments) {
    const finding = findingOf(entries.get(id))
    if (finding === undefined || !findingsOf(state as PaymentState).includes(finding)) continue
    const words = { paymentId: id, finding, amount: null, reference: 'statement of today', document: 'binder 3' }
    const recorded = await command('approver', 'dispatch.recordEvidence', words)
    if (recorded?.ok !== true) continue
    const { evidenceId } = recorded.value as { evidenceId: string }
    const confirmed = await command('administrator', 'dispatch.confirmEvidence', { evidenceId })
    if (confirmed?.ok === true && finding === 'not-paid') toldUnpaid.add(id)
  }
}
