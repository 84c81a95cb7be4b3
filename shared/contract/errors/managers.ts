import type { CatalogueEntry } from './entry.ts'

/** What can be wrong with the settings of a payment manager. */
export const managerErrors = {
  'manager.name-taken': { class: 'input', action: 'correct' },
  'manager.value-needed': { class: 'input', action: 'correct' },
  'manager.bad-value': { class: 'input', action: 'correct' },
  /** `largest`: payments that one message may have */
  'manager.part-too-large': { class: 'input', action: 'correct' },
  'manager.url-invalid': { class: 'input', action: 'correct' },
  'manager.url-with-password': { class: 'input', action: 'correct' },
  'manager.url-not-encrypted': { class: 'refused', action: 'correct' },
  'manager.url-plain-local': { class: 'refused', action: 'correct' },
  'manager.url-outside-training': { class: 'refused', action: 'correct' },
  'manager.profile-takes-not': { class: 'refused', action: 'review' },
  'manager.profile-never-protects': { class: 'refused', action: 'correct' },
  /** `name` */
  'manager.tag-name-twice': { class: 'input', action: 'correct' },
  /** `name` of the tag that takes everyone too early */
  'manager.tag-takes-all': { class: 'input', action: 'correct' },
  /** `code` */
  'manager.code-means-received': { class: 'refused', action: 'correct' },
  /** `code` */
  'manager.code-uncertain': { class: 'refused', action: 'review' },
  'manager.unsigned-sandbox': { class: 'refused', action: 'review' },
  'manager.receiver-key-needed': { class: 'input', action: 'correct' },
  'manager.encryption-key-unusable': { class: 'input', action: 'correct' },
  'manager.decryption-key-missing': { class: 'refused', action: 'correct' },
  'manager.receiver-key-unusable': { class: 'input', action: 'correct' },
  'manager.certificate-unusable': { class: 'input', action: 'correct' },
  /** `day` */
  'manager.certificate-expired': { class: 'input', action: 'correct' },
  /** `name` of a header that the office or HTTP itself writes */
  'manager.header-reserved': { class: 'input', action: 'correct' },
  'manager.header-twice': { class: 'input', action: 'correct' },
  'manager.hub-names-no-bank': { class: 'refused', action: 'review' },
  'manager.hub-other-identifier': { class: 'refused', action: 'review' },
  'manager.secret-missing': { class: 'refused', action: 'correct' },
  'manager.no-secret-wanted': { class: 'refused', action: 'correct' },
  /** `count` of batches that need a new approval */
  'manager.approvals-lost': { class: 'refused', action: 'review' },
  'manager.approvals-need-word': { class: 'conflict', action: 'review' },
} as const satisfies Record<string, CatalogueEntry>
