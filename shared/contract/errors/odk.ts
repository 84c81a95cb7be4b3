import type { CatalogueEntry } from './entry.ts'

/** ODK Central, and what came from its forms. */
export const odkErrors = {
  /** `host` */
  'odk.wrong-password': { class: 'refused', action: 'ask-administrator' },
  /** `host` */
  'odk.no-right': { class: 'refused', action: 'ask-administrator' },
  /** `form` */
  'odk.unknown-form': { class: 'refused', action: 'ask-administrator' },
  /** `host` */
  'odk.single-sign-on': { class: 'refused', action: 'ask-administrator' },
  /** `host`, `status` */
  'odk.not-central': { class: 'outside', action: 'ask-administrator' },
  /** `host`, `status` */
  'odk.failing': { class: 'outside', action: 'wait' },
  /** `text` of the server */
  'odk.question-refused': { class: 'outside', action: 'ask-administrator' },
  'odk.form-not-named': { class: 'input', action: 'correct' },
  'odk.password-missing': { class: 'refused', action: 'ask-administrator' },
  /** `path` of the question */
  'odk.number-question': { class: 'input', action: 'review' },
  'odk.submission-decided': { class: 'conflict', action: 'reload' },
  'odk.proposal-decided': { class: 'conflict', action: 'reload' },
} as const satisfies Record<string, CatalogueEntry>
