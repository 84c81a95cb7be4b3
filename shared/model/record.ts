import { z } from 'zod'

/**
 * A moment of the office's hybrid logical clock, as text that sorts in time order:
 * 9 base-36 digits of milliseconds, 4 of a counter, then the office that made it, joined by '-'.
 * Written by `core/clock`; never built from a wall clock elsewhere.
 */
export const Moment = z.string().regex(/^[0-9a-z]{9}-[0-9a-z]{4}-[0-9a-z]{1,12}$/)
export type Moment = z.infer<typeof Moment>

/** An id: UUIDv5 where it is derived from what it stands for, UUIDv7 otherwise. */
export const Id = z.string().min(1).max(64)
export type Id = z.infer<typeof Id>

/** A calendar day, `YYYY-MM-DD`, without a time zone. */
export const Day = z.iso.date()
export type Day = z.infer<typeof Day>

/** ISO 4217 code. */
export const Currency = z.string().regex(/^[A-Z]{3}$/)
export type Currency = z.infer<typeof Currency>

/** Money in minor units (cents, or whole units where the currency has none); never a fraction. */
export const Amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
export type Amount = z.infer<typeof Amount>

/** Text of one line that a person wrote; cleaned by `rules/text` before it gets here. */
export const Line = z.string().max(200)

/** What every record carries: who changed it last, and when by the hybrid clock. */
export const recordFields = {
  id: Id,
  changedAt: Moment,
  changedBy: Id,
}

/** Records that people edit can be removed and brought back; nothing is ever deleted under a reader's feet. */
export const editableFields = {
  ...recordFields,
  removed: z.boolean(),
}

/**
 * Officers who put there what decides how much is paid, or to which address (I7). Kept by the store, united by merging, and
 * never taken back, so that nobody approves on one laptop what they entered on another.
 */
export const madeFields = {
  makers: z.array(Id).optional(),
}

/**
 * When what it said of a person was taken out of it for good. A version that does not know of that never brings it back; what
 * is entered anew carries the moment on.
 */
export const erasableFields = {
  erasedAt: Moment.optional(),
}

/**
 * Which signing of a record it is, under the signature: raised each time, so that an older record, whose signature is as good,
 * never comes back in place of a newer one. Records that were signed once, by a provisioning, have none.
 */
export const signedFields = {
  edition: z.int().min(1).optional(),
}

/** Editions compare as numbers; a record without one is older than all that have one. */
export const editionOf = (record: { readonly edition?: unknown }): number =>
  typeof record.edition === 'number' ? record.edition : 0
