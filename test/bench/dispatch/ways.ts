import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { startPaymentHubPeer } from '../../../electron/peers/payment-hub/start-payment-hub-peer.ts'
import { Behaviour } from '../../../electron/peers/payment-system/behaviour.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { PaymentFileForm } from '../../../shared/model/payment-file.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { fileManager, forms } from '../../core/channels/file/file-forms.ts'
import type { ManagerSettings } from '../../core/dispatch/approved-batches.ts'
import { hubSettings } from '../../shared/rules/payment-hub/hub-settings.ts'

export const KEY_ID = 'bench-key'
/** Payments of one message or file. */
const PART_SIZE = 500
const CONTROL_TOKEN = 'bench-control-token'

/** Who is sent to, in a process apart. */
export interface Receiver {
  readonly settings: ManagerSettings
  end(): Promise<void>
}

/** One way to pay with its usual protection switched on. */
export interface Way {
  readonly kind: PaymentManager['kind']
  readonly key: KeyObject
  /** What one message takes, in words. */
  readonly words: string
  /** A payment system that has heard of nothing yet. */
  startReceiver(ledgerFile: string): Promise<Receiver>
}

const common: ManagerSettings = { partSize: PART_SIZE, apiTimeout: 60, statusCheckInterval: 600 }
const ed25519 = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const { hub } = Behaviour.parse({})

const knowing = (publicKey: KeyObject, ledgerFile: string): PeerOptionsInput => ({
  ledgerFile,
  controlToken: CONTROL_TOKEN,
  signatures: {
    required: true,
    keys: [{ ...(publicKey.export({ format: 'jwk' }) as { kty: 'OKP' | 'RSA' }), kid: KEY_ID }],
  },
})

export const ways: readonly Way[] = [
  {
    kind: 'g2p-connect',
    key: ed25519.privateKey,
    words: 'JSON and JWS written, and posted',
    async startReceiver(ledgerFile) {
      const peer = await startG2pConnectPeer(knowing(ed25519.publicKey, ledgerFile))
      const settings: ManagerSettings = {
        ...common,
        mode: 'async',
        paymentEndpointUrl: peer.urls.disburse,
        statusEndpointUrl: peer.urls.syncStatus,
        signing: { kind: 'jws', keyId: KEY_ID, alg: 'EdDSA', lifetime: 1800 },
        replySigning: 'jws',
        receiverKey: { ...peer.publicKey, alg: 'EdDSA' },
      }
      return { settings, end: () => peer.stop() }
    },
  },
  {
    kind: 'payment-hub',
    key: rsa.privateKey,
    words: 'CSV, form and X-SIGNATURE written, and posted',
    async startReceiver(ledgerFile) {
      const peer = await startPaymentHubPeer({
        ...knowing(rsa.publicKey, ledgerFile),
        behaviour: { hub: { ...hub, wholeAmounts: false } },
      })
      const settings: ManagerSettings = {
        ...common,
        kind: 'payment-hub',
        profile: 'payment-hub',
        paymentEndpointUrl: peer.urls.upload,
        statusEndpointUrl: peer.urls.operations,
        payerAddress: 'MSISDN:251911000001',
        paymentHub: hubSettings({ amounts: 'decimals', signing: { kind: 'x-signature', keyId: KEY_ID } }),
      }
      return { settings, end: () => peer.stop() }
    },
  },
  {
    kind: 'file',
    key: ed25519.privateKey,
    words: 'CSV and detached JWS written',
    async startReceiver() {
      const { paymentFile, ...rest } = fileManager(forms.csv as unknown as PaymentFileForm)
      if (paymentFile === undefined) throw new Error('a manager of files without its settings')
      const signing = { keyId: KEY_ID, alg: 'EdDSA' } as const
      const settings: ManagerSettings = { ...rest, ...common, paymentFile: { ...paymentFile, signing } }
      return { settings, end: async () => undefined }
    },
  },
]
