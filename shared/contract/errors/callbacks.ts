import type { CatalogueEntry } from './entry.ts'

/** What keeps the receiver of callbacks from listening, and why a call was not simply applied. */
export const callbackErrors = {
  /** `port` */
  'callback.port-taken': { class: 'refused', action: 'correct' },
  /** `port` */
  'callback.port-forbidden': { class: 'refused', action: 'correct' },
  /** `address` */
  'callback.address-gone': { class: 'refused', action: 'correct' },
  'callback.certificate-unusable': { class: 'input', action: 'correct' },
  'callback.certificate-missing': { class: 'input', action: 'correct' },
  'callback.no-address': { class: 'refused', action: 'correct' },
  'callback.inbox-not-encrypted': { class: 'input', action: 'correct' },
  /** `host`, `status` */
  'callback.inbox-refused': { class: 'outside', action: 'open-settings' },
  /** `host` */
  'callback.inbox-not-understood': { class: 'outside', action: 'open-settings' },

  'callback.not-understood': { class: 'outside', action: 'wait' },
  'callback.signature-invalid': { class: 'outside', action: 'wait' },
  'callback.signature-not-checked': { class: 'outside', action: 'wait' },
  'callback.not-signed': { class: 'outside', action: 'wait' },
  'callback.no-time': { class: 'outside', action: 'wait' },
  'callback.from-the-future': { class: 'outside', action: 'wait' },
  'callback.too-old': { class: 'outside', action: 'wait' },
  'callback.not-for-us': { class: 'outside', action: 'wait' },
  'callback.nobody-known': { class: 'outside', action: 'wait' },
  'callback.no-manager': { class: 'outside', action: 'wait' },
} as const satisfies Record<string, CatalogueEntry>
