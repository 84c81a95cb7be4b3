import type { CatalogueEntry } from './entry.ts'

/** What keeps the office and the central server apart, and what became of records between them. */
export const centralErrors = {
  'central.not-configured': { class: 'refused', action: 'open-settings' },
  'central.url-not-encrypted': { class: 'input', action: 'correct' },
  'central.authority-unreadable': { class: 'input', action: 'correct' },
  'central.password-missing': { class: 'input', action: 'correct' },
  /** `host` */
  'central.unreachable': { class: 'waiting', action: 'wait' },
  /** `host` */
  'central.sign-in-refused': { class: 'outside', action: 'open-settings' },
  /** `host` */
  'central.not-allowed': { class: 'outside', action: 'ask-administrator' },
  /** `host`, `status` */
  'central.server-error': { class: 'outside', action: 'wait' },
  /** `host` */
  'central.not-understood': { class: 'outside', action: 'ask-administrator' },
  /** `host` */
  'central.no-district': { class: 'outside', action: 'ask-administrator' },
  'central.other-trust-root': { class: 'refused', action: 'ask-administrator' },
  /** Too few nodes of a cluster have it; it is looked at again. */
  'central.not-safe-yet': { class: 'waiting', action: 'wait' },
  /** The server is another one, or an older state of it. */
  'central.server-changed': { class: 'refused', action: 'ask-administrator' },
  /** `count`, `kind` */
  'central.removal-guard': { class: 'refused', action: 'ask-administrator' },
  /** `reason` as the server's rules say it */
  'central.write-refused': { class: 'refused', action: 'review' },
  /** Its rules do not know this kind of record. */
  'central.rules-older': { class: 'refused', action: 'ask-administrator' },
  /** Its user is none of the district's offices. */
  'central.no-right-to-write': { class: 'refused', action: 'ask-administrator' },
  'central.too-large': { class: 'broken', action: 'save-diagnostics' },

  /** `office`, `since` */
  'central.claimed-elsewhere': { class: 'refused', action: 'review' },
  /** `count`, `office` */
  'central.payments-claimed-elsewhere': { class: 'refused', action: 'review' },
  'central.claim-in-conflict': { class: 'refused', action: 'ask-administrator' },
  /** `office` */
  'central.claim-lost': { class: 'refused', action: 'review' },
  'central.cancelled-elsewhere': { class: 'refused', action: 'review' },
  'central.held-elsewhere': { class: 'waiting', action: 'wait' },
  /** Held here before anything was sent, so that only this office can send it. */
  'central.let-go-elsewhere': { class: 'refused', action: 'review' },
  'central.office-revoked': { class: 'refused', action: 'ask-administrator' },
  /** A newer copy of this very office sends. */
  'central.office-superseded': { class: 'refused', action: 'ask-administrator' },
  /** The records of a batch go to the central server before the batch does to the payment system. */
  'central.records-first': { class: 'waiting', action: 'wait' },
  /** Time went by between the central server's word and the message; it is asked again. */
  'central.confirmed-long-ago': { class: 'waiting', action: 'wait' },
  'central.still-arriving': { class: 'waiting', action: 'wait' },
  'central.take-over-not-ready': { class: 'refused', action: 'check-now' },
  'central.nothing-to-take-over': { class: 'conflict', action: 'reload' },
  'central.payee-changed': { class: 'refused', action: 'review' },

  'central.officer-untrusted': { class: 'refused', action: 'ask-administrator' },
  'central.manager-untrusted': { class: 'refused', action: 'ask-administrator' },
  'central.connector-untrusted': { class: 'refused', action: 'ask-administrator' },
  'central.sign-in-provider-untrusted': { class: 'refused', action: 'ask-administrator' },
  'central.decision-invalid': { class: 'refused', action: 'ask-administrator' },
  /** `kind` */
  'central.record-invalid': { class: 'refused', action: 'ask-administrator' },
  /** `kind` */
  'central.record-rewritten': { class: 'refused', action: 'ask-administrator' },
  /** `kind` */
  'central.older-edition': { class: 'refused', action: 'ask-administrator' },
  /** `kind` */
  'central.deleted-there': { class: 'refused', action: 'ask-administrator' },
  'central.conflict-settled': { class: 'conflict', action: 'reload' },
} as const satisfies Record<string, CatalogueEntry>
