import { randomUUID } from 'node:crypto'
import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { AuditHead, OfficeDocument } from '../../../../shared/model/central.ts'
import { sealHead } from '../../audit/head-seal.ts'
import { openDeviceKey } from '../../vault/device-key.ts'
import { openInstallationKey } from '../sneakernet/installation-key.ts'
import { encryptionKeyOf } from '../sneakernet/part-box.ts'
import type { Standing } from './claims-database.ts'
import { officeKey } from './claims-database.ts'
import { type ClaimsContext, type ClaimsServer, officeNameOf, serverTime } from './claims-server.ts'
import { doubtServer } from './server-watch.ts'

/*
 * How this office stands at the central server: which epoch of its store may send, and how far its audit chain was told. A
 * copy of the store, a restored one, or one whose chain was cut finds itself here.
 */

/** What the server has acknowledged of this office. */
export interface Acknowledged {
  readonly epoch: number
  readonly head: AuditHead
  /** By the server's clock, epoch milliseconds. */
  readonly at: number
}

const ACKNOWLEDGED = 'central-acknowledged'
const TRIES = 4

export function findAcknowledged({ store }: Pick<ClaimsContext, 'store'>): Acknowledged | undefined {
  const mark = store.findMark(ACKNOWLEDGED)
  return mark === undefined || mark === '' ? undefined : (JSON.parse(mark) as Acknowledged)
}

/** Nothing was told to the server that stands there now. */
export const forgetAcknowledged = ({ store }: Pick<ClaimsContext, 'store'>): void =>
  store.housekeeping((_, mark) => mark(ACKNOWLEDGED, ''))

/** Whether this store is the one that sends, as its own document at the server shows it. */
export type OwnStanding =
  | { readonly kind: 'fits'; readonly document: OfficeDocument }
  /** Not told yet. */
  | { readonly kind: 'new' }
  | { readonly kind: 'stop'; readonly fault: Fault }

const stop = (code: Fault['code'], params: Fault['params'] = {}): OwnStanding => ({
  kind: 'stop',
  fault: { code, params },
})

/**
 * Judges the office's own document. A chain that is not the one that was told puts the store in doubt (I11).
 *
 * @param known what was acknowledged before the document was asked for: what is told meanwhile makes the answer no lie
 */
export function judgeOwn(
  context: ClaimsContext,
  standing: Standing<OfficeDocument>,
  known: Acknowledged | undefined,
): OwnStanding {
  const { store, guard } = context
  switch (standing.kind) {
    case 'conflict':
      return stop('central.claim-in-conflict')
    case 'unreadable':
      return stop('central.record-invalid', { kind: 'office' })
    case 'missing':
      if (known === undefined) return { kind: 'new' }
      doubtServer(store, 'office')
      return stop('central.server-changed')
  }
  const { document } = standing
  if (document.revoked !== null) return stop('central.office-revoked')
  if (document.epoch > guard.epoch) {
    guard.raise('central.office-superseded')
    return stop('central.office-superseded')
  }
  if (!isOwnHead(context, document.auditHead)) {
    guard.raise('dispatch.restored')
    return stop('dispatch.restored')
  }
  if (known !== undefined && (known.epoch > document.epoch || known.head.position > document.auditHead.position)) {
    doubtServer(store, 'office')
    return stop('central.server-changed')
  }
  return { kind: 'fits', document }
}

/** Whether the chain here runs through a head that was told. */
function isOwnHead({ store }: ClaimsContext, { position, hash }: AuditHead): boolean {
  if (position === 0) return true
  return store.sql('SELECT hash FROM audit WHERE position = ?').pluck().get(position) === hash
}

/** Tells the server how this office stands; only a counted write is remembered. */
export async function report(
  context: ClaimsContext,
  server: ClaimsServer,
  signal: AbortSignal,
): Promise<Result<Acknowledged>> {
  const { installationId } = context.store
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const known = findAcknowledged(context)
    const read = await server.database.read('office', [installationId], signal)
    if (!read.ok) return read
    const own = judgeOwn(context, read.value.get(installationId) ?? { kind: 'missing' }, known)
    if (own.kind === 'stop') return { ok: false, error: own.fault }
    const document = documentOf(context, server, own.kind === 'fits' ? own.document : undefined, context.guard.epoch)
    const written = await server.database.put(document, signal)
    if (written.kind === 'written') return success(acknowledge(context, document))
    if (written.kind === 'refused') return { ok: false, error: written.fault }
    if (written.kind === 'unsure') fault = written.fault
  }
  return { ok: false, error: fault }
}

