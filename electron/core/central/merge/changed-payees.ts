import { setImmediate as nextTurn } from 'node:timers/promises'
import { OfficeError } from '../../../../shared/contract/result.ts'
import type { Claim } from '../../../../shared/model/batch.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Payment } from '../../../../shared/model/payment.ts'
import type { Entitlement } from '../../../../shared/model/programme.ts'
import { type ExaminationSettings, examine } from '../../batches/examination.ts'
import { readSettings } from '../../batches/settings.ts'
import { nothingSaid } from '../../channels/nothing-said.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { MergeContext } from './incoming.ts'
import { restateBatch } from './restate-batches.ts'

const CODE = 'central.payee-changed'
/** Registrants looked at in one transaction. */
const AT_ONCE = 200

const ON_ITS_WAY = "('submitted', 'approved', 'queued', 'claimed', 'sending', 'following')"
const ANY_FROZEN = `SELECT 1 FROM batch WHERE state IN ${ON_ITS_WAY} LIMIT 1`

/** Payments that are frozen to an address: an open batch examines its payees anew when it is submitted. */
const FROZEN = `SELECT DISTINCT p.body FROM json_each(?) person
  JOIN payment p ON p.COLUMN = person.value JOIN batch b ON b.id = p.batch_id
  WHERE p.state IN ('prepared', 'queued', 'sent', 'acknowledged', 'unknown')
    AND b.state IN ${ON_ITS_WAY}`

/**
 * Payments under way whose payee's account another office changed: what has not left is held until an officer has looked at
 * it again, and what has left gets a note.
 *
 * @param people registrants whose account, life or household may be another one
 */
export async function holdChangedPayees(
  { store, now, onBatches }: Pick<MergeContext, 'store' | 'now' | 'onBatches'>,
  people: Iterable<string>,
): Promise<void> {
  const ids = [...people]
  if (ids.length === 0 || store.sql(ANY_FROZEN).get() === undefined) return
  const held = new Set<string>()
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    if (from > 0) await nextTurn()
    const payments = frozenPayments(store, ids.slice(from, from + AT_ONCE))
    const moved = changedAmong(store, payments, new Date(now()).toISOString().slice(0, 10))
    if (moved.length === 0) continue
    store.transaction(OFFICE, (tx) => {
      for (const payment of moved) holdOrNote(tx, payment)
      const batches = [...new Set(moved.map((payment) => payment.batchId))]
      const restated = batches.filter((batchId) => restateBatch(tx, batchId, now(), CODE))
      for (const batchId of batches) held.add(batchId)
      // Payments that are held already need no word of their own; the batch that shows it anew does.
      if (restated.length === 0) return
      tx.audit({
        action: 'central.batches-restated',
        subjectKind: 'office',
        subjectId: 'central',
        detail: { batches: restated },
      })
    })
  }
  if (held.size > 0) onBatches?.([...held])
}

function frozenPayments(store: Store, ids: readonly string[]): Payment[] {
  const found = new Map<string, Payment>()
  for (const column of ['registrant_id', 'payee_id']) {
    const bodies = store.sql(FROZEN.replace('COLUMN', column)).pluck().all(JSON.stringify(ids)) as string[]
    for (const body of bodies) {
      const payment = JSON.parse(body) as Payment
      found.set(payment.id, payment)
    }
  }
  return [...found.values()]
}

/** Those that would go elsewhere, or nowhere, if they were prepared on `day`. */
function changedAmong(store: Store, payments: readonly Payment[], day: string): Payment[] {
  const context = { sql: (text: string) => store.sql(text) }
  return [...new Set(payments.map(({ cycleId }) => cycleId))].flatMap((cycleId) => {
    const settings = findSettings(context, cycleId, day)
    if (settings === undefined) return []
    const ofCycle = payments.filter((payment) => payment.cycleId === cycleId)
    const bodies = store
      .sql('SELECT body FROM entitlement WHERE id IN (SELECT value FROM json_each(?))')
      .pluck()
      .all(JSON.stringify(ofCycle.map(({ entitlementId }) => entitlementId))) as string[]
    const entitlements = bodies.map((body) => JSON.parse(body) as Entitlement)
    const payees = new Map(
      examine(context, entitlements, settings).map(({ entitlement, payee }) => [entitlement.id, payee]),
    )
    return ofCycle.filter(({ entitlementId, payeeId, payeeAddress }) => {
      const payee = payees.get(entitlementId)
      if (payee === undefined) return false
      return !payee.ok || payee.value.registrantId !== payeeId || payee.value.address !== payeeAddress
    })
  })
}

function findSettings(
  context: Parameters<typeof readSettings>[0],
  cycleId: string,
  day: string,
): ExaminationSettings | undefined {
  try {
    return readSettings(context, cycleId, day)
  } catch (error) {
    // The cycle, its programme or its manager has not arrived, so nothing of it is sent from here either.
    if (error instanceof OfficeError) return undefined
    throw error
  }
}

function holdOrNote(tx: Transaction, payment: Payment): void {
  if (payment.state === 'prepared' || payment.state === 'queued') {
    if (payment.held && payment.reasonCode === CODE) return
    tx.change('payment', payment, { held: true, reasonCode: CODE, reasonText: '', reasonParams: {} })
    tx.audit({ action: 'payment.held', subjectKind: 'payment', subjectId: payment.id, detail: { code: CODE } })
    return
  }
  // One office notes it: the one that sends the batch.
  if (!isSentFromHere(tx, payment.batchId)) return
  tx.put('observation', {
    ...nothingSaid,
    id: newId(),
    paymentId: payment.id,
    batchId: payment.batchId,
    source: 'office',
    status: 'other',
    code: CODE,
  })
  tx.audit({ action: 'payment.payee-changed', subjectKind: 'payment', subjectId: payment.id })
}

function isSentFromHere(tx: Transaction, batchId: string): boolean {
  const body = tx
    .sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return body !== undefined && (JSON.parse(body) as Claim).installationId === tx.findMark('installation')
}
