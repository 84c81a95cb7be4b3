import type { CatalogueEntry } from './entry.ts'

/** What holds up a batch on its way, a job in the outbox, or the word of a payment system. */
export const dispatchErrors = {
  /** `minutes` */
  'clock.skewed': { class: 'waiting', action: 'wait' },
  /** `minutes` */
  'clock.behind': { class: 'waiting', action: 'wait' },

  'outbox.job-moved-on': { class: 'conflict', action: 'reload' },
  /** `minutes` */
  'outbox.interval-too-short': { class: 'input', action: 'correct' },

  'dispatch.not-approved': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.approval-invalid': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.approval-lapsed': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.changed-since-approval': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.manager-changed': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.manager-suspended': { class: 'refused', action: 'open-settings' },
  'dispatch.manager-untrusted': { class: 'refused', action: 'ask-administrator' },
  'dispatch.held': { class: 'waiting', action: 'wait' },
  'dispatch.stopped': { class: 'waiting', action: 'wait' },
  'dispatch.filtered-out': { class: 'refused', action: 'open-settings' },
  'dispatch.no-claim': { class: 'refused', action: 'ask-administrator' },
  'dispatch.payments-moved': { class: 'refused', action: 'review' },
  'dispatch.sent-before-restore': { class: 'refused', action: 'review' },
  'dispatch.too-late-to-cancel': { class: 'refused', action: 'review' },
  'dispatch.not-on-its-way': { class: 'conflict', action: 'reload' },
  /** `code` as the payment system said it */
  'dispatch.refused': { class: 'outside', action: 'open-settings' },
  'dispatch.outcome-unknown': { class: 'waiting', action: 'wait' },
  'dispatch.resend-needs-approval': { class: 'outside', action: 'review' },
  'dispatch.resend-not-ready': { class: 'refused', action: 'check-now' },
  'dispatch.resend-by-maker': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.needs-evidence': { class: 'outside', action: 'review' },
  'dispatch.in-review': { class: 'outside', action: 'review' },
  'dispatch.evidence-not-open': { class: 'conflict', action: 'reload' },
  'dispatch.evidence-same-officer': { class: 'refused', action: 'ask-other-officer' },
  'dispatch.evidence-sponsored': { class: 'refused', action: 'ask-other-officer' },
  /** What it says is not open about this payment, or not any more. */
  'dispatch.evidence-does-not-fit': { class: 'refused', action: 'reload' },
  'dispatch.evidence-needs-payment': { class: 'refused', action: 'reload' },

  'dispatch.restored': { class: 'refused', action: 'ask-administrator' },
  'dispatch.moved': { class: 'refused', action: 'ask-administrator' },
  'dispatch.journal-lost': { class: 'refused', action: 'ask-administrator' },
  'dispatch.looking-up-after-restore': { class: 'waiting', action: 'check-now' },
  'dispatch.nothing-to-confirm': { class: 'conflict', action: 'reload' },

  /** `host` */
  'channel.reply-not-understood': { class: 'outside', action: 'check-now' },
  /** `host` */
  'channel.reply-not-signed': { class: 'outside', action: 'ask-administrator' },
  /** `host`, `status` */
  'channel.server-error': { class: 'outside', action: 'check-now' },
  /** `host`, `code` */
  'channel.request-refused': { class: 'outside', action: 'open-settings' },
  /** `host` */
  'channel.too-many-requests': { class: 'waiting', action: 'wait' },
  /** `host` */
  'channel.sign-in-refused': { class: 'outside', action: 'open-settings' },
  /** `profile` */
  'channel.profile-unknown': { class: 'refused', action: 'open-settings' },
  'channel.too-many-batches': { class: 'outside', action: 'ask-administrator' },
  'channel.no-secret': { class: 'refused', action: 'open-settings' },
  'channel.no-client-certificate': { class: 'refused', action: 'open-settings' },
  'channel.no-signing-key': { class: 'refused', action: 'open-settings' },
  'channel.signing-key-unfit': { class: 'refused', action: 'open-settings' },
  'channel.no-encryption-key': { class: 'refused', action: 'open-settings' },
  /** `host` */
  'channel.keys-unreadable': { class: 'outside', action: 'ask-administrator' },
  /** `host` */
  'channel.reply-not-decrypted': { class: 'outside', action: 'ask-administrator' },
  'channel.unsigned-outside-training': { class: 'refused', action: 'open-settings' },
  'channel.message-changed': { class: 'broken', action: 'save-diagnostics' },
} as const satisfies Record<string, CatalogueEntry>
