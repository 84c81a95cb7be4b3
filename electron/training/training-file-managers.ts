import { openG2PColumns, type PaymentFileSettings } from '../../shared/model/payment-file.ts'
import { usualResults, withoutEndpoint } from '../../shared/rules/usual-manager.ts'
import { paymentManagerClaims, signClaims } from '../core/identity/signatures.ts'
import { type Draft, OFFICE, type Store } from '../core/store/store.ts'
import { SIGNING_KEY, trainingManagerDefaults } from './training-manager.ts'
import { openTrainingRoot } from './training-officers.ts'

const files: readonly { readonly id: string; readonly name: string; readonly file: PaymentFileSettings['file'] }[] = [
  {
    id: 'training-bank-file',
    name: 'Bank file',
    file: { form: 'csv', columns: [...openG2PColumns], delimiter: ',', lineEnd: 'crlf', byteOrderMark: false },
  },
  {
    id: 'training-vouchers',
    name: 'Vouchers on paper',
    file: {
      form: 'vouchers',
      configurations: [
        {
          id: 'vouchers',
          name: 'Voucher',
          batchTags: [],
          rendering: 'per-batch',
          fields: ['programme', 'cycle', 'payee', 'amount', 'reference', 'validUntil'],
          note: '',
          validDays: 30,
        },
      ],
    },
  },
  { id: 'training-pay-list', name: 'Pay list', file: { form: 'list', note: '' } },
]

/** Ways to pay without a payment system, for a programme to choose; made once, with the key that signs everything here. */
export async function appointFileManagers(store: Store): Promise<void> {
  const root = await openTrainingRoot(store)
  for (const { id, name, file } of files) {
    if (store.find('paymentManager', id) !== undefined) continue
    const draft: Draft<'paymentManager'> = {
      ...trainingManagerDefaults,
      id,
      name,
      ...withoutEndpoint,
      paymentFile: { file, signing: { keyId: SIGNING_KEY, alg: 'EdDSA' }, results: usualResults },
    }
    const signature = await signClaims('payment-manager', paymentManagerClaims(draft), 'trust-root', root)
    store.transaction(OFFICE, (transaction) => {
      transaction.put('paymentManager', { ...draft, signature })
      transaction.audit({ action: 'manager.appointed', subjectKind: 'paymentManager', subjectId: id })
    })
  }
}
