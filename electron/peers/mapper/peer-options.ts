import { z } from 'zod'

/** A person whom the mapper knows, by the id that it is asked by. */
export const LinkedAccount = z.object({
  id: z.string().min(1),
  /** Null where no account is linked. */
  account: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('bank'), number: z.string(), bankCode: z.string(), bankName: z.string().default('') }),
      z.object({
        kind: z.literal('mobile'),
        number: z.string(),
        providerCode: z.string(),
        providerName: z.string().default(''),
      }),
    ])
    .nullable(),
  inactive: z.boolean().default(false),
})
export type LinkedAccount = z.infer<typeof LinkedAccount>

/** Something that goes wrong, `times` times, then no more; null until told otherwise. */
export const MapperFault = z.object({
  /**
   * With a request: `cut` (no answer), `status` (that HTTP status), `refuse` (HTTP 200 with an error in the header), `slow`
   * (answers after `delay`). With the answer: `lose` (every `every`-th item is missing), `twice` (items come twice),
   * `other-reference` (items under references that nobody asked by), `other-person` (each names its neighbour's id),
   * `garbled` (accounts that nothing can read), `other-transaction`.
   */
  do: z.enum([
    'cut',
    'status',
    'refuse',
    'slow',
    'lose',
    'twice',
    'other-reference',
    'other-person',
    'garbled',
    'other-transaction',
  ]),
  status: z.int().min(400).max(599).default(503),
  code: z.string().default('rjct.version.invalid'),
  /** Milliseconds. */
  delay: z.int().min(0).default(0),
  every: z.int().min(1).default(2),
  times: z.int().min(1).nullable().default(1),
})
export type MapperFault = z.infer<typeof MapperFault>

/** What a mapper is told when it starts. */
export const MapperPeerOptions = z.object({
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  generation: z.enum(['g2p-connect-1.0', 'spar-1', 'spar-2']).default('spar-1'),
  people: z.array(LinkedAccount).default([]),
  /** Shown in `Authorization`; empty lets everybody in. */
  bearer: z.string().default(''),
  /** It takes no more people in one question. */
  mostPeople: z.int().min(1).default(1_000),
  seed: z.int().default(1),
  faults: z.array(MapperFault).default([]),
})
export type MapperPeerOptions = z.infer<typeof MapperPeerOptions>
export type MapperPeerOptionsInput = z.input<typeof MapperPeerOptions>

/** What it is told while it runs; what is there is done, in this order. */
export const MapperOrder = z.object({
  clearFaults: z.literal(true).optional(),
  faults: z.array(MapperFault).optional(),
  /** Links, or unlinks where the account is null. */
  people: z.array(LinkedAccount).optional(),
  mostPeople: z.int().min(1).optional(),
})
export type MapperOrder = z.input<typeof MapperOrder>

export const MapperSummary = z.object({
  requests: z.int(),
  /** People that were asked about, all questions together. */
  asked: z.int(),
  /** In the largest question. */
  largest: z.int(),
  /** Questions that carried a signature, in whichever form. */
  signed: z.int(),
})
export type MapperSummary = z.infer<typeof MapperSummary>

/** One person that was asked about. */
export const MapperLedgerEntry = z.object({ id: z.string(), linked: z.boolean() })
export type MapperLedgerEntry = z.infer<typeof MapperLedgerEntry>
