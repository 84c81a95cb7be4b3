import type { PaymentHubSettings } from '../../../../shared/model/payment-hub.ts'

export const hubSettings = (more: Partial<PaymentHubSettings> = {}): PaymentHubSettings => ({
  tenant: 'gorilla',
  purpose: 'Social benefits',
  paymentMode: 'MOJALOOP',
  payer: { kind: 'account' },
  payeeIdentifierType: 'MSISDN',
  payeeFsp: '',
  payeeBank: '',
  amounts: 'whole-units',
  fileLimit: 100_000,
  signing: { kind: 'none' },
  stallLimit: 120,
  ...more,
})

export const facts = {
  currency: 'KES',
  payerAddress: 'MSISDN:0413500001',
  programmeName: 'Old age, "grant"',
  cycleName: 'October\n2026',
}
