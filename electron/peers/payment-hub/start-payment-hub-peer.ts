import type { PeerOptionsInput } from '../payment-system/peer-options.ts'
import { type PaymentPeer, startPeer } from '../payment-system/start-peer.ts'
import { OPERATIONS, PATHS } from './paths.ts'

const PLACES = { ...PATHS, operations: OPERATIONS } as const

/** A running Payment Hub in a process of its own. */
export type PaymentHubPeer = PaymentPeer<keyof typeof PLACES>

/** Starts the hub and waits until it listens. It ends by itself when this process goes away. */
export function startPaymentHubPeer(options: PeerOptionsInput, place?: 'process' | 'thread'): Promise<PaymentHubPeer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return startPeer(new URL(`./payment-hub-process.${extension}`, import.meta.url), PLACES, options, place)
}
