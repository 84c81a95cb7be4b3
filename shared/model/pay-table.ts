import { z } from 'zod'
import { Day, erasableFields, Id, Line, recordFields } from './record.ts'

/**
 * What an officer wrote at the pay table, or what another one said to it later: `collected`, `absent`; `taken-back`
 * before anybody confirmed it; `confirmed` by a second officer, which settles the payment.
 */
export const CollectionEntry = z.enum(['collected', 'absent', 'taken-back', 'confirmed'])
export type CollectionEntry = z.infer<typeof CollectionEntry>

/** One entry about one payment that is paid out by hand. Append-only: the newest tick counts, and nothing is rubbed out. */
export const Collection = z.object({
  ...recordFields,
  ...erasableFields,
  paymentId: Id,
  batchId: Id,
  entry: CollectionEntry,
  /** The tick that is confirmed; empty in a tick itself. */
  confirms: z.string().max(64),
  /** Who took the money. */
  by: z.enum(['payee', 'deputy']),
  /** Of a deputy: the name, and what they are to the payee; empty otherwise. */
  deputyName: Line,
  deputyRelation: Line,
  /** Who saw it. */
  witness: Line,
  note: z.string().max(500),
  /** When it was paid out, or would have been. */
  day: Day,
  /** The voucher's code was read, and is the payment's own. */
  voucherSeen: z.boolean(),
})
export type Collection = z.infer<typeof Collection>
