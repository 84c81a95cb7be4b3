import type { PeerOptionsInput } from '../payment-system/peer-options.ts'
import { type PaymentPeer, startPeer } from '../payment-system/start-peer.ts'
import { PATHS } from './paths.ts'

/** A running payment system in a process of its own. */
export type OpenG2PBridgePeer = PaymentPeer<keyof typeof PATHS>

/** Starts the payment system and waits until it listens. It ends by itself when this process goes away. */
export function startOpenG2PBridgePeer(
  options: PeerOptionsInput,
  place?: 'process' | 'thread',
): Promise<OpenG2PBridgePeer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return startPeer(new URL(`./openg2p-bridge-process.${extension}`, import.meta.url), PATHS, options, place)
}
