import type { CatalogueEntry } from './entry.ts'

/** Connectors to a token seeder, their runs, and consent. */
export const tokenisationErrors = {
  'tokenisation.name-taken': { class: 'input', action: 'correct' },
  'tokenisation.value-needed': { class: 'input', action: 'correct' },
  'tokenisation.bad-value': { class: 'input', action: 'correct' },
  'tokenisation.url-invalid': { class: 'input', action: 'correct' },
  'tokenisation.url-with-password': { class: 'input', action: 'correct' },
  'tokenisation.url-not-encrypted': { class: 'refused', action: 'correct' },
  'tokenisation.url-outside-training': { class: 'refused', action: 'correct' },
  'tokenisation.mapping-invalid': { class: 'input', action: 'correct' },
  /** `fact`, `key` */
  'tokenisation.mapping-key-invalid': { class: 'input', action: 'correct' },
  /** `fact`, `key` that is not among the fields */
  'tokenisation.mapping-unknown-field': { class: 'input', action: 'correct' },
  /** `field` */
  'tokenisation.field-unknown': { class: 'input', action: 'correct' },
  /** `field` that no part of the mapping uses */
  'tokenisation.field-unused': { class: 'input', action: 'review' },
  'tokenisation.types-equal': { class: 'input', action: 'correct' },
  'tokenisation.schedule-missing': { class: 'input', action: 'correct' },
  'tokenisation.dates-reversed': { class: 'input', action: 'correct' },
  /** `text` of jq */
  'tokenisation.program-invalid': { class: 'input', action: 'correct' },
  /** `word` */
  'tokenisation.program-forbidden': { class: 'refused', action: 'correct' },
  /** `word` */
  'tokenisation.program-newer': { class: 'input', action: 'review' },
  'tokenisation.program-no-status': { class: 'input', action: 'review' },
  'tokenisation.program-too-slow': { class: 'input', action: 'correct' },
  'tokenisation.form-unknown': { class: 'input', action: 'correct' },
  'tokenisation.password-missing': { class: 'refused', action: 'correct' },
  'tokenisation.cannot-be-called': { class: 'refused', action: 'open-settings' },
  'tokenisation.no-centre': { class: 'refused', action: 'open-settings' },
  'tokenisation.callback-user-missing': { class: 'input', action: 'correct' },
  'tokenisation.runs-elsewhere': { class: 'refused', action: 'ask-administrator' },
  'tokenisation.untrusted': { class: 'refused', action: 'ask-administrator' },
  'tokenisation.not-started': { class: 'refused', action: 'ask-administrator' },
  'tokenisation.no-such-run': { class: 'conflict', action: 'reload' },
  'tokenisation.run-ended': { class: 'conflict', action: 'reload' },
  'tokenisation.nobody-chosen': { class: 'input', action: 'correct' },
  'tokenisation.duplicate-decided': { class: 'conflict', action: 'reload' },
  'tokenisation.consent-in-future': { class: 'input', action: 'correct' },
  /** `code`, `text` of the seeder */
  'tokenisation.seeder-refuses': { class: 'outside', action: 'ask-administrator' },
  'tokenisation.seeder-synchronous': { class: 'outside', action: 'ask-administrator' },
  'tokenisation.formats-ignored': { class: 'outside', action: 'ask-administrator' },
  /** `status` */
  'tokenisation.not-a-seeder': { class: 'outside', action: 'ask-administrator' },
  /** `code` of the seeder, or empty */
  'tokenisation.seeder-failing': { class: 'outside', action: 'wait' },
  'tokenisation.answer-unreadable': { class: 'outside', action: 'ask-administrator' },
  'tokenisation.call-not-believed': { class: 'outside', action: 'wait' },
  'tokenisation.waiting-for-answers': { class: 'waiting', action: 'wait' },
} as const satisfies Record<string, CatalogueEntry>
