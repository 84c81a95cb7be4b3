import type { ManagerSettings } from '../../../electron/core/managers/finding.ts'
import { USUAL_LIFETIME } from '../../../shared/model/message-security.ts'
import { usualManager } from '../../../shared/rules/usual-manager.ts'

/** Settings of a manager that a real office may keep, once the signing key is in its vault. */
export const managerSettings = (keyId: string, change: Partial<ManagerSettings> = {}): ManagerSettings => ({
  ...usualManager,
  name: 'National payment switch',
  batchTags: [
    {
      id: 'digital',
      name: 'Digital',
      filter: "[('partner_id.mode_of_payment', '=', 'digital')]",
      maximumBatchSize: 500,
    },
    { id: 'rest', name: 'Everybody else', filter: '[]', maximumBatchSize: 500 },
  ],
  payeePrefix: 'account_no:',
  paymentEndpointUrl: 'https://switch.example.org/disburse',
  statusEndpointUrl: 'https://switch.example.org/status',
  payerAddress: 'account_no:900100@TREASURY',
  payerName: 'Ministry of Social Affairs',
  senderId: 'district-office-7',
  receiverId: 'switch',
  statusAction: 'status',
  signing: { kind: 'jws', keyId, alg: 'EdDSA', lifetime: USUAL_LIFETIME },
  ...change,
})
