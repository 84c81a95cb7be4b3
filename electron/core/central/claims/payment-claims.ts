import { type Fault, type Result, success } from '../../../../shared/contract/result.ts'
import type { Submission, SubmissionLine } from '../../../../shared/model/batch.ts'
import type { BatchClaimDocument, PaymentClaimDocument } from '../../../../shared/model/central.ts'
import { paymentId } from '../../../../shared/model/ids.ts'
import type { Payment } from '../../../../shared/model/payment.ts'
import { isFinal } from '../../../../shared/rules/payment-life.ts'
import type { PaymentElsewhere } from '../../dispatch/sender-claims.ts'
import { paymentKey, type Standing } from './claims-database.ts'
import { type ClaimsContext, type ClaimsServer, serverTime } from './claims-server.ts'

/*
 * Who pays an entitlement's attempt. A claim of a later attempt claims the earlier ones with it, so that no laptop which
 * has not heard that they came to nothing can still pay them.
 */

const TRIES = 4

/** How the payments of a batch stand after claiming them. */
export type PaymentsClaimed =
  | { readonly kind: 'claimed'; readonly elsewhere: readonly PaymentElsewhere[] }
  | { readonly kind: 'lost'; readonly fault: Fault }
  | { readonly kind: 'put-off'; readonly fault: Fault }

interface Wanted {
  /** The line of the submission because of which it is claimed. */
  readonly line: SubmissionLine
  readonly isEarlierAttempt: boolean
}

/** By id of the payment: everything that a submission has to hold before it may leave. */
function wantedOf(lines: readonly SubmissionLine[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const line of lines) {
    wanted.set(line.paymentId, { line, isEarlierAttempt: false })
    for (let attempt = 1; attempt < line.attempt; attempt += 1) {
      wanted.set(paymentId(line.entitlementId, attempt), { line, isEarlierAttempt: true })
    }
  }
  return wanted
}

type StandingPayment = Standing<PaymentClaimDocument>

/**
 * Claims all payments of a submission for its batch, whose own claim this office holds. Only a counted write is a claim;
 * everything else is read back and written again, until it is counted or somebody else's.
 */
export async function claimPayments(
  context: ClaimsContext,
  server: ClaimsServer,
  submission: Pick<Submission, 'batchId' | 'lines'>,
  signal: AbortSignal,
): Promise<PaymentsClaimed> {
  const wanted = wantedOf(submission.lines)
  const elsewhere = new Map<string, PaymentClaimDocument>()
  /** What is still to be written, and in place of what. */
  let open = new Map<string, PaymentClaimDocument | undefined>([...wanted.keys()].map((id) => [id, undefined]))
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES && open.size > 0; tries += 1) {
    const documents = [...open].map(([id, before]) => claimOf(context, server, submission.batchId, id, before))
    const written = await server.database.putMany(documents, signal)
    const unclear: string[] = []
    for (const id of open.keys()) {
      const one = written.get(paymentKey(id))
      if (one?.kind === 'written') continue
      if (one?.kind === 'refused') return { kind: 'lost', fault: one.fault }
      if (one?.kind === 'unsure') fault = one.fault
      unclear.push(id)
    }
    if (unclear.length === 0) return settle(context, server, submission.batchId, wanted, elsewhere, signal)
    const read = await server.database.read('payment', unclear, signal)
    if (!read.ok) return { kind: 'put-off', fault: read.error }
    open = new Map()
    for (const id of unclear) {
      const standing: StandingPayment = read.value.get(id) ?? { kind: 'missing' }
      if (standing.kind === 'conflict')
        return { kind: 'lost', fault: { code: 'central.claim-in-conflict', params: {} } }
      if (standing.kind === 'unreadable') {
        return { kind: 'lost', fault: { code: 'central.record-invalid', params: { kind: 'claim' } } }
      }
      const document = standing.kind === 'found' ? standing.document : undefined
      if (document === undefined || document.released || document.batchId === submission.batchId) open.set(id, document)
      else if (!isKnownEarlier(context, wanted.get(id), id, document)) elsewhere.set(id, document)
    }
  }
  if (open.size > 0) return { kind: 'put-off', fault }
  return settle(context, server, submission.batchId, wanted, elsewhere, signal)
}

/** An earlier attempt that came to nothing in the very batch that this office knows it from. */
function isKnownEarlier(
  { store }: ClaimsContext,
  wanted: Wanted | undefined,
  id: string,
  { batchId }: PaymentClaimDocument,
): boolean {
  if (wanted === undefined || !wanted.isEarlierAttempt) return false
  const payment = store.find('payment', id)
  return payment !== undefined && payment.batchId === batchId && isFinal(payment.state)
}

const claimOf = (
  context: ClaimsContext,
  server: ClaimsServer,
  batchId: string,
  id: string,
  before: PaymentClaimDocument | undefined,
  released = false,
): PaymentClaimDocument => ({
  ...(before?._rev === undefined ? {} : { _rev: before._rev }),
  _id: paymentKey(id),
  type: 'payment',
  paymentId: id,
  batchId,
  installationId: context.store.installationId,
  claimedAt: serverTime(context),
  by: server.user,
  released,
})

