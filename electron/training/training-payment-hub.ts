import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { USUAL_FILE_LIMIT } from '../../shared/model/payment-hub.ts'
import { editionOf } from '../../shared/model/record.ts'
import { paymentManagerClaims, signClaims } from '../core/identity/signatures.ts'
import type { Office } from '../core/office.ts'
import { type Draft, OFFICE, type Store } from '../core/store/store.ts'
import { type PaymentHubPeer, startPaymentHubPeer } from '../peers/payment-hub/start-payment-hub-peer.ts'
import { TRAINING } from '../peers/payment-system/outcome.ts'
import { trainingManagerDefaults } from './training-manager.ts'
import { openTrainingRoot } from './training-officers.ts'
import { onItsPort, originOf } from './training-ports.ts'

const HUB_MANAGER = 'training-payment-hub'
const PORT_MARK = 'training-payment-hub-port'

/** The Payment Hub of the training office while it is open. */
export interface TrainingPaymentHub {
  /** Where it listens, or listened when the office was open last. */
  origins(): readonly string[]
  leave(): Promise<void>
}

/**
 * Brings up a Payment Hub that pays nobody, and a payment manager for it, beside what the officers do. An administrator who
 * wants it chooses that manager for a programme.
 *
 * @param after milliseconds until it begins: the first screen comes first
 */
export function openTrainingPaymentHub(
  { store, http, directory }: Pick<Office, 'store' | 'http' | 'directory'>,
  after: number,
): TrainingPaymentHub {
  const leaving = new AbortController()
  let hub: PaymentHubPeer | undefined
  const bringUp = async (): Promise<void> => {
    await pause(after, undefined, { signal: leaving.signal })
    hub = await onItsPort(store, PORT_MARK, (port) =>
      startPaymentHubPeer({
        ledgerFile: join(directory, 'payment-hub.jsonl'),
        controlToken: randomBytes(24).toString('base64url'),
        seed: 11,
        profile: TRAINING,
        behaviour: { duplicateProtection: false },
        port,
      }),
    )
    if (leaving.signal.aborted) return
    await appointHubManager(store, hub)
    http.tryNow()
  }
  const up = bringUp().catch((error: unknown) => {
    if (!leaving.signal.aborted) console.warn('the training office works without its Payment Hub:', error)
  })
  return {
    origins: () => originOf(store, PORT_MARK, hub?.port),
    async leave() {
      leaving.abort()
      await up
      await hub?.stop()
    },
  }
}

/** Signed anew only when the hub moved to another port. */
async function appointHubManager(store: Store, { urls }: PaymentHubPeer): Promise<void> {
  const known = store.find('paymentManager', HUB_MANAGER)
  if (known?.removed === true || known?.paymentEndpointUrl === urls.upload) return
  const draft: Draft<'paymentManager'> = {
    ...trainingManagerDefaults,
    edition: editionOf(known ?? {}) + 1,
    id: HUB_MANAGER,
    name: 'Payment Hub',
    kind: 'payment-hub',
    profile: 'payment-hub',
    paymentEndpointUrl: urls.upload,
    statusEndpointUrl: urls.operations,
    payerAddress: 'MSISDN:251911000001',
    payeeSuffix: '',
    senderId: '',
    receiverId: '',
    amountsFormat: 'shortest',
    scheduledTimestamp: 'never',
    statusBy: 'transaction_id',
    statusAction: 'batch-detail',
    signing: { kind: 'placeholder', sandbox: false },
    replySigning: 'none',
    duplicateProtectionProven: false,
    noMoneyMovedCodes: [],
    paymentHub: {
      tenant: 'training',
      purpose: 'Training payments',
      paymentMode: 'MOJALOOP',
      payer: { kind: 'account' },
      payeeIdentifierType: 'MSISDN',
      payeeFsp: '',
      payeeBank: '',
      amounts: 'whole-units',
      fileLimit: USUAL_FILE_LIMIT,
      signing: { kind: 'none' },
      stallLimit: 60,
    },
  }
  const root = await openTrainingRoot(store)
  const signature = await signClaims('payment-manager', paymentManagerClaims(draft), 'trust-root', root)
  store.transaction(OFFICE, (transaction) => {
    transaction.put('paymentManager', { ...draft, signature })
    transaction.audit({ action: 'manager.appointed', subjectKind: 'paymentManager', subjectId: HUB_MANAGER })
  })
}
