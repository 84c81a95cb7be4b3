import { z } from 'zod'
import { seededRandom } from './seeded-random.ts'

const Milliseconds = z.int().min(0)

/** One way to fail. `accepted` tells whether the payments are taken in all the same. */
export const Fault = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('drop'),
    when: z.enum(['before-reading', 'before-accepting', 'after-accepting', 'mid-reply']),
  }),
  /** Accepts at once and answers so much later. */
  z.object({ do: z.literal('answer-late'), after: Milliseconds }),
  /** Accepts and answers at once, but knows nothing of the payments when asked, until so much later. */
  z.object({ do: z.literal('insert-late'), after: Milliseconds }),
  /** Acknowledges and forgets: the payments are never taken in. */
  z.object({ do: z.literal('acknowledge-and-lose') }),
  z.object({
    do: z.literal('http-error'),
    status: z.int().min(400).max(599),
    accepted: z.boolean().default(false),
    code: z.string().default('err.service.unavailable'),
    /** Seconds, as `Retry-After`. */
    retryAfter: z.int().min(0).nullable().default(null),
  }),
  z.object({
    do: z.literal('malformed'),
    form: z.enum([
      'html',
      'empty',
      'huge-json',
      'invalid-json',
      'wrong-schema',
      'redirect',
      'wrong-content-type',
      'slow-body',
      'chunked-garbage',
      'twice',
      'no-signature',
      'wrong-signature',
    ]),
    accepted: z.boolean().default(true),
  }),
  /** Asynchronous mode: this acknowledgement, whatever the truth is. */
  z.object({
    do: z.literal('acknowledge'),
    ack: z.enum(['ACK', 'NACK', 'ERR']),
    code: z.string().default(''),
    accepted: z.boolean().default(false),
  }),
  /** Synchronous mode: the header says `rjct` with this code. */
  z.object({ do: z.literal('reject-message'), code: z.string(), accepted: z.boolean().default(false) }),
  /** Each item with this chance is answered so; with `paidAnyway` it is paid all the same. */
  z.object({
    do: z.literal('reject-items'),
    status: z.enum(['rjct', 'fail']),
    code: z.string(),
    share: z.number().min(0).max(1).default(1),
    paidAnyway: z.boolean().default(false),
  }),
  /** Each item with this chance is reported wrongly. The ledger keeps the truth. */
  z.object({
    do: z.literal('misreport'),
    as: z.enum(['contradiction', 'wrong-amount', 'wrong-payee', 'wrong-currency', 'absent', 'twice', 'unreadable']),
    share: z.number().min(0).max(1).default(1),
  }),
])
export type Fault = z.infer<typeof Fault>

/** `open` makes room for a message before it is sent. */
export const RequestKind = z.enum(['open', 'disburse', 'status', 'token'])
export type RequestKind = z.infer<typeof RequestKind>

/** Each request of this kind fails so with this chance. */
export const FaultRule = z.object({ on: RequestKind, probability: z.number().min(0).max(1), fault: Fault })
export type FaultRule = z.infer<typeof FaultRule>

/** The next `times` requests of this kind fail so. A `null` fault lets them pass unharmed by the rules. */
export const ScriptedFault = z.object({
  on: RequestKind,
  times: z.int().min(1).default(1),
  fault: Fault.nullable(),
})
export type ScriptedFault = z.infer<typeof ScriptedFault>

/** How the sender is called about the payments of a message that was taken in asynchronously. */
export const CallbackManners = z.object({
  /** Payments in one call; the others follow in further ones. */
  partial: z.int().min(1).nullable().default(null),
  late: Milliseconds.default(0),
  twice: z.boolean().default(false),
  /** The older word goes out after the newer one. */
  outOfOrder: z.boolean().default(false),
  /** Before each call comes another one that says the opposite, not signed by the payment system. */
  forged: z.boolean().default(false),
  /** Everything is said once more when all is said. */
  replayed: z.boolean().default(false),
})
export type CallbackManners = z.infer<typeof CallbackManners>