/**
 * On an administrator's confirmation of a restored, copied or moved store: an epoch above every one that was told, written
 * conditionally, so that of two copies of one store the later confirmation goes on and the other finds itself superseded.
 *
 * @returns the new epoch; the store takes it over in the transaction of the confirmation
 */
export async function raiseEpoch(
  context: ClaimsContext,
  server: ClaimsServer,
  officerId: string,
  signal: AbortSignal,
): Promise<Result<number>> {
  const { store, guard } = context
  // An entry of its own: the chain then differs from every other copy's, also in its length.
  store.transaction(officerId, (transaction) =>
    transaction.audit({ action: 'office.store-confirming', subjectKind: 'office', subjectId: store.installationId }),
  )
  const token = randomUUID()
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const read = await server.database.read('office', [store.installationId], signal)
    if (!read.ok) return read
    const standing = read.value.get(store.installationId) ?? { kind: 'missing' as const }
    if (standing.kind === 'conflict') return failure('central.claim-in-conflict')
    if (standing.kind === 'unreadable') return failure('central.record-invalid', { kind: 'office' })
    const before = standing.kind === 'found' ? standing.document : undefined
    if (before === undefined && findAcknowledged(context) !== undefined) {
      doubtServer(store, 'office')
      return failure('central.server-changed')
    }
    if (before !== undefined && before.revoked !== null) return failure('central.office-revoked')
    // The answer to an earlier try was lost: it counts once this very epoch has been written and counted.
    const mine = before?.restores.at(-1)?.token === token
    const epoch = mine ? (before?.epoch ?? 1) : Math.max(before?.epoch ?? 0, guard.epoch) + 1
    const document = documentOf(context, server, before, epoch)
    const written = await server.database.put(
      before === undefined || mine
        ? document
        : {
            ...document,
            restores: [
              ...before.restores,
              { epoch, sequence: before.sequence, head: before.auditHead, officerId, at: serverTime(context), token },
            ],
          },
      signal,
    )
    if (written.kind === 'written') {
      acknowledge(context, document)
      return success(epoch)
    }
    if (written.kind === 'refused') return { ok: false, error: written.fault }
    if (written.kind === 'unsure') fault = written.fault
  }
  return { ok: false, error: fault }
}

function documentOf(
  context: ClaimsContext,
  server: ClaimsServer,
  before: OfficeDocument | undefined,
  epoch: number,
): OfficeDocument {
  const { store } = context
  // Made on the first call, which adds to the audit chain: before its head is read.
  openDeviceKey(store)
  const encryptionKey = encryptionKeyOf(openInstallationKey(store))
  const [position = '0', hash = ''] = (store.findMark('audit-head') ?? '').split(':')
  const word = {
    installationId: store.installationId,
    epoch,
    sequence: Number(store.findMark('sequence') ?? 0),
    auditHead: { position: Number(position), hash },
    reportedAt: serverTime(context),
  }
  return {
    ...(before?._rev === undefined ? {} : { _rev: before._rev }),
    _id: officeKey(store.installationId),
    type: 'office',
    ...word,
    officeName: officeNameOf(store, server),
    headSeal: sealHead(store, word),
    previousHead: before?.auditHead ?? null,
    restores: before?.restores ?? [],
    encryptionKey,
    revoked: before?.revoked ?? null,
    by: server.user,
  }
}

function acknowledge({ store }: ClaimsContext, { epoch, auditHead, reportedAt }: OfficeDocument): Acknowledged {
  const known = { epoch, head: auditHead, at: reportedAt }
  store.housekeeping((_, mark) => mark(ACKNOWLEDGED, JSON.stringify(known)))
  return known
}
