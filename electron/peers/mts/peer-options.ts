import { z } from 'zod'
import { MtsFault } from './faults.ts'
import { KnownPerson, ToldAnswer } from './identity-system.ts'

/** Everything MTS is told when it starts. */
export const MtsPeerOptions = z.object({
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  version: z.string().default('1.1.0'),
  /** One record per request, answered at once; no file and no ODK. */
  syncMode: z.boolean().default(false),
  /** Of the ID system: tokens are for one partner. */
  partner: z.string().default('openg2p-demo'),
  language: z.string().default('eng'),
  /** How long a request is known after it was processed, delivered or not. */
  expirySeconds: z.number().positive().default(21_600),
  /** Milliseconds until a request is processed. */
  processing: z.number().min(0).default(0),
  people: z.array(KnownPerson).default([]),
  /** Whether VIDs of nobody the ID system knows have a person of their own; otherwise they are refused. */
  takesStrangers: z.boolean().default(true),
  answers: z.record(z.string(), ToldAnswer).default({}),
  /** Records with one of these names break a whole request, as values of the wrong type do. */
  unreadableNames: z.array(z.string()).default([]),
  seed: z.int().default(1),
  faults: z.array(MtsFault).default([]),
})
export type MtsPeerOptions = z.infer<typeof MtsPeerOptions>
export type MtsPeerOptionsInput = z.input<typeof MtsPeerOptions>

/** What MTS is told while it runs. Everything is optional; what is there is done, in this order. */
export const MtsOrder = z.object({
  clearFaults: z.literal(true).optional(),
  faults: z.array(MtsFault).optional(),
  people: z.array(KnownPerson).optional(),
  answers: z.record(z.string(), ToldAnswer).optional(),
  version: z.string().optional(),
  syncMode: z.boolean().optional(),
  expirySeconds: z.number().positive().optional(),
  processing: z.number().min(0).optional(),
  /** It knows nothing of any request afterwards, and makes none of the calls that it still had to make. */
  do: z.literal('restart').optional(),
})
export type MtsOrder = z.input<typeof MtsOrder>

/** What there was since the start. */
export const MtsSummary = z.object({
  requests: z.int(),
  /** Requests that were accepted, and the records in them. */
  accepted: z.int(),
  records: z.int(),
  callbacks: z.int(),
  /** People who were given a token. */
  tokens: z.int(),
  /** Accepted requests that still have to be processed or delivered. */
  open: z.int(),
  faultsMet: z.record(z.string(), z.int()),
  /** Processor time of the process, milliseconds. */
  processorTime: z.number(),
})
export type MtsSummary = z.infer<typeof MtsSummary>

/** Whose a token is. */
export const MtsLedgerEntry = z.object({ person: z.string(), token: z.string() })
export type MtsLedgerEntry = z.infer<typeof MtsLedgerEntry>
