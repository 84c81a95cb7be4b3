import type { CatalogueEntry } from '../contract/errors/entry.ts'

/** A code of the rules: what kind of trouble it is, the one action, and the values its sentence names. */
interface RuleCodeEntry extends CatalogueEntry {
  readonly params: readonly string[]
}

const correct = { class: 'input', action: 'correct', params: [] } as const
const refused = { class: 'refused', action: 'correct', params: [] } as const
const settings = { class: 'refused', action: 'open-settings', params: [] } as const
const review = { class: 'outside', action: 'review', params: [] } as const

/**
 * Every reason that the rules of this folder can give. Sentences: `renderer/i18n/<language>/rules.json`, one per code.
 * The codes in which an outside payment system speaks are in `retry-class.ts`.
 */
export const ruleCodes = {
  'text.control-character': correct,
  'text.line-break': correct,
  'text.bidi-control': correct,
  'text.invisible-character': correct,
  'text.broken-character': correct,
  'text.too-long': { ...correct, params: ['maximum'] },

  'currency.unknown': { ...correct, params: ['currency'] },
  'amount.empty': correct,
  'amount.not-a-number': correct,
  'amount.negative': correct,
  'amount.exponent': correct,
  'amount.ambiguous': correct,
  'amount.grouping': correct,
  'amount.too-precise': { ...correct, params: ['currency', 'digits'] },
  'amount.too-large': { ...correct, params: ['digits'] },
  'amount.zero': correct,
  'amount.not-expressible': { ...settings, params: ['currency'] },
  'amount.sum-too-large': refused,

  'address.empty': correct,
  'address.too-long': { ...correct, params: ['maximum'] },
  'address.bad-character': correct,
  'address.bad-type': correct,
  'address.no-id': correct,
  'address.unclear-provider': correct,
  'address.no-account': correct,
  'address.account-disabled': correct,
  'address.no-account-number': correct,
  'address.bad-account-number': correct,
  'address.no-iban': correct,
  'address.no-bic': correct,
  'address.no-phone': correct,
  'address.phone-disabled': correct,
  'address.no-email': correct,
  'address.email-disabled': correct,
  'address.no-identity-type': settings,
  'address.no-identity': { ...correct, params: ['type'] },
  'address.identity-not-valid': { ...correct, params: ['type'] },
  'address.identity-expired': { ...correct, params: ['type', 'day'] },
  'address.bad-identity': { ...correct, params: ['type'] },
  'address.bad-prefix': settings,
  'address.bad-suffix': settings,

  'iban.empty': correct,
  'iban.bad-characters': correct,
  'iban.unknown-country': { ...correct, params: ['country'] },
  'iban.wrong-length': { ...correct, params: ['country'] },
  'iban.bad-format': { ...correct, params: ['country'] },
  'iban.bad-checksum': correct,
  'bic.empty': correct,
  'bic.bad-format': correct,
  'phone.empty': correct,
  'phone.several': correct,
  'phone.extension': correct,
  'phone.no-country': correct,
  'phone.too-short': correct,
  'phone.too-long': correct,
  'phone.not-valid': correct,
  'email.empty': correct,
  'email.too-long': { ...correct, params: ['maximum'] },
  'email.several': correct,
  'email.bad-format': correct,
  'email.not-ascii': correct,

  'payee.removed': correct,
  'payee.deceased': correct,
  'payee.no-head': correct,
  'payee.head-ended': correct,
  'payee.head-deceased': correct,
  'payee.head-removed': correct,
  'payee.several-heads': { ...correct, params: ['count'] },
  'payee.several-principals': { ...correct, params: ['count'] },
  'payee.several-alternates': { ...correct, params: ['count'] },

  'grouping.no-tags': settings,
  'grouping.no-catch-all': settings,
  'grouping.bad-size': { ...settings, params: ['tag'] },
  'grouping.listed-twice': refused,

  'preflight.registrant-removed': correct,
  'preflight.registrant-deceased': correct,
  'preflight.not-enrolled': correct,
  'preflight.enrolment-paused': correct,
  'preflight.enrolment-exited': correct,
  'preflight.entitlement-not-approved': correct,
  'preflight.entitlement-twice': refused,
  'preflight.currency-mismatch': { ...correct, params: ['currency', 'expected'] },
  'preflight.person-twice': { ...correct, params: ['count'] },
  'preflight.address-twice': { ...correct, params: ['count'] },
  'preflight.amount-unusual': { ...correct, params: ['amount', 'usual'] },
  'preflight.fund-exceeded': { ...correct, params: ['over', 'fund'] },
  'preflight.ceiling-exceeded': { ...correct, params: ['over', 'ceiling'] },
  'preflight.manager-suspended': settings,
  'preflight.programme-ended': refused,
  'preflight.cycle-not-approved': refused,

  'payment.move-not-allowed': { ...refused, params: ['state', 'event'] },
  'payment.unclear': { ...review, action: 'check-now' },
  'payment.undecidable': review,
  'payment.cannot-be-asked': review,
  'payment.bank-error': review,
  'payment.contradiction': review,
  'payment.mismatch': review,
  'payment.duplicate-on-first-send': review,
  'payment.not-final': { ...refused, action: 'check-now' },
  'payment.look-up-first': { ...refused, class: 'waiting', action: 'check-now' },
  'payment.look-up-again': { ...refused, class: 'waiting', action: 'wait' },
  'payment.needs-decision': { ...refused, action: 'ask-other-officer' },
  'payment.no-proof': { ...refused, action: 'review' },

  'batch.returned-after-claim': { ...review, class: 'conflict' },
  'batch.cancelled-after-claim': { ...review, class: 'conflict' },
  'batch.approval-overtaken': { ...review, class: 'conflict' },
  'decide.not-active': { ...refused, action: 'ask-administrator' },
  'decide.not-approver': { ...refused, action: 'ask-other-officer' },
  'decide.maker': { ...refused, action: 'ask-other-officer' },
  'decide.sponsored-by-maker': { ...refused, action: 'ask-other-officer' },
  'decide.sponsored-by-approver': { ...refused, action: 'ask-other-officer' },
  'decide.already-decided': { ...refused, action: 'ask-other-officer' },
  'decide.not-submitted': { ...refused, action: 'reload' },
  'decide.changed': { ...refused, class: 'conflict', action: 'reload' },

  'statement.not-prepared': refused,
  'statement.not-sent': refused,
  'statement.blocked': correct,
  'statement.cancelled': refused,
  'statement.rejected': { ...review, action: 'correct' },
  'statement.unknown': { ...review, action: 'check-now' },
  'statement.in-review': review,
  'statement.awaiting-answer': { ...review, class: 'waiting', action: 'wait' },
  'statement.reversed': review,
  'statement.amount-differs': review,
  'statement.paid-twice': review,
  'statement.no-entitlement': review,
} as const satisfies Record<string, RuleCodeEntry>

export type RuleCode = keyof typeof ruleCodes

/** The values that a code's sentence names. */
export type RuleParams<C extends RuleCode> = Readonly<Record<(typeof ruleCodes)[C]['params'][number], string | number>>
