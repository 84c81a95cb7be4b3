import { z } from 'zod'
import { VoucherConfiguration } from './payment-file.ts'
import { Amount, Currency, Id, Line } from './record.ts'

/*
 * What a printed list or a set of vouchers holds: the file of those forms is this, as JSON, and paper is made of it. What is
 * printed is what was approved.
 */

export const SheetLine = z.object({
  /** Place in the file, counted from 1. */
  number: z.int().min(1),
  /** The payment's reference. */
  reference: Id,
  registrantId: Id,
  payeeId: Id,
  payeeName: Line,
  payeeAddress: z.string().max(256),
  amount: Amount,
  /** What the QR code of its voucher says; empty on a list. */
  voucher: z.string().max(200),
})
export type SheetLine = z.infer<typeof SheetLine>

export const PaymentSheet = z.object({
  version: z.literal(1),
  form: z.enum(['list', 'vouchers']),
  /** Without its ending. */
  name: z.string().min(1).max(80),
  programme: Line,
  cycle: Line,
  payer: Line,
  currency: Currency,
  count: z.int().min(1),
  sum: Amount,
  /** When it was made, epoch milliseconds. */
  madeAt: z.number(),
  note: z.string().max(500),
  /** How vouchers look; null for a list. */
  configuration: VoucherConfiguration.nullable(),
  /** The last day on which a voucher is good (`YYYY-MM-DD`); null where they do not lapse, and for a list. */
  validUntil: z.iso.date().nullable(),
  lines: z.array(SheetLine).min(1),
})
export type PaymentSheet = z.infer<typeof PaymentSheet>
