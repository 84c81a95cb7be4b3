import type { CatalogueEntry } from './entry.ts'

/** What can be wrong with changes that travel in a file, and with a batch that is handed over. */
export const centralFileErrors = {
  'central-files.not-a-file': { class: 'input', action: 'correct' },
  'central-files.damaged': { class: 'input', action: 'correct' },
  'central-files.from-the-future': { class: 'refused', action: 'ask-administrator' },
  /** `district` */
  'central-files.other-district': { class: 'refused', action: 'correct' },
  'central-files.not-for-us': { class: 'refused', action: 'correct' },
  'central-files.own-file': { class: 'refused', action: 'correct' },
  'central-files.signer-unknown': { class: 'refused', action: 'ask-administrator' },
  'central-files.signer-untrusted': { class: 'refused', action: 'ask-administrator' },
  'central-files.signature-invalid': { class: 'refused', action: 'ask-administrator' },
  'central-files.old-epoch': { class: 'refused', action: 'ask-administrator' },
  /** `office` */
  'central-files.office-revoked': { class: 'refused', action: 'ask-administrator' },
  'central-files.no-recipient': { class: 'input', action: 'correct' },
  'central-files.card-invalid': { class: 'input', action: 'correct' },
  'central-files.busy': { class: 'waiting', action: 'wait' },
  'central-files.gone': { class: 'input', action: 'try-again' },
  'central-files.key-missing': { class: 'input', action: 'correct' },
  'central-files.no-trust-root': { class: 'refused', action: 'ask-administrator' },

  'central-files.handed-over': { class: 'refused', action: 'review' },
  'central-files.not-to-hand-over': { class: 'refused', action: 'review' },
  'central-files.release-invalid': { class: 'refused', action: 'ask-administrator' },
} as const satisfies Record<string, CatalogueEntry>
