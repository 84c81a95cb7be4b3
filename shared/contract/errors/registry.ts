import type { CatalogueEntry } from './entry.ts'

const correct = { class: 'input', action: 'correct' } as const
const refused = { class: 'refused', action: 'correct' } as const

/** What can be wrong with a registrant, a membership, an import or an export. */
export const registryErrors = {
  'registry.name-missing': correct,
  'registry.bad-day': correct,
  'registry.day-in-future': correct,
  'registry.day-too-early': correct,
  'registry.bad-gender': correct,
  'registry.bad-mode-of-payment': correct,
  'registry.bad-membership-kind': correct,
  'registry.bad-identity-status': correct,
  'registry.bad-consent': correct,
  /** Of a row that is taken all the same. */
  'registry.consent-stays-withdrawn': { class: 'input', action: 'review' },
  'registry.died-before-birth': correct,
  'registry.ended-before-start': correct,
  /** `maximum` */
  'registry.too-many-tags': correct,
  /** `maximum` */
  'registry.too-many-contacts': correct,
  'registry.account-empty': correct,
  'registry.bad-account-number': correct,
  'registry.number-taken': correct,
  'registry.number-missing': correct,
  'registry.identity-missing': correct,
  'registry.identity-type-missing': correct,
  'registry.identity-taken': correct,
  'registry.not-a-group': correct,
  'registry.not-an-individual': correct,
  'registry.group-has-no-death': refused,
  'registry.already-a-member': refused,
  'registry.other-head': refused,
  'registry.is-removed': { class: 'conflict', action: 'reload' },
  'registry.being-imported': { class: 'waiting', action: 'wait' },

  'registry.import-running': { class: 'waiting', action: 'wait' },
  'registry.import-state': { class: 'conflict', action: 'reload' },
  'registry.upload-gone': { class: 'conflict', action: 'try-again' },
  /** `megabytes` */
  'registry.upload-too-large': correct,
  'registry.upload-incomplete': { class: 'input', action: 'try-again' },
  'registry.file-empty': correct,
  'registry.file-no-rows': correct,
  'registry.file-not-a-table': correct,
  'registry.file-damaged': correct,
  'registry.file-too-large': correct,
  /** `row` */
  'registry.file-unclosed-quote': correct,
  /** `maximum` */
  'registry.file-too-many-columns': correct,
  /** `row` */
  'registry.cell-too-large': correct,
  /** `field` */
  'registry.mapping-incomplete': correct,
  /** `column` */
  'registry.mapping-twice': correct,
  /** `maximum` */
  'registry.too-many-chosen': correct,
  'registry.row-too-long': correct,
  'registry.row-changed-meanwhile': { class: 'conflict', action: 'try-again' },
  /** `row` */
  'registry.twice-in-file': correct,
  'registry.already-there': correct,
  'registry.other-kind-there': correct,
  'registry.head-differs': correct,
  'registry.unknown-group': correct,
  'registry.unknown-individual': correct,
  'registry.several-heads-in-file': correct,
  /** A warning: `name` is never given. */
  'registry.looks-alike': { class: 'input', action: 'review' },
  'registry.same-contact': { class: 'input', action: 'review' },
  'registry.no-number': { class: 'input', action: 'review' },
  /** `count` */
  'registry.undo-changed': refused,
  /** `count` */
  'registry.undo-used': refused,
  /** `maximum` */
  'registry.export-too-large': refused,
} as const satisfies Record<string, CatalogueEntry>
