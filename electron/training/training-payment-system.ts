import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Store } from '../core/store/store.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../peers/g2p-connect/start-g2p-connect-peer.ts'
import type { FaultRule } from '../peers/payment-system/behaviour.ts'
import { TRAINING } from '../peers/payment-system/outcome.ts'
import type { TrainingSenderKey } from './training-manager.ts'

const PORT_MARK = 'training-payment-system-port'

/** Now and then an answer is lost on the way, as on a real line; the payments are taken in all the same. */
const MISHAPS: readonly FaultRule[] = [
  { on: 'disburse', probability: 0.08, fault: { do: 'drop', when: 'after-accepting' } },
  { on: 'disburse', probability: 0.04, fault: { do: 'insert-late', after: 20_000 } },
  {
    on: 'status',
    probability: 0.03,
    fault: { do: 'http-error', status: 503, accepted: false, code: 'err.service.unavailable', retryAfter: null },
  },
]

/**
 * Starts the built-in payment system in its own process, on the port it had before where that is free: approvals cover
 * its address, so moving it would void them.
 */
export async function startPaymentSystem(
  store: Store,
  directory: string,
  senderKey: TrainingSenderKey,
): Promise<G2pConnectPeer> {
  const options = {
    ledgerFile: join(directory, 'payment-system.jsonl'),
    controlToken: randomBytes(24).toString('base64url'),
    senderIds: ['training.office.example.org'],
    signatures: { required: true, keys: [{ ...senderKey }] },
    seed: 7,
    profile: TRAINING,
    rules: [...MISHAPS],
  }
  const before = Number(store.findMark(PORT_MARK) ?? 0)
  const peer = await startG2pConnectPeer({ ...options, port: before }).catch((error: unknown) => {
    if (before === 0) throw error
    return startG2pConnectPeer({ ...options, port: 0 })
  })
  if (peer.port !== before) store.housekeeping((_, mark) => mark(PORT_MARK, String(peer.port)))
  return peer
}
