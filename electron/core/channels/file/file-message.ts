import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import type { Submission, SubmissionLine } from '../../../../shared/model/batch.ts'
import { messageId, transactionId } from '../../../../shared/model/ids.ts'
import { Pain001 } from '../../../../shared/model/pain-001.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentFileForm, VoucherConfiguration } from '../../../../shared/model/payment-file.ts'
import type { BatchTag, PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { PaymentSheet } from '../../../../shared/model/payment-sheet.ts'
import { fileName } from '../../../../shared/rules/payment-file/file-name.ts'
import { fileRow, noteOf } from '../../../../shared/rules/payment-file/file-row.ts'
import { pain001Message } from '../../../../shared/rules/payment-file/pain-001-file.ts'
import { linesOfPart } from '../../../../shared/rules/submission-parts.ts'
import type { PartMessage } from '../channel.ts'
import { digestOfMessage } from '../message-digest.ts'

const frame = { name: z.string().min(1).max(80), madeAt: z.number() }

/** What a payment file says, before it is written in the form of its kind. */
export const FileMessage = z.discriminatedUnion('form', [
  z.object({ form: z.literal('csv'), ...frame, rows: z.array(z.array(z.string())).min(2) }),
  z.object({ form: z.literal('pain.001'), ...frame, document: Pain001 }),
  z.object({ form: z.literal('list'), ...frame, sheet: PaymentSheet }),
  z.object({ form: z.literal('vouchers'), ...frame, sheet: PaymentSheet }),
])
export type FileMessage = z.infer<typeof FileMessage>

/** Settings of a manager that pays by file. @throws OfficeError `file.no-settings` */
export const fileSettings = ({ paymentFile }: Pick<PaymentManager, 'paymentFile'>) =>
  paymentFile ?? fail('file.no-settings')

/**
 * What the file of one part of a submission says: fixed with the submission, the settings and the time.
 *
 * @param at epoch milliseconds
 * @param tagName of the batch; vouchers look as their tag says
 * @returns undefined when the submission has no such part
 * @throws OfficeError `amount.*`, `file.*`
 */
export function fileMessage(
  submission: Submission,
  part: PartKey,
  manager: PaymentManager,
  at: number,
  tagName: string,
): PartMessage | undefined {
  const lines = linesOfPart(submission, part)
  if (lines.length === 0) return undefined
  const id = messageId(submission.id, part)
  const message = contentOf(fileSettings(manager).file, { submission, lines, id, at, tagName, tags: manager.batchTags })
  return {
    part,
    transactionId: transactionId(submission.id, part),
    messageId: id,
    count: lines.length,
    message,
    digest: digestOfMessage(message),
  }
}

interface Wish {
  readonly submission: Submission
  readonly lines: readonly SubmissionLine[]
  readonly id: string
  readonly at: number
  readonly tagName: string
  readonly tags: readonly BatchTag[]
}

function contentOf(form: PaymentFileForm, wish: Wish): FileMessage {
  const { submission, lines, id, at } = wish
  const made = { name: fileName(id, at), madeAt: at }
  switch (form.form) {
    case 'csv': {
      const rows = [form.columns.map(({ heading }) => heading)]
      const note = noteOf(submission)
      for (const [place, line] of lines.entries()) {
        const row = fileRow(form.columns, line, place, { ...submission, note })
        if (!row.ok) fail(row.error.code, row.error.params)
        rows.push(row.value)
      }
      return { form: 'csv', ...made, rows }
    }
    case 'pain.001': {
      const document = pain001Message({ submission, lines, form, messageId: id, madeAt: at })
      if (!document.ok) fail(document.error.code, document.error.params)
      return { form: 'pain.001', ...made, document: document.value }
    }
    case 'list':
      return { form: 'list', ...made, sheet: sheetOf('list', wish, form.note, null) }
    case 'vouchers': {
      const configuration = configurationOf(form.configurations, wish)
      return { form: 'vouchers', ...made, sheet: sheetOf('vouchers', wish, configuration.note, configuration) }
    }
  }
}

/** The first that takes the batch's tag. @throws OfficeError `file.no-catch-all` */
function configurationOf(
  configurations: readonly VoucherConfiguration[],
  { tags, tagName }: Pick<Wish, 'tags' | 'tagName'>,
): VoucherConfiguration {
  const tag = tags.find(({ name }) => name === tagName)?.id
  const fits = ({ batchTags }: VoucherConfiguration): boolean =>
    batchTags.length === 0 || (tag !== undefined && batchTags.includes(tag))
  return configurations.find(fits) ?? fail('file.no-catch-all')
}

const DAY = 86_400_000

function sheetOf(
  form: PaymentSheet['form'],
  { submission, lines, id, at }: Wish,
  note: string,
  configuration: VoucherConfiguration | null,
): PaymentSheet {
  const validDays = configuration?.validDays ?? null
  return {
    version: 1,
    form,
    name: fileName(id, at),
    programme: submission.programmeName,
    cycle: submission.cycleName,
    payer: submission.payerName,
    currency: submission.currency,
    count: lines.length,
    sum: lines.reduce((sum, { amount }) => sum + amount, 0),
    madeAt: at,
    note,
    configuration,
    validUntil: validDays === null ? null : new Date(at + validDays * DAY).toISOString().slice(0, 10),
    lines: lines.map(({ paymentId, registrantId, payeeId, payeeName, payeeAddress, amount }, place) => ({
      number: place + 1,
      reference: paymentId,
      registrantId,
      payeeId,
      payeeName,
      payeeAddress,
      amount,
      // Only the vault can make it; see `file-bytes.ts`.
      voucher: '',
    })),
  }
}
