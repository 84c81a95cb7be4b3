import { USUAL_LIFETIME } from '../../../shared/model/message-security.ts'
import { type PaymentHubSettings, USUAL_FILE_LIMIT } from '../../../shared/model/payment-hub.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { usualPayeePrefix } from '../../../shared/rules/payee-address.ts'
import { refusalsBeforeAcceptance } from '../../../shared/rules/retry-class.ts'
import type { ManagerView } from './answers.ts'

/** What the form holds: everything that an administrator decides. */
export type ManagerDraft = Omit<
  PaymentManager,
  'id' | 'changedAt' | 'changedBy' | 'removed' | 'state' | 'edition' | 'signature'
>

export const newTagId = (): string => crypto.randomUUID()

/** What Payment Hub is told where nobody decided otherwise. */
export const usualHub: PaymentHubSettings = {
  tenant: '',
  purpose: 'Social benefits',
  paymentMode: 'MOJALOOP',
  payer: { kind: 'account' },
  payeeIdentifierType: 'MSISDN',
  payeeFsp: '',
  payeeBank: '',
  amounts: 'whole-units',
  fileLimit: USUAL_FILE_LIMIT,
  signing: { kind: 'none' },
  stallLimit: 120,
}

/** What a new manager begins with: careful everywhere, the Odoo module's values where it had some. */
export const newManager = (training: boolean, keyId: string | undefined): ManagerDraft => ({
  kind: 'g2p-connect',
  profile: 'g2p-connect-1.0',
  name: '',
  createBatch: false,
  batchTags: [{ id: newTagId(), name: 'Default', filter: '[]', maximumBatchSize: 500 }],
  payeeIdType: 'bank_acc_no',
  regIdTypeForPayeeId: '',
  payeePrefix: usualPayeePrefix.bank_acc_no,
  payeeSuffix: '',
  paymentEndpointUrl: '',
  statusEndpointUrl: '',
  envelopeUrl: '',
  envelopeStatusUrl: '',
  apiTimeout: 10,
  locale: 'eng',
  payerAddress: '',
  payerName: '',
  senderId: '',
  senderUri: '',
  receiverId: '',
  mode: 'async',
  partSize: 500,
  amountsFormat: 'two-decimals',
  scheduledTimestamp: 'always',
  statusBy: 'reference_id_list',
  statusAction: 'txn-status',
  statusCheckActive: true,
  statusCheckInterval: 5,
  statusPageSize: 500,
  sendFilter: '[]',
  sendAutomatically: false,
  authentication: { kind: 'none' },
  clientCertificate: '',
  extraHeaders: [],
  signing: training
    ? { kind: 'placeholder', sandbox: false }
    : { kind: 'jws', keyId: keyId ?? '', alg: 'EdDSA', lifetime: USUAL_LIFETIME },
  replySigning: 'none',
  receiverKey: null,
  receiverJwksUrl: '',
  encryption: { kind: 'none' },
  duplicateProtectionProven: false,
  noMoneyMovedCodes: [...refusalsBeforeAcceptance],
  certificateAuthority: '',
})

/** The settings of a known manager, without what the core adds for the screens. */
export function draftOf(manager: ManagerView): ManagerDraft {
  const {
    id,
    changedAt,
    changedBy,
    removed,
    state,
    trusted,
    hasSecret,
    needsSecret,
    hasMapperSecret,
    findings,
    usable,
    ...draft
  } = manager
  return draft
}
