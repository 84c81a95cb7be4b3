import type { PeerOptionsInput } from '../payment-system/peer-options.ts'
import { type PaymentPeer, startPeer } from '../payment-system/start-peer.ts'
import { PATHS } from './paths.ts'

/** A running payment system in a process of its own. */
export type G2pConnectPeer = PaymentPeer<keyof typeof PATHS>

/** Starts the payment system and waits until it listens. It ends by itself when this process goes away. */
export function startG2pConnectPeer(options: PeerOptionsInput, place?: 'process' | 'thread'): Promise<G2pConnectPeer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return startPeer(new URL(`./g2p-connect-process.${extension}`, import.meta.url), PATHS, options, place)
}
