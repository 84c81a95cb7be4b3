import type { PeerPlace } from '../payment-system/start-peer.ts'
import { type PeerProcess, startAsProcess } from '../peer-process/start-as-process.ts'
import { MapperLedgerEntry, type MapperOrder, type MapperPeerOptionsInput, MapperSummary } from './peer-options.ts'

/** An account mapper in a process of its own. */
export type MapperProcess = PeerProcess<MapperOrder, MapperSummary, MapperLedgerEntry>

/** Starts it and waits until it listens. */
export function startMapperProcess(options: MapperPeerOptionsInput, place?: PeerPlace): Promise<MapperProcess> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const file = new URL(`./mapper-process.${extension}`, import.meta.url)
  return startAsProcess(file, options, { summary: MapperSummary, entry: MapperLedgerEntry }, place)
}
