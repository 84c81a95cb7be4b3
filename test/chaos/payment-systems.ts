import { startG2pConnectPeer } from '../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { startOpenG2PBridgePeer } from '../../electron/peers/openg2p-bridge/start-openg2p-bridge-peer.ts'
import { startPaymentHubPeer } from '../../electron/peers/payment-hub/start-payment-hub-peer.ts'
import { Behaviour } from '../../electron/peers/payment-system/behaviour.ts'
import type { PeerOptionsInput } from '../../electron/peers/payment-system/peer-options.ts'
import type { PaymentPeer } from '../../electron/peers/payment-system/start-peer.ts'
import { hubSettings } from '../shared/rules/payment-hub/hub-settings.ts'
import type { Furnish } from './messages.ts'

/** A payment system of one run, and the settings of a manager for it. */
export interface RunningPaymentSystem {
  readonly peer: PaymentPeer<string>
  readonly settings: Furnish['settings']
  /** It may never claim more protection than it has; where it has some, it may not have been shown yet. */
  readonly mayProve: boolean
}

type Start = (options: PeerOptionsInput, random: () => number) => Promise<RunningPaymentSystem>

/** How the payment systems of each receiver profile are by nature; what goes wrong on top of that is in `faults.ts`. */
export const paymentSystems: Readonly<Record<string, Start>> = {
  async 'g2p-connect-1.0'(options, random) {
    const mode = random() < 0.5 ? 'sync' : 'async'
    const protection = random() < 0.5
    const behaviour: Partial<Behaviour> = {
      duplicateProtection: protection,
      duplicateAnswer: random() < 0.5 ? 'rejected' : 'acknowledged',
      statusShape: random() < 0.5 ? 'object' : 'list-with-nulls',
      unknownReferences: random() < 0.5 ? 'left-out' : 'rejected',
    }
    const statusBy = (['reference_id_list', 'transaction_id', 'correlation_id'] as const)[Math.floor(random() * 3)]
    const peer = await startG2pConnectPeer({ ...options, behaviour })
    const settings = {
      profile: 'g2p-connect-1.0',
      paymentEndpointUrl: mode === 'sync' ? peer.urls.syncDisburse : peer.urls.disburse,
      statusEndpointUrl: peer.urls.syncStatus,
      envelopeUrl: '',
      envelopeStatusUrl: '',
      mode,
      statusBy: statusBy ?? 'reference_id_list',
    } as const
    return { peer, settings, mayProve: protection }
  },
  async 'openg2p-classic'(options, random) {
    const classic = { storedAfter: Math.round(random() * 300), lost: random() * 0.1, failing: random() * 0.3 }
    const statusShape = random() < 0.5 ? 'list' : 'list-with-nulls'
    const peer = await startG2pConnectPeer({
      ...options,
      behaviour: { duplicateProtection: false, statusShape, classic },
    })
    const settings = {
      profile: 'openg2p-classic',
      paymentEndpointUrl: peer.urls.syncDisburse,
      statusEndpointUrl: peer.urls.syncStatus,
      envelopeUrl: '',
      envelopeStatusUrl: '',
      mode: 'sync',
      statusBy: 'reference_id_list',
    } as const
    return { peer, settings, mayProve: false }
  },
  async 'payment-hub'(options, random) {
    const hub = {
      ...Behaviour.parse({}).hub,
      wholeAmounts: false,
      listedAfter: Math.round(random() * 200),
      rowsAfter: Math.round(random() * 300),
      bothLegs: random() < 0.5,
    }
    // The channel behind the hub knows references, or a bank gets the file in bulk and knows none.
    const peer = await startPaymentHubPeer({ ...options, behaviour: { duplicateProtection: random() < 0.3, hub } })
    const settings = {
      kind: 'payment-hub',
      profile: 'payment-hub',
      paymentEndpointUrl: peer.urls.upload,
      statusEndpointUrl: peer.urls.operations,
      envelopeUrl: '',
      envelopeStatusUrl: '',
      mode: 'async',
      statusBy: 'transaction_id',
      payerAddress: 'MSISDN:251911000001',
      paymentHub: hubSettings({ amounts: 'decimals', stallLimit: 60 }),
    } as const
    return { peer, settings, mayProve: false }
  },
  async 'openg2p-bridge'(options, random) {
    // It stores before it answers, so what it acknowledged is never lost.
    const rules = options.rules?.filter(({ fault }) => fault.do !== 'acknowledge-and-lose') ?? []
    const peer = await startOpenG2PBridgePeer({
      ...options,
      rules,
      behaviour: { duplicateProtection: random() < 0.5 },
    })
    const settings = {
      profile: 'openg2p-bridge',
      paymentEndpointUrl: peer.urls.disburse,
      statusEndpointUrl: peer.urls.status,
      envelopeUrl: peer.urls.envelope,
      envelopeStatusUrl: peer.urls.envelopeStatus,
      mode: 'sync',
      statusBy: 'reference_id_list',
    } as const
    return { peer, settings, mayProve: false }
  },
}
