import { USUAL_LIFETIME } from '../../../shared/model/message-security.ts'
import { type PaymentHubSettings, USUAL_FILE_LIMIT } from '../../../shared/model/payment-hub.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { usualManager } from '../../../shared/rules/usual-manager.ts'
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
  ...usualManager,
  batchTags: [{ id: newTagId(), name: 'Default', filter: '[]', maximumBatchSize: 500 }],
  signing: training
    ? { kind: 'placeholder', sandbox: false }
    : { kind: 'jws', keyId: keyId ?? '', alg: 'EdDSA', lifetime: USUAL_LIFETIME },
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