/** How the payment system is by nature; may change while it runs. */
export const Behaviour = z.object({
  /** Off: what is delivered again is paid again. That is how a double payment becomes visible in the ledger. */
  duplicateProtection: z.boolean().default(true),
  /** Asynchronous mode, a message that came before: refused by its code, or acknowledged once more. */
  duplicateAnswer: z.enum(['rejected', 'acknowledged']).default('rejected'),
  /** `object` is the specification's shape. */
  statusShape: z.enum(['object', 'list', 'list-with-nulls']).default('object'),
  statusTxnType: z.enum(['on-disburse', 'disburse']).default('on-disburse'),
  /** At most so many items in one status reply; `completed_count` tells how far it is. */
  statusLimit: z.int().min(1).nullable().default(null),
  unknownReferences: z.enum(['left-out', 'rejected']).default('left-out'),
  /**
   * Receivers built for the Odoo module, such as the OpenG2P G2P Cash Transfer Bridge: everything is called received at once
   * and stored later, what came before is paid again, and by transaction nothing can be asked.
   */
  classic: z
    .object({
      /** Milliseconds until what was received is stored. */
      storedAfter: Milliseconds.default(0),
      /** What cannot be stored is lost without a word: with this chance, and always where something about it is wrong. */
      lost: z.number().min(0).max(1).default(0),
      /** Called `fail` while it is tried again, with this chance. */
      failing: z.number().min(0).max(1).default(0),
    })
    .nullable()
    .default(null),
  /** Payment Hub EE. There `duplicateProtection` is that of the channel behind it: rows that came before fail, files never. */
  hub: z
    .object({
      /** Bytes. */
      fileLimit: z.int().min(1).default(100_000),
      /** Rows of a file that are worked on together. */
      subBatch: z.int().min(1).default(5),
      /** Rows with a decimal amount break their whole sub-batch. */
      wholeAmounts: z.boolean().default(true),
      /** Milliseconds until a batch that was taken is listed. */
      listedAfter: Milliseconds.default(0),
      /** Milliseconds until a batch that is listed already has rows. */
      rowsAfter: Milliseconds.default(0),
      /** Pages have no order of their own: each question finds another one. */
      disorder: z.boolean().default(true),
      /** Both ends of a transfer are listed. */
      bothLegs: z.boolean().default(false),
    })
    .default({
      fileLimit: 100_000,
      subBatch: 5,
      wholeAmounts: true,
      listedAfter: 0,
      rowsAfter: 0,
      disorder: true,
      bothLegs: false,
    }),
  /** Null: nobody is called after a disburse request. */
  callbacks: CallbackManners.nullable().default(null),
  /** More payments in one message are refused with `rjct.total_count.limit_exceeded`. */
  maximumCount: z.int().min(1).default(100_000),
  /** Other currencies are refused; empty allows all. */
  currencies: z.array(z.string()).default([]),
})
export type Behaviour = z.infer<typeof Behaviour>

/** Chooses the fault of each request: the script first, then the rules by seeded chance. */
export interface Faults {
  next(kind: RequestKind): Fault | null
  /** The same seeded chance, for faults that strike a share of the items. */
  random(): number
  script(entries: readonly ScriptedFault[]): void
  setRules(rules: readonly FaultRule[]): void
}

export function createFaults(seed: number, firstRules: readonly FaultRule[]): Faults {
  const random = seededRandom(seed)
  let rules = firstRules
  let scripted: { on: RequestKind; times: number; fault: Fault | null }[] = []
  return {
    next(kind) {
      const entry = scripted.find((candidate) => candidate.on === kind)
      if (entry !== undefined) {
        entry.times -= 1
        if (entry.times === 0) scripted = scripted.filter((other) => other !== entry)
        return entry.fault
      }
      for (const rule of rules) if (rule.on === kind && random() < rule.probability) return rule.fault
      return null
    },
    random,
    script(entries) {
      scripted.push(...entries.map((entry) => ({ ...entry })))
    },
    setRules(next) {
      rules = next
    },
  }
}
