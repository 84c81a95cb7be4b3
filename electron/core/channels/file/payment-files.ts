import { type Fault, fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { PartKey, Payment } from '../../../../shared/model/payment.ts'
import type { FileFormName } from '../../../../shared/model/payment-file.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { copyName } from '../../../../shared/rules/payment-file/file-name.ts'
import { readVoucher } from '../../../../shared/rules/payment-file/voucher.ts'
import { NEVER_HANDED_OUT } from '../../../../shared/rules/payment-life.ts'
import { linesOfPart } from '../../../../shared/rules/submission-parts.ts'
import { refreshBatch } from '../../batches/batch-standing.ts'
import { managerDigest } from '../../batches/digest.ts'
import type { DispatchContext } from '../../dispatch/dispatch-context.ts'
import { enqueueBatch } from '../../dispatch/look-up.ts'
import { applyEvent, paymentsById } from '../../dispatch/payment-moves.ts'
import { findObstacle } from '../../dispatch/send-permit.ts'
import { findWithheld, staleAfter } from '../../dispatch/transmit.ts'
import type { Transaction } from '../../store/store.ts'
import { nothingSaid } from '../nothing-said.ts'
import { FILE_DIGEST, FILE_NAME, FILE_SIGNATURE, FILE_SIZE, fileBytes, fileKey } from './file-bytes.ts'
import { FileMessage, fileSettings } from './file-message.ts'
import { type FilePart, fileParts } from './file-parts.ts'
import { isGenuine } from './voucher-check.ts'

/** A part's file as the batch's page shows it. */
export interface FileView {
  readonly part: PartKey
  readonly count: number
  readonly form: FileFormName
  /** Empty until it is made. */
  readonly name: string
  /** Bytes; null until it is made. */
  readonly size: number | null
  readonly digest: string
  readonly copies: readonly {
    readonly number: number
    readonly officerId: string
    readonly moment: string
    readonly reason: string
  }[]
  /** Of the latest copy, whoever knows of it; 0 before the first. */
  readonly lastCopy: number
  readonly withdrawn: { readonly officerId: string; readonly moment: string; readonly reason: string } | null
  /** A copy may be outside, so another one needs a reason. */
  readonly needsReason: boolean
  /** It can be taken back with proof that no money moved. */
  readonly mayWithdraw: boolean
  /** Why no copy can be taken now; null where one can. */
  readonly obstacle: Fault | null
}

/** A numbered copy on its way into an officer's hands. */
export interface FileCopy {
  readonly part: PartKey
  readonly number: number
  /** Of the file; that of its signature ends with `.jws` behind it. */
  readonly name: string
  readonly form: FileFormName
  readonly content: string
  /** Detached JWS over the bytes of `content` in UTF-8. */
  readonly signature: string
  readonly digest: string
}

/** What is outside for a payment: its line of a list that was printed, or a voucher. */
export type HandedOut =
  | { readonly form: 'list' }
  | {
      readonly form: 'voucher'
      /** The last day on which it is good; null where it has no end, `unknown` where another office printed it. */
      readonly goodUntil: string | null | 'unknown'
    }

/** A voucher that this office made. */
export interface VoucherView {
  readonly paymentId: string
  readonly batchId: string
  readonly part: PartKey
  readonly payeeName: string
  readonly amount: number
  readonly currency: string
  readonly state: Payment['state']
  /** The last day on which it is good; null where it does not lapse. */
  readonly validUntil: string | null
}

const fault = (code: Fault['code']): Fault => ({ code, params: {} })

/** States that a payment of a file can be in when its first copy is taken. */
const WAITS_FOR_RESULTS: ReadonlySet<Payment['state']> = new Set<Payment['state']>(['acknowledged'])
/** Of which another copy may still be asked for. */
const STANDS: ReadonlySet<Payment['state']> = new Set<Payment['state']>(['acknowledged', 'paid', 'rejected'])

export interface PaymentFilesOptions {
  /** Private signing key by its id, from the vault. */
  readonly findSigningKey: (keyId: string) => string | undefined
}

/** The step of payments by file that cannot be taken back: copies of files leave by the hands of officers. */
export class PaymentFiles {
  readonly #context: DispatchContext
  readonly #options: PaymentFilesOptions

  constructor(context: DispatchContext, options: PaymentFilesOptions) {
    this.#context = context
    this.#options = options
  }

  /** The files of a batch, part by part; empty before the batch is claimed. @throws OfficeError `files.not-by-file` */
  view(batchId: string): FileView[] {
    const { store } = this.#context
    const batch = store.get('batch', batchId)
    const manager = this.#managerOf(batch.managerId)
    return fileParts(this.#context, batchId).map((part) => {
      const { kept, copies, withdrawn, lastCopy } = part
      return {
        part: part.part,
        count: part.count,
        form: fileSettings(manager).file.form,
        name: kept?.headers[FILE_NAME] ?? '',
        size: kept?.headers[FILE_SIZE] === undefined ? null : Number(kept.headers[FILE_SIZE]),
        digest: kept?.headers[FILE_DIGEST] ?? '',
        copies: copies.map(({ number, officerId, changedAt: moment, reason }) => ({
          number,
          officerId,
          moment,
          reason,
        })),
        lastCopy,
        withdrawn:
          withdrawn === undefined
            ? null
            : { officerId: withdrawn.officerId, moment: withdrawn.changedAt, reason: withdrawn.reason },
        needsReason: lastCopy > 0 || part.mayBeOutside,
        mayWithdraw: this.#whyNotWithdrawn(part) === undefined,
        obstacle: this.#obstacleTo(part, manager) ?? findObstacle(this.#context, batch)?.fault ?? null,
      }
    })
  }

  /**
   * Takes a numbered copy: noted in store and journal before the bytes are handed out, and only while this installation is
   * the one that sends the batch (I6), which is asked anew each time.
   *
   * @throws OfficeError `files.*`, `dispatch.*`, `central.*` for whatever stands against it; then nothing was handed out
   */
  async takeCopy(
    officerId: string,
    wish: { readonly batchId: string; readonly part: PartKey; readonly reason: string },
    signal: AbortSignal,
  ): Promise<FileCopy> {
    const { store, guard } = this.#context
    const { batchId, reason } = wish
    const manager = this.#managerOf(store.get('batch', batchId).managerId)
    const bytes = await this.#bytesOf(this.#partOf(batchId, wish.part), manager)
    const keptBack = staleAfter(this.#context, false)
    const withheld = await findWithheld(this.#context, batchId, signal)
    if (withheld !== undefined) fail(withheld.fault.code, withheld.fault.params)
    const stale = keptBack()
    if (stale !== undefined) fail(stale)
    const number = store.transaction(officerId, (transaction) => {
      const part = this.#partOf(batchId, wish.part)
      const obstacle =
        this.#obstacleTo(part, manager) ?? findObstacle(this.#context, transaction.get('batch', batchId))?.fault
      if (obstacle !== undefined) fail(obstacle.code, obstacle.params)
      if (part.kept?.id !== bytes.transmissionId) fail('files.not-made')
      if ((part.lastCopy > 0 || part.mayBeOutside) && reason === '') {
        fail('files.copy-needs-reason', { number: part.lastCopy })
      }
      const next = part.lastCopy + 1
      this.#noteDeed(transaction, part, { deed: 'copied', number: next, reason, digest: bytes.digest, officerId })
      return next
    })
    // On the disk before anybody has it, so that an older store does not forget that it is outside.
    guard.note({ kind: 'copy', batchId, part: wish.part, number })
    const { form } = fileSettings(manager).file
    const { transmissionId, name, ...rest } = bytes
    return { part: wish.part, number, form, name: copyName(name, form, number), ...rest }
  }

  /**
   * Takes back the files of a batch that nobody ever had: proof that no money moved (I5), so that their payments can be made
   * anew. No copy of them can be taken afterwards.
   *
   * @returns how many payments were taken back
   * @throws OfficeError `files.may-be-outside` where no file of it can be taken back, `dispatch.*`
   */
  withdraw(officerId: string, { batchId, reason }: { readonly batchId: string; readonly reason: string }): number {
    const { store, guard, time } = this.#context
    const manager = this.#managerOf(store.get('batch', batchId).managerId)
    if (guard.doubt !== undefined) fail(guard.doubt)
    const parts = fileParts(this.#context, batchId).filter((part) => this.#whyNotWithdrawn(part) === undefined)
    if (parts.length === 0) fail('files.may-be-outside')
    let count = 0
    for (const part of parts) {
      // Noted first: an older store could hand out what a newer one has given up.
      guard.note({ kind: 'withdrawn', batchId, part: part.part })
      store.transaction(officerId, (transaction) => {
        const digest = part.kept?.headers[FILE_DIGEST] ?? ''
        this.#noteDeed(transaction, part, { deed: 'withdrawn', number: 0, reason, digest, officerId })
        for (const payment of this.#paymentsOf(part)) {
          transaction.put('observation', { ...neverHandedOut(payment.id), id: newId(), batchId })
          applyEvent(transaction, payment, 'reject', { reasonCode: NEVER_HANDED_OUT, reasonText: '' })
          count += 1
        }
        refreshBatch(transaction, batchId, time.now())
        enqueueBatch(this.#context, transaction, batchId, manager)
      })
    }
    return count
  }

  /**
   * Whether a voucher was made by this office, and for which payment; nothing is noted.
   *
   * @throws OfficeError `files.voucher-invalid` for whatever is no voucher of a file that was handed out here
   */
  checkVoucher(text: string): VoucherView {
    const { store } = this.#context
    const claim = readVoucher(text) ?? fail('files.voucher-invalid')
    const payment = store.find('payment', claim.reference)
    const manager = payment === undefined ? undefined : store.find('paymentManager', payment.managerId)
    if (payment === undefined || manager?.paymentFile?.file.form !== 'vouchers') return fail('files.voucher-invalid')
    const { findSigningKey: findKey } = this.#options
    if (!isGenuine(claim, fileKey({ settings: manager.paymentFile, findKey }))) fail('files.voucher-invalid')
    const part = fileParts(this.#context, payment.batchId).find(({ submission, part: key }) =>
      linesOfPart(submission, key).some(({ paymentId }) => paymentId === payment.id),
    )
    const wasHandedOut = part !== undefined && !part.isWithdrawn && (part.lastCopy > 0 || part.mayBeOutside)
    if (part?.kept === undefined || !wasHandedOut) return fail('files.voucher-invalid')
    const message = channelMessage(this.#context, part, manager)
    return {
      paymentId: payment.id,
      batchId: payment.batchId,
      part: part.part,
      payeeName: payment.payeeName,
      amount: payment.amount,
      currency: payment.currency,
      state: payment.state,
      validUntil: message.form === 'vouchers' ? message.sheet.validUntil : null,
    }
  }

  /** The payments of a batch of whose list or vouchers a copy was taken; those of a file that was taken back are not among them. */
  handedOut(batchId: string): ReadonlyMap<string, HandedOut> {
    const { store } = this.#context
    const isVoucher = fileSettings(this.#managerOf(store.get('batch', batchId).managerId)).file.form === 'vouchers'
    const found = new Map<string, HandedOut>()
    for (const { part, submission, kept, lastCopy, isWithdrawn } of fileParts(this.#context, batchId)) {
      if (lastCopy === 0 || isWithdrawn) continue
      const outside: HandedOut = isVoucher
        ? { form: 'voucher', goodUntil: kept?.isThere === 1 ? this.#goodUntil(kept.id) : 'unknown' }
        : { form: 'list' }
      for (const { paymentId } of linesOfPart(submission, part)) found.set(paymentId, outside)
    }
    return found
  }

  /** As it stands on the vouchers. */
  #goodUntil(transmissionId: string): string | null {
    return this.#context.store
      .sql("SELECT (body ->> '$.body') ->> '$.validUntil' FROM transmission WHERE id = ?")
      .pluck()
      .get(transmissionId) as string | null
  }

  #managerOf(id: string): PaymentManager {
    const manager = this.#context.store.get('paymentManager', id)
    return manager.kind === 'file' ? manager : fail('files.not-by-file')
  }

  #partOf(batchId: string, key: PartKey): FilePart {
    return fileParts(this.#context, batchId).find(({ part }) => part === key) ?? fail('files.not-made')
  }

  #paymentsOf({ submission, part }: FilePart): Payment[] {
    return paymentsById(
      (text) => this.#context.store.sql(text),
      linesOfPart(submission, part).map(({ paymentId }) => paymentId),
    )
  }

  /** What stands against a copy of this part, beside what stands against anything leaving. */
  #obstacleTo(part: FilePart, manager: PaymentManager): Fault | undefined {
    const { store, guard } = this.#context
    const { claim, submission } = part
    if (part.isWithdrawn) return fault('files.withdrawn')
    if (part.kept === undefined) return fault('files.not-made')
    if (claim.installationId !== store.installationId || claim.epoch > guard.epoch) return fault('dispatch.no-claim')
    if (manager.state !== 'active' || manager.removed) return fault('dispatch.manager-suspended')
    if (managerDigest(manager) !== submission.managerDigest) return fault('dispatch.manager-changed')
    const payments = this.#paymentsOf(part)
    if (payments.length !== part.count) return fault('files.payments-moved-on')
    // Its post was cut off: it is looked up, and then stands like the others.
    if (payments.some(({ state }) => state === 'queued' || state === 'sent' || state === 'unknown')) {
      return fault('files.not-made')
    }
    const may = part.lastCopy > 0 ? STANDS : WAITS_FOR_RESULTS
    const frozen = new Map(linesOfPart(submission, part.part).map((line) => [line.paymentId, line]))
    const asApproved = payments.every((payment) => {
      const line = frozen.get(payment.id)
      return (
        may.has(payment.state) &&
        payment.batchId === submission.batchId &&
        payment.amount === line?.amount &&
        payment.payeeAddress === line.payeeAddress
      )
    })
    if (!asApproved || this.#isPaidAnew(payments)) return fault('files.payments-moved-on')
    return undefined
  }

  /** A later attempt of one of them: the file would pay the same entitlement beside it. */
  #isPaidAnew(payments: readonly Payment[]): boolean {
    const ids = JSON.stringify(payments.map(({ id }) => id))
    const later = this.#context.store
      .sql(
        `SELECT 1 FROM payment one JOIN payment other
         ON other.entitlement_id = one.entitlement_id AND other.attempt > one.attempt
         WHERE one.id IN (SELECT value FROM json_each(?)) LIMIT 1`,
      )
      .get(ids)
    return later !== undefined
  }

  #whyNotWithdrawn(part: FilePart): Fault | undefined {
    if (part.withdrawn !== undefined) return fault('files.withdrawn')
    // The journal knows more than an older store, and more than one that was stopped before it could write it down.
    const isProven = part.isWithdrawn || (part.lastCopy === 0 && !part.mayBeOutside)
    if (part.kept === undefined || !isProven) return fault('files.may-be-outside')
    const waits = (state: Payment['state']): boolean => state === 'acknowledged'
    return this.#paymentsOf(part).every(({ state }) => waits(state)) ? undefined : fault('files.payments-moved-on')
  }

  /** The bytes as they are kept. Of a file that an older store lost they are made again, and are the same or nothing. */
  async #bytesOf(part: FilePart, manager: PaymentManager) {
    const { store } = this.#context
    const kept = part.kept ?? fail('files.not-made')
    if (part.isWithdrawn) fail('files.withdrawn')
    if (kept.isThere === 1) {
      const { body, headers } = store.get('transmission', kept.id)
      return handedOut(kept.id, body, headers)
    }
    const message = channelMessage(this.#context, part, manager)
    const { findSigningKey: findKey } = this.#options
    const made = await fileBytes(message, { settings: fileSettings(manager), findKey })
    return handedOut(kept.id, made.body, made.headers)
  }

  #noteDeed(
    transaction: Transaction,
    { claim: { batchId }, part, kept, count }: FilePart,
    deed: {
      readonly deed: 'copied' | 'withdrawn'
      readonly number: number
      readonly reason: string
      readonly digest: string
      readonly officerId: string
    },
  ): void {
    transaction.put('fileDeed', { ...deed, id: newId(), batchId, part, transmissionId: kept?.id ?? '' })
    transaction.audit({
      action: deed.deed === 'copied' ? 'file.copy-taken' : 'file.withdrawn',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { part, number: deed.number, digest: deed.digest, count },
    })
  }
}

/** What a file that is kept says. @throws OfficeError `channel.message-changed` */
function channelMessage({ channelOf }: DispatchContext, part: FilePart, manager: PaymentManager): FileMessage {
  const { kept, submission } = part
  const made = kept && channelOf(manager).message(submission, part.part, manager, kept.madeAt)
  return made !== undefined && made.digest === kept?.messageDigest
    ? FileMessage.parse(made.message)
    : fail('channel.message-changed')
}

const handedOut = (transmissionId: string, content: string, headers: Readonly<Record<string, string>>) => ({
  transmissionId,
  content,
  name: headers[FILE_NAME] ?? '',
  signature: headers[FILE_SIGNATURE] ?? '',
  digest: headers[FILE_DIGEST] ?? '',
})

/** The office's own word about a payment whose file nobody ever had. */
const neverHandedOut = (paymentId: string) => ({
  ...nothingSaid,
  paymentId,
  source: 'office' as const,
  status: 'rjct' as const,
  code: NEVER_HANDED_OUT,
  verified: true,
})
