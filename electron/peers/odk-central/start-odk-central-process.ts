import type { PeerPlace } from '../payment-system/start-peer.ts'
import { type PeerProcess, startAsProcess } from '../peer-process/start-as-process.ts'
import { CentralLedgerEntry, type CentralOrder, type CentralPeerOptionsInput, CentralSummary } from './peer-options.ts'

/** An ODK Central in a process of its own. */
export type OdkCentralProcess = PeerProcess<CentralOrder, CentralSummary, CentralLedgerEntry>

/** Starts it and waits until it listens. */
export function startOdkCentralProcess(
  options: CentralPeerOptionsInput,
  place?: PeerPlace,
): Promise<OdkCentralProcess> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const file = new URL(`./odk-central-process.${extension}`, import.meta.url)
  return startAsProcess(file, options, { summary: CentralSummary, entry: CentralLedgerEntry }, place)
}
