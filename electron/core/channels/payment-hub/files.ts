import { fail } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { messageId, transactionId } from '../../../../shared/model/ids.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentHubSettings } from '../../../../shared/model/payment-hub.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { rowOf, writeFile } from '../../../../shared/rules/payment-hub/row.ts'
import { linesOfPart } from '../../../../shared/rules/submission-parts.ts'
import type { PartMessage } from '../channel.ts'
import { digestOfMessage } from '../message-digest.ts'

/** What one part of a submission is to Payment Hub: a file and its name, by which it can be found again. */
export interface HubFile {
  readonly name: string
  readonly csv: string
}

/** @throws OfficeError `hub.no-settings` */
export const hubSettings = ({ paymentHub }: Pick<PaymentManager, 'paymentHub'>): PaymentHubSettings =>
  paymentHub ?? fail('hub.no-settings')

/** The name of a message's file: no two messages share one. */
export const fileName = (message: string): string => `${message}.csv`

/**
 * The file of one part.
 *
 * @returns undefined when the submission has no such part
 * @throws OfficeError when a payment cannot be written: `hub.*`, `amount.*`
 */
export function fileMessage(submission: Submission, part: PartKey, manager: PaymentManager): PartMessage | undefined {
  const settings = hubSettings(manager)
  const lines = linesOfPart(submission, part)
  if (lines.length === 0) return undefined
  const rows = lines.map((line) => {
    const row = rowOf(line, submission, settings)
    return row.ok ? row.value : fail(row.error.code, row.error.params)
  })
  const id = messageId(submission.id, part)
  const message: HubFile = { name: fileName(id), csv: writeFile(rows) }
  return {
    part,
    transactionId: transactionId(submission.id, part),
    messageId: id,
    count: lines.length,
    message,
    digest: digestOfMessage(message),
  }
}
