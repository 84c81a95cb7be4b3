import { g2pConnect } from '../../../../electron/core/channels/g2p-connect/profiles/g2p-connect-1.0/profile.ts'
import { openg2pBridge } from '../../../../electron/core/channels/g2p-connect/profiles/openg2p-bridge/profile.ts'
import { openg2pClassic } from '../../../../electron/core/channels/g2p-connect/profiles/openg2p-classic/profile.ts'
import type { ReceiverProfile } from '../../../../electron/core/channels/g2p-connect/profiles/receiver-profile.ts'
import { PATHS } from '../../../../electron/peers/g2p-connect/paths.ts'
import { G2P_CONNECT } from '../../../../electron/peers/g2p-connect/protocol.ts'
import { PATHS as BRIDGE_PATHS } from '../../../../electron/peers/openg2p-bridge/paths.ts'
import { OPENG2P_BRIDGE } from '../../../../electron/peers/openg2p-bridge/protocol.ts'
import type { Behaviour } from '../../../../electron/peers/payment-system/behaviour.ts'
import type { Protocol } from '../../../../electron/peers/payment-system/door.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'

type Mode = PaymentManager['mode']

/** A kind of receiver as tests know it: the profile, and a payment system that behaves like one. */
export interface Receiver {
  readonly profile: ReceiverProfile
  readonly protocol: Protocol
  readonly modes: readonly Mode[]
  readonly behaviour: Partial<Behaviour>
  /** Paid once although the same bytes come twice. */
  readonly paysOnce: boolean
  /** The addresses of a manager for it. */
  readonly addresses: (
    origin: string,
    mode: Mode,
  ) => Pick<PaymentManager, 'paymentEndpointUrl' | 'statusEndpointUrl' | 'envelopeUrl' | 'envelopeStatusUrl'>
}

const standardAddresses: Receiver['addresses'] = (origin, mode) => ({
  paymentEndpointUrl: origin + (mode === 'sync' ? PATHS.syncDisburse : PATHS.disburse),
  statusEndpointUrl: origin + PATHS.syncStatus,
  envelopeUrl: '',
  envelopeStatusUrl: '',
})

/** A new profile needs a row here, and is then tried with every signature, mode and encryption. */
export const receivers: readonly Receiver[] = [
  {
    profile: g2pConnect,
    protocol: G2P_CONNECT,
    modes: ['sync', 'async'],
    behaviour: {},
    paysOnce: true,
    addresses: standardAddresses,
  },
  {
    profile: openg2pClassic,
    protocol: G2P_CONNECT,
    modes: ['sync'],
    behaviour: {
      duplicateProtection: false,
      statusShape: 'list',
      classic: { storedAfter: 0, lost: 0, failing: 0 },
    },
    paysOnce: false,
    addresses: standardAddresses,
  },
  {
    profile: openg2pBridge,
    protocol: OPENG2P_BRIDGE,
    modes: ['sync'],
    behaviour: {},
    paysOnce: true,
    addresses: (origin) => ({
      paymentEndpointUrl: origin + BRIDGE_PATHS.disburse,
      statusEndpointUrl: origin + BRIDGE_PATHS.status,
      envelopeUrl: origin + BRIDGE_PATHS.envelope,
      envelopeStatusUrl: origin + BRIDGE_PATHS.envelopeStatus,
    }),
  },
]

export const [standard] = receivers as [Receiver, ...Receiver[]]
