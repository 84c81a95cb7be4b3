import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { USUAL_LIFETIME } from '../../shared/model/message-security.ts'
import { usualManager } from '../../shared/rules/usual-manager.ts'
import { paymentManagerClaims, signClaims } from '../core/identity/signatures.ts'
import { type Draft, OFFICE, type Store } from '../core/store/store.ts'
import { findSecret, putSecret } from '../core/vault/secrets.ts'
import type { G2pConnectPeer } from '../peers/g2p-connect/start-g2p-connect-peer.ts'
import { openTrainingRoot } from './training-officers.ts'

export const TRAINING_MANAGER = 'training-payment-manager'
export const SIGNING_KEY = 'training-office'

/** The public half of the key that signs the training office's payments; the built-in payment system checks it. */
export interface TrainingSenderKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
}

/** Makes the key on the first call. */
export function trainingSenderKey(store: Store): TrainingSenderKey {
  let text = findSecret(store, 'signing-key', SIGNING_KEY)
  if (text === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519')
    const made = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    store.transaction(OFFICE, (transaction) => {
      putSecret(transaction, 'signing-key', SIGNING_KEY, made)
      transaction.audit({ action: 'vault.signing-key-made', subjectKind: 'signing-key', subjectId: SIGNING_KEY })
    })
    text = made
  }
  const { x } = createPublicKey(text).export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'Ed25519', x: x as string, kid: SIGNING_KEY }
}

/** Points the training manager at the built-in payment system; signed anew only when that moved to another port. */
export async function appointManager(store: Store, peer: G2pConnectPeer): Promise<void> {
  const known = store.find('paymentManager', TRAINING_MANAGER)
  if (
    known?.replySigning === 'jws' &&
    known.paymentEndpointUrl === peer.urls.disburse &&
    known.receiverKey?.x === peer.publicKey.x
  )
    return
  const draft: Draft<'paymentManager'> = {
    ...trainingManagerDefaults,
    paymentEndpointUrl: peer.urls.disburse,
    statusEndpointUrl: peer.urls.syncStatus,
    receiverKey: { ...peer.publicKey, alg: 'EdDSA' },
  }
  const root = await openTrainingRoot(store)
  const signature = await signClaims('payment-manager', paymentManagerClaims(draft), 'trust-root', root)
  store.transaction(OFFICE, (transaction) => {
    transaction.put('paymentManager', { ...draft, signature })
    transaction.audit({ action: 'manager.appointed', subjectKind: 'paymentManager', subjectId: TRAINING_MANAGER })
  })
}

/** What every payment manager of the training office begins with. */
export const trainingManagerDefaults: Draft<'paymentManager'> = {
  ...usualManager,
  id: TRAINING_MANAGER,
  removed: false,
  name: 'Built-in payment system',
  state: 'active',
  batchTags: [
    {
      id: 'digital',
      name: 'Digital',
      filter: "[('partner_id.mode_of_payment', '=', 'digital')]",
      maximumBatchSize: 500,
    },
    { id: 'others', name: 'All others', filter: '[]', maximumBatchSize: 500 },
  ],
  payeeIdType: 'phone',
  payeePrefix: 'phone:',
  payeeSuffix: '@mobile-money',
  paymentEndpointUrl: 'http://127.0.0.1:1/disburse',
  statusEndpointUrl: 'http://127.0.0.1:1/disburse/sync/txn/status',
  payerAddress: 'account:1000@training-treasury',
  payerName: 'Training treasury',
  senderId: 'training.office.example.org',
  receiverId: 'payments.example.org',
  statusCheckInterval: 1,
  signing: { kind: 'jws', keyId: SIGNING_KEY, alg: 'EdDSA', lifetime: USUAL_LIFETIME },
  replySigning: 'jws',
  duplicateProtectionProven: true,
  signature: '',
}
