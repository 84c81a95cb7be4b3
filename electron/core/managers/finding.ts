import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'
import { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { DuplicateProof } from '../conformance/duplicate-proof.ts'
import type { KeyPurpose, KeyType } from '../vault/message-keys.ts'

/** What an administrator decides about a payment manager. */
export const ManagerSettings = PaymentManager.omit({
  id: true,
  changedAt: true,
  changedBy: true,
  removed: true,
  state: true,
  edition: true,
  signature: true,
})
export type ManagerSettings = ReturnType<typeof ManagerSettings.parse>

/** Something about a manager's settings: where, what, and whether they can be kept like that. */
export interface Finding extends Fault {
  /** Path into the settings: `batchTags.0.filter`. */
  readonly path: string
  /** `error` must be mended; `warning` is for the administrator to judge. */
  readonly weight: 'error' | 'warning'
  /** Where in the text of a filter, in UTF-16 units. */
  readonly offset?: number
  readonly length?: number
}

/** What the check needs to know of the office. */
export interface CheckSurroundings {
  readonly training: boolean
  readonly findKeyType: (purpose: KeyPurpose, keyId: string) => KeyType | undefined
  readonly hasClientCertificate: (fingerprint: string) => boolean
  /** Whether this very endpoint is known never to pay a message twice. */
  readonly duplicateProofOf: (settings: ManagerSettings) => DuplicateProof
  readonly isNameTaken: (name: string) => boolean
}

export const at = (
  path: string,
  code: ErrorCode,
  params: Fault['params'] = {},
  weight: Finding['weight'] = 'error',
): Finding => ({
  path,
  code,
  params,
  weight,
})
