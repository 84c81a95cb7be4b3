import {
  openG2PColumns,
  type PaymentFileForm,
  type PaymentFileSettings,
} from '../../../../shared/model/payment-file.ts'
import { painForm } from '../../../shared/rules/payment-file/payment-lines.ts'
import type { ManagerSettings } from '../../dispatch/approved-batches.ts'

export const KEY = 'file-key'

export const forms = {
  csv: {
    form: 'csv',
    columns: [...openG2PColumns, { field: 'payee_name', heading: 'name', text: '' }],
    delimiter: ',',
    lineEnd: 'crlf',
    byteOrderMark: false,
  },
  'pain.001': painForm,
  list: { form: 'list', note: 'Bring the card' },
  vouchers: {
    form: 'vouchers',
    configurations: [
      {
        id: 'all',
        name: 'All',
        batchTags: [],
        rendering: 'per-batch',
        fields: ['payee', 'amount', 'reference', 'validUntil'],
        note: '',
        validDays: 30,
      },
    ],
  },
} as const satisfies Record<string, unknown>

/** How the bank of these tests writes its results. */
export const results: PaymentFileSettings['results'] = {
  columns: {
    reference: 'request_id',
    status: 'status',
    amount: 'amount',
    payee: 'payee_identifier',
    currency: '',
    code: 'code',
    text: 'reason',
    theirReference: 'bank_reference',
    time: '',
    paid: ['PAID', 'Successful'],
    rejected: ['FAILED'],
  },
  paidStatuses: ['ACCC', 'ACSC'],
}

export const fileManager = (form: PaymentFileForm): ManagerSettings => ({
  kind: 'file',
  profile: 'file',
  paymentFile: { file: form, signing: { keyId: KEY, alg: 'EdDSA' }, results },
  paymentEndpointUrl: '',
  statusEndpointUrl: '',
  payerAddress: 'account_no:1000@ABCDETAA',
  partSize: 100,
})
