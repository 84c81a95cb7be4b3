import { z } from 'zod'
import { FaultRule } from './faults.ts'

/** What the control API is told (`POST /control`). Everything is optional; what is there is done, in this order. */
export const CouchdbOrder = z.object({
  /** Takes back all faults that were told before. */
  clearFaults: z.literal(true).optional(),
  faults: z.array(FaultRule).optional(),
  endSessions: z.literal(true).optional(),
  /** Keeps everything as it is now under a name. */
  keep: z.string().min(1).optional(),
  /**
   * `stop` closes port and file, `start` opens them again, `restart` does both; `replace` is another, empty server at the
   * same address.
   */
  do: z.enum(['stop', 'start', 'restart', 'replace']).optional(),
  /** A restart with what was kept under this name. */
  rollBackTo: z.string().min(1).optional(),
})
export type CouchdbOrder = z.input<typeof CouchdbOrder>

/** `GET /control`, and the answer to every order. */
export const CouchdbSummary = z.object({
  uuid: z.string(),
  requests: z.int(),
  /** Bytes on the wire. */
  received: z.int(),
  sent: z.int(),
  /** Processor time of the process since its start, milliseconds. */
  processorTime: z.number(),
  /** How many requests each kind of fault met. */
  faultsMet: z.record(z.string(), z.int()),
  /** Requests that were received and wait for their answer, as they were told to. */
  held: z.array(z.object({ user: z.string(), method: z.string(), url: z.string() })),
  /** Writes that validate functions refused. */
  refused: z.array(z.object({ database: z.string(), id: z.string(), user: z.string(), reason: z.string() })),
  databases: z.record(z.string(), z.object({ sequence: z.int(), count: z.int(), deleted: z.int() })),
})
export type CouchdbSummary = z.infer<typeof CouchdbSummary>
