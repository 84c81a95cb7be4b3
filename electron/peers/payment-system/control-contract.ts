import { z } from 'zod'
import { Behaviour, FaultRule, ScriptedFault } from './behaviour.ts'
import type { LedgerEntry } from './ledger-entry.ts'
import type { LedgerSummary } from './ledger-summary.ts'
import type { Traffic } from './payment-system.ts'

/** What the control API is told (`POST /control`). Everything is optional; what is there is done, in this order. */
export const ControlOrder = z.object({
  behaviour: Behaviour.partial().optional(),
  rules: z.array(FaultRule).optional(),
  script: z.array(ScriptedFault).optional(),
  hold: z.boolean().optional(),
  /** Milliseconds by which the peer's clock is moved on. */
  advance: z.int().min(0).optional(),
  /** Takes paid money back. */
  reverse: z.array(z.string()).optional(),
  /** New signing keys under new ids; the old ones are not published any more. */
  rotateKeys: z.literal(true).optional(),
  revokeTokens: z.literal(true).optional(),
})
export type ControlOrder = z.input<typeof ControlOrder>

/** `GET /control/ledger?after=POSITION&limit=N`. */
export interface LedgerPage {
  readonly entries: readonly LedgerEntry[]
  /** Ask again after this position; null at the end. */
  readonly next: number | null
}

/** `GET /control/summary`. */
export interface PeerSummary extends LedgerSummary {
  readonly traffic: Traffic
  readonly now: number
  readonly held: boolean
  /** Processor time of the process since its start, milliseconds. */
  readonly processorTime: number
}
