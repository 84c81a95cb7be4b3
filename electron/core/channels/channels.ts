import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { CallerKind } from '../callbacks/caller.ts'
import { findCallbackAddress } from '../callbacks/settings.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Http } from '../http/http.ts'
import type { Store } from '../store/store.ts'
import { findClientCertificate } from '../vault/client-certificates.ts'
import { findSecret } from '../vault/secrets.ts'
import type { Channel } from './channel.ts'
import { FileChannel } from './file/file-channel.ts'
import { g2pConnectCaller } from './g2p-connect/callback-caller.ts'
import { G2PConnectChannel } from './g2p-connect/g2p-connect-channel.ts'
import { paymentHubCaller } from './payment-hub/callback-caller.ts'
import { PaymentHubChannel } from './payment-hub/payment-hub-channel.ts'

export interface ChannelParts {
  readonly store: Store
  readonly http: Http
  readonly time: OfficeTime
  readonly training: boolean
}

export type Channels = Readonly<Record<PaymentManager['kind'], Channel>>

/** Every way to pay, by the kind of the payment manager. What each can carry is in `shared/rules/payment-channels.ts`. */
export function openChannels({ store, http, time, training }: ChannelParts): Channels {
  const common = {
    http,
    time,
    now: time.now,
    training,
    findSecret: (managerId: string) => findSecret(store, 'manager-secret', managerId),
    findClientSecret: (managerId: string) => findSecret(store, 'manager-client-secret', managerId),
    findClientCertificate: (fingerprint: string) => findClientCertificate(store, fingerprint),
    findSigningKey: (keyId: string) => findSecret(store, 'signing-key', keyId),
    findDecryptionKey: (keyId: string) => findSecret(store, 'decryption-key', keyId),
  }
  const calledAt = (kind: PaymentManager['kind']) => ({
    findCallbackAddress: (managerId: string) => findCallbackAddress(store, kind, managerId),
  })
  return {
    'g2p-connect': new G2PConnectChannel({ ...common, ...calledAt('g2p-connect') }),
    'payment-hub': new PaymentHubChannel({ ...common, ...calledAt('payment-hub') }),
    file: new FileChannel({ ...common, tagNameOf: (batchId) => store.find('batch', batchId)?.tagName ?? '' }),
  }
}

/** Who may call about payments, for the receiver in the office and alone at the centre. */
export const channelCallers: readonly CallerKind[] = [g2pConnectCaller, paymentHubCaller]
