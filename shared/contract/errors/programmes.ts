import type { CatalogueEntry } from './entry.ts'

/** What the rules about programmes, enrolments, cycles and entitlements refuse. */
export const programmeErrors = {
  'programme.ended': { class: 'refused', action: 'ask-administrator' },
  'programme.currency-fixed': { class: 'refused', action: 'correct' },
  'programme.target-fixed': { class: 'refused', action: 'correct' },
  /** `open` cycles */
  'programme.cycles-open': { class: 'refused', action: 'correct' },
  /** `fund`, `granted` as plain amounts */
  'programme.fund-below-granted': { class: 'input', action: 'correct' },
  'programme.no-rule': { class: 'refused', action: 'open-settings' },
  'programme.name-taken': { class: 'input', action: 'correct' },

  'enrolment.already-enrolled': { class: 'input', action: 'correct' },
  'enrolment.exited': { class: 'input', action: 'correct' },
  'enrolment.deceased': { class: 'input', action: 'correct' },
  'enrolment.removed': { class: 'input', action: 'correct' },
  'enrolment.wrong-kind': { class: 'input', action: 'correct' },
  'enrolment.paused': { class: 'refused', action: 'correct' },
  'enrolment.not-enrolled': { class: 'refused', action: 'correct' },
  'enrolment.unknown-number': { class: 'input', action: 'correct' },
  'enrolment.number-twice': { class: 'input', action: 'correct' },
  'enrolment.move-not-allowed': { class: 'refused', action: 'reload' },

  'cycle.move-not-allowed': { class: 'refused', action: 'reload' },
  'cycle.not-open': { class: 'refused', action: 'correct' },
  'cycle.dates': { class: 'input', action: 'correct' },
  'cycle.nothing-entitled': { class: 'refused', action: 'correct' },
  'cycle.generation-unfinished': { class: 'refused', action: 'try-again' },
  /** `drafts` */
  'cycle.drafts-left': { class: 'refused', action: 'correct' },
  /** `ceiling`, `wanted`, `over` as plain amounts */
  'cycle.ceiling-exceeded': { class: 'refused', action: 'correct' },
  /** `fund`, `wanted`, `over` as plain amounts */
  'cycle.fund-exceeded': { class: 'refused', action: 'ask-administrator' },
  'cycle.maker': { class: 'refused', action: 'ask-other-officer' },
  'cycle.sponsored-by-maker': { class: 'refused', action: 'ask-other-officer' },
  /** `count` payments that have not left */
  'cycle.not-all-sent': { class: 'refused', action: 'review' },
  /** `count` payments whose outcome is open */
  'cycle.payments-open': { class: 'refused', action: 'review' },
  'cycle.open-payments-changed': { class: 'conflict', action: 'reload' },
  'cycle.has-payments': { class: 'refused', action: 'review' },
  'cycle.busy': { class: 'waiting', action: 'wait' },
  'cycle.no-previous': { class: 'refused', action: 'correct' },

  'entitlement.move-not-allowed': { class: 'refused', action: 'reload' },
  'entitlement.has-payment': { class: 'refused', action: 'review' },
  'entitlement.not-draft': { class: 'refused', action: 'reload' },
  'entitlement.twice': { class: 'input', action: 'correct' },
  'entitlement.already-decided': { class: 'input', action: 'correct' },
  'entitlement.code-invalid': { class: 'input', action: 'correct' },
} as const satisfies Record<string, CatalogueEntry>
