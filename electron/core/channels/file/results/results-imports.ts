import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fail } from '../../../../../shared/contract/result.ts'
import { messageId } from '../../../../../shared/model/ids.ts'
import type { Payment } from '../../../../../shared/model/payment.ts'
import type { ResultsFile } from '../../../../../shared/rules/payment-file/results.ts'
import { NEVER_HANDED_OUT } from '../../../../../shared/rules/payment-life.ts'
import { linesOfPart } from '../../../../../shared/rules/submission-parts.ts'
import { findClaim, isFollowedHere } from '../../../dispatch/claim.ts'
import { claimedElsewhere } from '../../../dispatch/claimed-elsewhere.ts'
import { breathe, type DispatchContext, SLICE } from '../../../dispatch/dispatch-context.ts'
import { writeWords } from '../../../dispatch/look-up.ts'
import { paymentsById } from '../../../dispatch/payment-moves.ts'
import { readSealed } from '../../../registry/import/sealed-file.ts'
import type { SealedFile } from '../../../registry/import/table.ts'
import { Uploads } from '../../../registry/import/uploads.ts'
import { fileSettings } from '../file-message.ts'
import { fileParts } from '../file-parts.ts'
import {
  type JudgeContext,
  type JudgedLine,
  type Judgement,
  judgeResults,
  type LineOutcome,
  type PaymentOutcome,
  type PaymentPlace,
  referencesIn,
} from './judge-results.ts'
import { readResults } from './read-results.ts'

/** Largest file of results, in bytes: some hundred thousand lines. */
const LARGEST = 20_000_000

/** A file of results that was read and not applied. */
export interface ResultsPreview {
  readonly form: ResultsFile['form']
  /** SHA-256 (hex) of the file; what is applied has to be what was shown. */
  readonly digest: string
  readonly lines: Readonly<Record<LineOutcome, number>>
  readonly payments: Readonly<Record<PaymentOutcome, number>>
  readonly silent: number
  readonly notable: readonly JudgedLine[]
  /** What a report says of the whole message; null where it says nothing. */
  readonly whole: ResultsFile['whole']
  /** The same file was applied before; null where it was not. */
  readonly known: { readonly moment: string; readonly officerId: string } | null
}

/** A file of results that was applied. */
export interface AppliedFile {
  readonly digest: string
  readonly name: string
  readonly lines: number
  readonly changed: number
  readonly officerId: string
  readonly moment: string
}

/** Files of results on their way in: read, shown, and applied by an officer's word. */
export class ResultsImports {
  readonly uploads: Uploads
  readonly #context: DispatchContext

  constructor(context: DispatchContext, officeDirectory: string) {
    this.#context = context
    this.uploads = new Uploads(join(officeDirectory, 'results'))
  }

  /** @throws OfficeError `files.results-too-large`, `registry.file-empty` */
  begin(name: string, size: number): string {
    if (size > LARGEST) fail('files.results-too-large', { megabytes: LARGEST / 1_000_000 })
    return this.uploads.begin(name, size)
  }

  /** What a file says about a batch. Nothing is written. @throws OfficeError of the file, `files.not-by-file`, `central.claimed-elsewhere` */
  async preview(batchId: string, uploadId: string): Promise<ResultsPreview> {
    const { digest, results, judged } = await this.#judge(batchId, uploadId)
    const { words, ...shown } = judged
    return {
      form: results.form,
      digest,
      ...shown,
      whole: results.whole,
      known: this.applied(batchId).find((one) => one.digest === digest) ?? null,
    }
  }

  /**
   * Takes the words of a file in, like the answers of a payment system: each settles, contradicts or changes nothing by the
   * same rules. A file that was taken in before is refused.
   *
   * @param digest of the file as it was shown
   * @returns about how many payments something was written
   * @throws OfficeError `files.results-changed`, `files.results-known`, and what {@link preview} throws
   */
  async apply(
    officerId: string,
    wish: { readonly batchId: string; readonly uploadId: string; readonly digest: string },
  ): Promise<{ readonly changed: number }> {
    const { batchId, uploadId } = wish
    const { store } = this.#context
    const { file, digest, results, judged, manager } = await this.#judge(batchId, uploadId)
    if (digest !== wish.digest) fail('files.results-changed')
    if (this.applied(batchId).some((one) => one.digest === digest)) fail('files.results-known')
    let changed = 0
    const { words } = judged
    // All words about one payment go in one transaction: between two of them it would seem settled.
    const perPayment = [...Map.groupBy(words, ({ paymentId }) => paymentId).values()]
    let slice: (typeof words)[number][] = []
    for (const [index, said] of perPayment.entries()) {
      slice.push(...said)
      if (slice.length < SLICE / 2 && index < perPayment.length - 1) continue
      changed += writeWords(this.#context, manager, slice, 'results')
      slice = []
      await breathe()
    }
    store.transaction(officerId, (transaction) => {
      transaction
        .sql('INSERT OR IGNORE INTO results_file VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(batchId, digest, file.name, results.lines.length, changed, officerId, transaction.moment)
      transaction.touch('said')
      transaction.audit({
        action: 'file.results-taken-in',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { digest, form: results.form, lines: judged.lines, changed },
      })
    })
    this.uploads.discard(uploadId)
    return { changed }
  }

  /** Files that were applied to a batch, newest first. */
  applied(batchId: string): AppliedFile[] {
    return this.#context.store
      .sql(
        `SELECT digest, name, lines, changed, officer_id AS officerId, moment FROM results_file
         WHERE batch_id = ? ORDER BY moment DESC`,
      )
      .all(batchId) as AppliedFile[]
  }

  close(): void {
    this.uploads.clear()
  }

  async #judge(batchId: string, uploadId: string) {
    const { store } = this.#context
    const file = this.uploads.file(uploadId)
    const manager = store.get('paymentManager', store.get('batch', batchId).managerId)
    if (manager.kind !== 'file') fail('files.not-by-file')
    if (!isFollowedHere(this.#context, batchId)) {
      const claim = findClaim((text) => store.sql(text), batchId)
      const elsewhere = claimedElsewhere(claim ?? {})
      fail(elsewhere.code, elsewhere.params)
    }
    const digest = digestOf(file)
    const results = await readResults({ file, results: fileSettings(manager).results })
    const judged: Judgement = judgeResults(results, this.#judgeContext(batchId, results))
    return { file, manager, digest, results, judged }
  }

  #judgeContext(batchId: string, results: ResultsFile): JudgeContext {
    const { store } = this.#context
    const places = new Map<string, PaymentPlace>()
    for (const part of fileParts(this.#context, batchId)) {
      const handedOut = !part.isWithdrawn && (part.lastCopy > 0 || part.mayBeOutside)
      const id = messageId(part.submission.id, part.part)
      for (const { paymentId } of linesOfPart(part.submission, part.part)) {
        places.set(paymentId, { messageId: id, handedOut })
      }
    }
    const wanted = [...new Set([...referencesIn(results), ...places.keys()])]
    const payments = new Map<string, Payment>()
    for (let from = 0; from < wanted.length; from += SLICE) {
      const found = paymentsById((text) => store.sql(text), wanted.slice(from, from + SLICE))
      for (const payment of found) payments.set(payment.id, payment)
    }
    return { payments, places, reserved: (code) => code === NEVER_HANDED_OUT }
  }
}

function digestOf(file: SealedFile): string {
  const hash = createHash('sha256')
  for (const piece of readSealed(file.path, file.key)) hash.update(piece)
  return hash.digest('hex')
}
