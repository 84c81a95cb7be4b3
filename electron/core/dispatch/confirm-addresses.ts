import type { Submission } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { linesOfPart } from '../../../shared/rules/submission-parts.ts'
import type { JobOutcome, JobRun } from '../scheduler/job.ts'
import type { DispatchContext } from './dispatch-context.ts'
import type { PartOnItsWay } from './part-facts.ts'
import type { ChangedPayee } from './payee-addresses.ts'
import { holdsSetApart, setApart } from './set-apart.ts'

/** What stands before a post. */
type Confirmed = { readonly kind: 'confirmed' } | { readonly kind: 'split' } | { readonly kind: 'go-on' } | JobOutcome

/** Runs in which a mapper may leave people of a message unanswered before their payments are set apart. */
const PATIENCE = 3
/** So many, or so large a part of a message, may change between approval and sending; more looks like a fault of the mapper. */
const FEW = 10
const FEW_OF = 0.05

/**
 * Asks once more where the payees of a part are paid, where somebody outside says so. Nothing leaves to an address that was not
 * confirmed: who is paid elsewhere by now is set apart, and where nobody can be asked everybody waits.
 */
export async function confirmAddresses(
  context: DispatchContext,
  submission: Submission,
  manager: PaymentManager,
  part: PartOnItsWay,
  { signal, attempts }: Pick<JobRun, 'signal' | 'attempts'>,
): Promise<Confirmed> {
  const { addresses, time } = context
  if (!addresses.isAsked(manager)) return { kind: 'confirmed' }
  if (!part.mayHaveBeenTaken && holdsSetApart(part)) {
    setApart(context, submission, part, [])
    return { kind: 'split' }
  }
  const lines = linesOfPart(submission, part.part)
  const check = await addresses.check(manager, lines, signal)
  switch (check.kind) {
    case 'put-off':
      return {
        kind: 'deferred',
        by: check.fault.code === 'http.circuit-open' ? 'endpoint' : 'line',
        until: check.retryAt,
        fault: check.fault,
      }
    case 'failed':
      return { kind: 'retry', fault: check.fault, ...(check.slowDown ? { notBefore: time.now() + time.minute } : {}) }
    case 'refused':
      return { kind: 'attention', fault: check.fault }
    case 'checked':
      break
  }
  const { unanswered } = check
  if (unanswered.length > 0 && attempts < PATIENCE) {
    const fault = { code: 'mapper.some-unanswered', params: { count: unanswered.length } } as const
    return { kind: 'retry', fault, notBefore: time.now() + time.minute }
  }
  const changed: ChangedPayee[] = [
    ...check.changed,
    ...unanswered.map((paymentId) => ({ paymentId, code: 'mapper.payee-vanished' as const })),
  ]
  if (changed.length === 0) return { kind: 'confirmed' }
  // What may have left already goes again as it was, or not at all.
  if (part.mayHaveBeenTaken) return { kind: 'attention', fault: { code: 'mapper.changed-since-sent', params: {} } }
  if (changed.length > Math.max(FEW, lines.length * FEW_OF)) {
    const params = { count: changed.length, total: lines.length }
    return { kind: 'attention', fault: { code: 'mapper.many-changed', params } }
  }
  setApart(context, submission, part, changed)
  return changed.length < part.payments.length ? { kind: 'split' } : { kind: 'go-on' }
}