/** Names who holds what was not to be had; what only an unsent batch of this office holds is freed and claimed first. */
async function settle(
  context: ClaimsContext,
  server: ClaimsServer,
  batchId: string,
  wanted: ReadonlyMap<string, Wanted>,
  elsewhere: ReadonlyMap<string, PaymentClaimDocument>,
  signal: AbortSignal,
): Promise<PaymentsClaimed> {
  if (elsewhere.size === 0) return { kind: 'claimed', elsewhere: [] }
  const holders = [...new Set([...elsewhere.values()].map((document) => document.batchId))]
  const read = await server.database.read('batch', holders, signal)
  if (!read.ok) return { kind: 'put-off', fault: read.error }
  const named = (document: PaymentClaimDocument): BatchClaimDocument | undefined => {
    const standing = read.value.get(document.batchId)
    return standing?.kind === 'found' ? standing.document : undefined
  }
  const freed = [...elsewhere].filter(([id, document]) => isFreeable(context, id, document, named(document)))
  if (freed.length > 0) {
    const released = await server.database.putMany(
      freed.map(([id, document]) => claimOf(context, server, document.batchId, id, document, true)),
      signal,
    )
    const unsure = [...released.values()].find(({ kind }) => kind !== 'written')
    // Whatever is not certain is asked about anew in the next run.
    if (unsure !== undefined) {
      const fault = 'fault' in unsure ? unsure.fault : ({ code: 'central.not-safe-yet', params: {} } as const)
      return { kind: 'put-off', fault }
    }
    const lines = [...new Set(freed.flatMap(([id]) => wanted.get(id)?.line ?? []))]
    const again = await claimPayments(context, server, { batchId, lines }, signal)
    if (again.kind !== 'claimed') return again
    const left = new Map([...elsewhere].filter(([id]) => !freed.some(([other]) => other === id)))
    const rest = await settle(context, server, batchId, wanted, left, signal)
    return rest.kind === 'claimed' ? { kind: 'claimed', elsewhere: [...again.elsewhere, ...rest.elsewhere] } : rest
  }
  const found = new Map<string, PaymentElsewhere>()
  for (const [id, document] of elsewhere) {
    const line = wanted.get(id)?.line
    if (line === undefined || found.has(line.paymentId)) continue
    const holder = named(document)
    found.set(line.paymentId, {
      paymentId: line.paymentId,
      batchId: document.batchId,
      officeName: holder?.officeName ?? document.by,
      since: document.claimedAt,
    })
  }
  return { kind: 'claimed', elsewhere: [...found.values()] }
}

/** Claimed by this office for a batch of which nothing ever left and that the payment is no part of any more. */
function isFreeable(
  { store, guard }: ClaimsContext,
  id: string,
  document: PaymentClaimDocument,
  holder: BatchClaimDocument | undefined,
): boolean {
  const { installationId } = store
  // Of what was claimed in an earlier life of this store it may not know what left.
  if (holder?.whole && holder.epoch < guard.epoch) return false
  if (document.installationId !== installationId || holder?.installationId !== installationId) return false
  const { batchId } = document
  const payment = store.find('payment', id)
  const isUnsent =
    store.find('batch', batchId) !== undefined &&
    store.find('submission', holder.submissionId) !== undefined &&
    store.sql('SELECT 1 FROM claim WHERE batch_id = ? LIMIT 1').get(batchId) === undefined &&
    store.sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batchId) === undefined
  return isUnsent && payment !== undefined && payment.batchId !== batchId && neverLeft(payment)
}

const neverLeft = ({ state }: Payment): boolean => ['prepared', 'blocked', 'queued', 'cancelled'].includes(state)

/**
 * Lets other batches take payments that this one does not pay and never posted. What somebody else wrote meanwhile stays as
 * it is.
 */
export async function releasePayments(
  context: ClaimsContext,
  server: ClaimsServer,
  batchId: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Result<null>> {
  let open = [...ids]
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES && open.length > 0; tries += 1) {
    const read = await server.database.read('payment', open, signal)
    if (!read.ok) return read
    const held = open.flatMap((id) => {
      const standing = read.value.get(id)
      return standing?.kind === 'found' &&
        standing.document.batchId === batchId &&
        standing.document.installationId === context.store.installationId &&
        !standing.document.released
        ? [standing.document]
        : []
    })
    if (held.length === 0) return success(null)
    const written = await server.database.putMany(
      held.map((document) => claimOf(context, server, batchId, document.paymentId, document, true)),
      signal,
    )
    open = held.map(({ paymentId: id }) => id).filter((id) => written.get(paymentKey(id))?.kind !== 'written')
    for (const one of written.values()) if ('fault' in one) fault = one.fault
  }
  return open.length === 0 ? success(null) : { ok: false, error: fault }
}
