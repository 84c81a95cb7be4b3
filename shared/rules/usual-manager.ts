import type { PaymentFileSettings } from '../model/payment-file.ts'
import type { PaymentManager } from '../model/payment-manager.ts'
import { usualPayeePrefix } from './payee-address.ts'
import { refusalsBeforeAcceptance } from './retry-class.ts'

/** No key, no certificate and no proof of who asks was agreed with the other side. */
const nothingAgreed = {
  authentication: { kind: 'none' },
  clientCertificate: '',
  extraHeaders: [],
  signing: { kind: 'placeholder', sandbox: false },
  replySigning: 'none',
  receiverKey: null,
  receiverJwksUrl: '',
  encryption: { kind: 'none' },
} satisfies Partial<PaymentManager>

/**
 * What a payment manager for G2P Connect has where nobody decided otherwise: careful everywhere, the values of OpenG2P's Odoo
 * module where it had some. Names and addresses are empty, nothing is signed yet.
 */
export const usualManager: Omit<
  PaymentManager,
  'id' | 'changedAt' | 'changedBy' | 'removed' | 'state' | 'edition' | 'signature'
> = {
  kind: 'g2p-connect',
  profile: 'g2p-connect-1.0',
  name: '',
  createBatch: false,
  batchTags: [],
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
  ...nothingAgreed,
  duplicateProtectionProven: false,
  noMoneyMovedCodes: [...refusalsBeforeAcceptance],
  certificateAuthority: '',
}

/** What a manager that pays by files has in place of an endpoint: nothing is asked outside, nothing travels signed. */
export const withoutEndpoint = {
  kind: 'file',
  profile: 'file',
  paymentEndpointUrl: '',
  statusEndpointUrl: '',
  envelopeUrl: '',
  envelopeStatusUrl: '',
  senderId: '',
  senderUri: '',
  receiverId: '',
  ...nothingAgreed,
  // What lies here is looked at now and then, and after a restore.
  statusCheckActive: true,
  statusCheckInterval: 60,
  duplicateProtectionProven: false,
  noMoneyMovedCodes: [],
  certificateAuthority: '',
} satisfies Partial<PaymentManager>

/** How a table of results reads where the bank said nothing else: a spreadsheet with the columns of our own file and a status. */
export const usualResults: PaymentFileSettings['results'] = {
  columns: {
    reference: 'request_id',
    status: 'status',
    amount: 'amount',
    payee: 'payee_identifier',
    currency: '',
    code: '',
    text: '',
    theirReference: '',
    time: '',
    paid: ['PAID'],
    rejected: ['FAILED'],
  },
  paidStatuses: ['ACCC', 'ACSC'],
}
