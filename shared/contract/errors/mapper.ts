import type { CatalogueEntry } from './entry.ts'

/** Asking an account mapper, and what its words mean for payments on their way. */
export const mapperErrors = {
  'mapper.not-used': { class: 'refused', action: 'open-settings' },
  'mapper.nobody-to-ask': { class: 'refused', action: 'correct' },
  'mapper.no-secret': { class: 'refused', action: 'open-settings' },
  'mapper.no-signing-key': { class: 'refused', action: 'open-settings' },
  'mapper.signing-key-unfit': { class: 'refused', action: 'open-settings' },
  /** `host` */
  'mapper.sign-in-refused': { class: 'outside', action: 'open-settings' },
  /** `host`, `code` as the mapper said it */
  'mapper.request-refused': { class: 'outside', action: 'open-settings' },
  /** `host` */
  'mapper.reply-not-signed': { class: 'outside', action: 'ask-administrator' },
  /** `host` */
  'mapper.reply-not-understood': { class: 'outside', action: 'ask-administrator' },
  /** `host` */
  'mapper.answer-to-another': { class: 'outside', action: 'ask-administrator' },
  /** `host`, `status` */
  'mapper.failing': { class: 'outside', action: 'wait' },
  /** `host` */
  'mapper.too-many-requests': { class: 'waiting', action: 'wait' },

  /** `count` of the payments in a message were not answered for */
  'mapper.some-unanswered': { class: 'waiting', action: 'wait' },
  /** Of a payment: the mapper names another account than was approved, or none. */
  'mapper.payee-changed': { class: 'refused', action: 'review' },
  'mapper.payee-vanished': { class: 'refused', action: 'review' },
  /** Of a payment: an officer said that it stays out. */
  'mapper.left-out': { class: 'refused', action: 'review' },
  /** `count` payments of a batch that were not sent for it */
  'mapper.payees-changed': { class: 'refused', action: 'review' },
  /** `count` of `total` in one message: more likely the mapper's fault than the people's doing */
  'mapper.many-changed': { class: 'outside', action: 'review' },
  'mapper.changed-since-sent': { class: 'outside', action: 'review' },
  'mapper.checked-long-ago': { class: 'waiting', action: 'wait' },
  'mapper.not-set-apart': { class: 'conflict', action: 'reload' },

  'mapper.template-unusable': { class: 'input', action: 'correct' },
  'mapper.provider-twice': { class: 'input', action: 'correct' },
  'mapper.signing-unfit': { class: 'input', action: 'correct' },
  'mapper.two-sign-ins': { class: 'input', action: 'correct' },
  'mapper.unsigned': { class: 'input', action: 'review' },
} as const satisfies Record<string, CatalogueEntry>
