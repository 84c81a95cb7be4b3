import type { CatalogueEntry } from './entry.ts'

/** What keeps `central:setup` from preparing a server, beside the codes of a failed request. */
export const centralSetupErrors = {
  'central-setup.url-invalid': { class: 'input', action: 'correct' },
  'central-setup.url-with-credentials': { class: 'input', action: 'correct' },
  'central-setup.no-credentials': { class: 'input', action: 'correct' },
  /** `code` */
  'central-setup.district-invalid': { class: 'input', action: 'correct' },
  /** `office` */
  'central-setup.office-invalid': { class: 'input', action: 'correct' },
  'central-setup.trust-root-invalid': { class: 'input', action: 'correct' },
  /** `host` */
  'central-setup.unreachable': { class: 'outside', action: 'try-again' },
  /** `host` */
  'central-setup.not-couchdb': { class: 'outside', action: 'correct' },
  /** `host`, `version` */
  'central-setup.too-old': { class: 'outside', action: 'ask-administrator' },
  /** `host` */
  'central-setup.wrong-password': { class: 'input', action: 'correct' },
  /** `host`, `user` */
  'central-setup.not-administrator': { class: 'refused', action: 'ask-administrator' },
  /** `name` of the database */
  'central-setup.newer': { class: 'refused', action: 'ask-administrator' },
  /** `name` of the database */
  'central-setup.partitioned': { class: 'refused', action: 'ask-administrator' },
  /** `code` */
  'central-setup.other-district': { class: 'refused', action: 'ask-administrator' },
  'central-setup.other-trust-root': { class: 'refused', action: 'ask-administrator' },
  /** `user` */
  'central-setup.user-of-another': { class: 'refused', action: 'correct' },
  /** `office` */
  'central-setup.office-removed': { class: 'refused', action: 'correct' },
  /** `office` */
  'central-setup.no-such-office': { class: 'input', action: 'correct' },
  /** `name` of the database */
  'central-setup.no-such-district': { class: 'input', action: 'correct' },
  /** `host`, `status`, `name` of what was to be made */
  'central-setup.refused': { class: 'outside', action: 'ask-administrator' },
  /** `name` of what was to be made */
  'central-setup.not-safe-yet': { class: 'outside', action: 'try-again' },
  /** `name` of what was to be made */
  'central-setup.somebody-faster': { class: 'conflict', action: 'try-again' },
} as const satisfies Record<string, CatalogueEntry>
