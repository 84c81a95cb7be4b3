import type { CatalogueEntry } from './entry.ts'

/** Payments by file: copies that leave the office, and results that come back. */
export const fileErrors = {
  'files.not-by-file': { class: 'conflict', action: 'reload' },
  /** The file is not made yet: the batch has not had its turn. */
  'files.not-made': { class: 'waiting', action: 'wait' },
  /** `number` of the latest copy. */
  'files.copy-needs-reason': { class: 'input', action: 'correct' },
  'files.withdrawn': { class: 'refused', action: 'review' },
  /** Some of its payments are being made anew, or are under review. */
  'files.payments-moved-on': { class: 'refused', action: 'review' },
  /** A copy was taken, or may have been in an earlier life of the store. */
  'files.may-be-outside': { class: 'refused', action: 'review' },
  /** The reason code of payments whose file was never handed out. */
  'files.never-handed-out': { class: 'refused', action: 'review' },
  /** The reason code of payments about which results came although no copy of their file was taken. */
  'files.not-handed-out': { class: 'outside', action: 'review' },
  'files.results-too-large': { class: 'input', action: 'correct' },
  'files.results-html': { class: 'input', action: 'correct' },
  'files.results-encoding': { class: 'input', action: 'correct' },
  /** `column` */
  'files.results-no-column': { class: 'input', action: 'correct' },
  /** `column` */
  'files.results-column-twice': { class: 'input', action: 'correct' },
  'files.results-no-lines': { class: 'input', action: 'correct' },
  'files.results-doctype': { class: 'refused', action: 'correct' },
  'files.results-not-xml': { class: 'input', action: 'correct' },
  'files.results-other-report': { class: 'input', action: 'correct' },
  'files.results-changed': { class: 'conflict', action: 'reload' },
  'files.results-known': { class: 'refused', action: 'correct' },
  'files.voucher-invalid': { class: 'refused', action: 'review' },
} as const satisfies Record<string, CatalogueEntry>
