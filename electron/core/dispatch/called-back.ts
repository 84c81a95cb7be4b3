import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { isStale, judgeCallbackTime } from '../../../shared/rules/callback-time.ts'
import { linesOfPart } from '../../../shared/rules/submission-parts.ts'
import type { CallResult, RawCall } from '../callbacks/caller.ts'
import type { AskedPayment, CallbackReading, StatusWord } from '../channels/channel.ts'
import { isTrustedManager } from '../identity/trust.ts'
import type { Store } from '../store/store.ts'
import { isFollowedHere } from './claim.ts'
import { breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { writeWords } from './look-up.ts'
import { getSubmission } from './submissions.ts'
import { wantLookUp } from './wanted-look-up.ts'

const UNFIT = {
  none: 'callback.no-time',
  future: 'callback.from-the-future',
  'too-old': 'callback.too-old',
} as const satisfies Record<string, ErrorCode>

/**
 * Applies what a payment system called about: verified words go the way of every other word (I4), everything else is at
 * most a reason to ask. The same call applied again, after a crash, comes to the same.
 */
export async function applyCallback(context: DispatchContext, call: RawCall): Promise<CallResult> {
  const { store } = context
  const manager = store.find('paymentManager', call.owner)
  if (manager === undefined || manager.removed) return refused('callback.no-manager')
  // Its key says what is believed; one that no administrator signed says nothing.
  if (!(await isTrustedManager(store, manager))) return refused('dispatch.manager-untrusted')
  const reading = await context
    .channelOf(manager)
    .readCallback(call, manager, (references) => paymentsOf(store, manager, references))
  if (reading.kind === 'refused') return refused(reading.code)
  if (reading.kind === 'message-trigger') {
    return asked(context, manager, paymentsInMessage(store, manager, reading.messageId), reading.code)
  }
  if (reading.kind === 'trigger') return asked(context, manager, reading.payments, reading.code)
  return applyWords(context, manager, call, reading)
}

const refused = (code: ErrorCode): CallResult => ({ outcome: 'refused', code, payments: 0 })

/** An unknown message is refused like one about nobody. */
function asked(
  context: DispatchContext,
  manager: PaymentManager,
  payments: readonly string[],
  code: ErrorCode,
): CallResult {
  if (payments.length === 0) return refused('callback.nobody-known')
  wantLookUp(context, manager, payments)
  return { outcome: 'asked', code, payments: payments.length }
}

async function applyWords(
  context: DispatchContext,
  manager: PaymentManager,
  call: RawCall,
  { words, messageAt, digest }: Extract<CallbackReading, { kind: 'words' }>,
): Promise<CallResult> {
  const { store } = context
  const all = [...new Set(words.map(({ paymentId }) => paymentId))]
  if (!isFirstToSay(store, call, digest)) return { outcome: 'repeated', code: '', payments: all.length }
  const time = judgeCallbackTime(messageAt, call.cameAt)
  if (time !== 'fits') return asked(context, manager, all, UNFIT[time])

  const foreign = sentElsewhere(context, all)
  if (foreign.size > 0) wantLookUp(context, manager, [...foreign])
  const own = words.filter(({ paymentId }) => !foreign.has(paymentId))
  if (own.length === 0) return { outcome: 'asked', code: '', payments: all.length }
  const stale = new Set<string>()
  let moved = 0
  for (let from = 0; from < own.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = own.slice(from, from + SLICE)
    const newest = newestOf(store, slice)
    const fresh = slice.filter(({ paymentId }) => !isStale(messageAt, newest.get(paymentId)))
    for (const word of slice) if (!fresh.includes(word)) stale.add(word.paymentId)
    if (fresh.length === 0) continue
    const ids = JSON.stringify([...new Set(fresh.map(({ paymentId }) => paymentId))])
    moved += writeWords(context, manager, fresh, 'callback', (sql) =>
      sql(
        `INSERT INTO callback_newest SELECT value, ? FROM json_each(?) WHERE true
         ON CONFLICT (payment_id) DO UPDATE SET message_at = max(message_at, excluded.message_at)`,
      ).run(messageAt, ids),
    )
  }
  // An older word that comes late may still be true: the payment system is asked how it stands now.
  if (stale.size > 0) wantLookUp(context, manager, [...stale])
  if (stale.size === all.length) return { outcome: 'stale', code: '', payments: all.length }
  return { outcome: moved > 0 ? 'applied' : 'nothing-new', code: '', payments: all.length }
}

/** Payments of the manager that left in a message of this id. */
function paymentsInMessage(store: Store, manager: PaymentManager, messageId: string): string[] {
  const sent = store
    .sql(
      `SELECT body ->> '$.submissionId' AS submissionId, part FROM transmission
       WHERE message_id = ? ORDER BY envelope DESC LIMIT 1`,
    )
    .get(messageId) as { submissionId: string; part: PartKey } | undefined
  if (sent === undefined) return []
  const submission = getSubmission(store, sent.submissionId)
  return submission.managerId === manager.id ? linesOfPart(submission, sent.part).map(({ paymentId }) => paymentId) : []
}

function paymentsOf(store: Store, manager: PaymentManager, references: readonly string[]): AskedPayment[] {
  const wanted = JSON.stringify([...new Set(references.map((reference) => reference.toLowerCase()))])
  return store
    .sql(
      `SELECT id, body ->> '$.currency' AS currency, body ->> '$.theirReference' AS theirReference
       FROM payment WHERE manager_id = ? AND id IN (SELECT value FROM json_each(?))`,
    )
    .all(manager.id, wanted) as AskedPayment[]
}

/** Payments that another office sends: what is said of them here is kept as a reason to ask, should this office take over. */
function sentElsewhere(context: DispatchContext, ids: readonly string[]): ReadonlySet<string> {
  if (!context.claims.isShared()) return new Set()
  const rows = context.store
    .sql('SELECT id, batch_id AS batchId FROM payment WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(ids)) as { id: string; batchId: string }[]
  const followed = new Map<string, boolean>()
  for (const { batchId } of rows) {
    if (!followed.has(batchId)) followed.set(batchId, isFollowedHere(context, batchId))
  }
  return new Set(rows.filter(({ batchId }) => followed.get(batchId) === false).map(({ id }) => id))
}

/** Whether nobody but this very call has said the same before. */
function isFirstToSay(store: Store, { id, owner, cameAt }: RawCall, digest: string): boolean {
  return store.housekeeping((sql) => {
    sql('INSERT INTO callback_seen VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(owner, digest, id, cameAt)
    return sql('SELECT call_id FROM callback_seen WHERE owner = ? AND digest = ?').pluck().get(owner, digest) === id
  })
}

function newestOf(store: Store, words: readonly StatusWord[]): ReadonlyMap<string, number> {
  const rows = store
    .sql(
      `SELECT payment_id AS id, message_at AS at FROM callback_newest
       WHERE payment_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(words.map(({ paymentId }) => paymentId))) as { id: string; at: number }[]
  return new Map(rows.map(({ id, at }) => [id, at]))
}
