import type { PayeeIdType } from '../../../shared/model/payment-manager.ts'
import type { ManagerDraft } from './manager-draft.ts'

const samples: Readonly<Record<PayeeIdType, string>> = {
  bank_acc_no: '10001@ABCDETAA',
  bank_acc_iban: 'ET12…@ABCDETAA',
  phone: '+251911234567',
  email: 'almaz@example.org',
  reg_id: '12345',
  mapper: '…',
}

/** How a payee's address looks with these settings. */
export function sampleAddress({
  payeeIdType,
  payeePrefix,
  payeeSuffix,
}: Pick<ManagerDraft, 'payeeIdType' | 'payeePrefix' | 'payeeSuffix'>): string {
  return `${payeePrefix}${samples[payeeIdType]}${payeeIdType.startsWith('bank') ? '' : payeeSuffix}`
}
