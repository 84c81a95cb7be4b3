import { type Fault, type Result, success } from '../../../shared/contract/result.ts'
import type { Claim, Submission } from '../../../shared/model/batch.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { OFFICE } from '../store/store.ts'
import { withdrawPayments } from './claim.ts'
import { breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { applyEvent, paymentsById } from './payment-moves.ts'
import { type ClaimHolder, type PaymentElsewhere, sinceText } from './sender-claims.ts'

/** Another office sends this batch. */
export const claimedElsewhere = ({ officeName, claimedAt }: Pick<Claim, 'officeName' | 'claimedAt'>): Fault => ({
  code: 'central.claimed-elsewhere',
  params: { office: officeName ?? '', since: claimedAt === undefined ? '' : sinceText(claimedAt) },
})

/**
 * Payments of an approved submission that stand in other batches by now, as records of other offices brought it, with who
 * sends those. Errors: `central.claimed-elsewhere` when another office sends this very batch, and why nobody can tell.
 */
export async function findLeftBehind(
  { store, claims }: Pick<DispatchContext, 'store' | 'claims'>,
  { batchId, lines }: Submission,
  signal: AbortSignal,
): Promise<Result<readonly PaymentElsewhere[]>> {
  const moved = paymentsById(
    (text) => store.sql(text),
    lines.map(({ paymentId }) => paymentId),
  ).filter((payment) => payment.batchId !== batchId)
  if (moved.length === 0) return success([])
  const own = await claims.findHolder(batchId, signal)
  if (!own.ok) return own
  if (own.value !== undefined && own.value.installationId !== store.installationId) {
    return { ok: false, error: claimedElsewhere(own.value) }
  }
  // Sent by this office in an earlier life of its store: the next contact writes that down, and then it goes on from there.
  if (own.value?.whole === true) return { ok: false, error: { code: 'central.still-arriving', params: {} } }
  const holders = new Map<string, ClaimHolder | undefined>()
  for (const other of new Set(moved.map((payment) => payment.batchId))) {
    const found = other === '' ? success(undefined) : await claims.findHolder(other, signal)
    if (!found.ok) return found
    holders.set(other, found.value?.cancelled === true ? undefined : found.value)
  }
  return success(
    moved.map((payment) => {
      const holder = holders.get(payment.batchId)
      const { officeName = '', claimedAt: since = 0 } = holder ?? {}
      return { paymentId: payment.id, batchId: payment.batchId, officeName, since }
    }),
  )
}

/** What an officer is told of a batch that goes back without some of its payments. */
export function leftBehindFault(elsewhere: readonly PaymentElsewhere[]): Fault {
  const offices = [...new Set(elsewhere.map(({ officeName }) => officeName))].filter((name) => name !== '')
  return offices.length === 0
    ? { code: 'dispatch.payments-moved', params: {} }
    : { code: 'central.payments-claimed-elsewhere', params: { count: elsewhere.length, office: offices.join(', ') } }
}

/**
 * Others pay some of a submission: those payments leave the batch with the name of who pays them, and the rest of it goes
 * back to be submitted and approved anew.
 */
export async function sendBack(
  context: DispatchContext,
  { batchId, number }: Submission,
  elsewhere: readonly PaymentElsewhere[],
): Promise<void> {
  const { store, time } = context
  await withdrawPayments(context, batchId)
  for (let from = 0; from < elsewhere.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = new Map(elsewhere.slice(from, from + SLICE).map((one) => [one.paymentId, one]))
    store.transaction(OFFICE, (transaction) => {
      let moved = 0
      for (const payment of paymentsById(transaction.sql, [...slice.keys()])) {
        const holder = slice.get(payment.id)
        if (holder === undefined || payment.batchId !== batchId) continue
        const blocked = applyEvent(transaction, payment, 'block')
        if (blocked.state !== 'blocked') continue
        transaction.change('payment', blocked, {
          batchId: '',
          reasonCode: 'central.claimed-elsewhere',
          reasonText: '',
          reasonParams: { office: holder.officeName, since: sinceText(holder.since) },
        })
        moved += 1
      }
      refreshBatch(transaction, batchId, time.now(), { sentBack: number })
      transaction.audit({
        action: 'batch.sent-back',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { number, payments: moved },
      })
    })
  }
}
