import { type FileFormName, openG2PColumns, type PaymentFileSettings } from '../../../shared/model/payment-file.ts'
import { usualResults, withoutEndpoint } from '../../../shared/rules/usual-manager.ts'
import type { ManagerDraft } from './manager-draft.ts'
import { newTagId } from './manager-draft.ts'

export const fileForms: readonly FileFormName[] = ['csv', 'pain.001', 'list', 'vouchers']

/** A form with what is usual in it. */
export function newFileForm(form: FileFormName): PaymentFileSettings['file'] {
  switch (form) {
    case 'csv':
      return { form, columns: [...openG2PColumns], delimiter: ',', lineEnd: 'crlf', byteOrderMark: false }
    case 'pain.001':
      return {
        form,
        debtorBic: '',
        initiatingPartyId: '',
        serviceLevel: '',
        categoryPurpose: 'SSBE',
        chargeBearer: 'SLEV',
        daysUntilExecution: 0,
        letters: 'latin',
      }
    case 'list':
      return { form, note: '' }
    case 'vouchers':
      return { form, configurations: [newVoucherConfiguration()] }
  }
}

type Vouchers = Extract<PaymentFileSettings['file'], { form: 'vouchers' }>

export const newVoucherConfiguration = (): Vouchers['configurations'][number] => ({
  id: newTagId(),
  name: 'Default',
  batchTags: [],
  rendering: 'per-batch',
  fields: ['programme', 'payee', 'amount', 'reference', 'validUntil'],
  note: '',
  validDays: 30,
})

const newFileSettings = (keyId: string): PaymentFileSettings => ({
  file: newFileForm('csv'),
  signing: { keyId, alg: 'EdDSA' },
  results: usualResults,
})

/** A draft that pays by files, with as much of the old one as it can keep: nothing of an endpoint stays. */
export const asFileDraft = (draft: ManagerDraft, keyId: string): ManagerDraft => ({
  ...draft,
  ...withoutEndpoint,
  paymentFile: draft.paymentFile ?? newFileSettings(keyId),
  partSize: 1000,
})
