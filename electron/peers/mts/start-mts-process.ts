import type { PeerPlace } from '../payment-system/start-peer.ts'
import { type PeerProcess, startAsProcess } from '../peer-process/start-as-process.ts'
import { MtsLedgerEntry, type MtsOrder, type MtsPeerOptionsInput, MtsSummary } from './peer-options.ts'

/** A MOSIP Token Seeder in a process of its own. */
export type MtsProcess = PeerProcess<MtsOrder, MtsSummary, MtsLedgerEntry>

/** Starts it and waits until it listens. */
export function startMtsProcess(options: MtsPeerOptionsInput, place?: PeerPlace): Promise<MtsProcess> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const file = new URL(`./mts-process.${extension}`, import.meta.url)
  return startAsProcess(file, options, { summary: MtsSummary, entry: MtsLedgerEntry }, place)
}
