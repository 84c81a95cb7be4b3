import type { CatalogueEntry } from './entry.ts'

/** What the self-test of an endpoint can find, beside the codes of a failed request. */
export const conformanceErrors = {
  'conformance.running': { class: 'conflict', action: 'wait' },
  'conformance.not-encrypted': { class: 'outside', action: 'open-settings' },
  'conformance.clock-unknown': { class: 'outside', action: 'review' },
  /** `seconds` by which the clocks differ */
  'conformance.clock-off': { class: 'outside', action: 'ask-administrator' },
  'conformance.anybody-may-ask': { class: 'outside', action: 'review' },
  /** `code` that the receiver gave */
  'conformance.signature-refused': { class: 'outside', action: 'open-settings' },
  'conformance.signature-not-checked': { class: 'outside', action: 'review' },
  'conformance.unsigned': { class: 'outside', action: 'open-settings' },
  'conformance.replies-unsigned': { class: 'outside', action: 'review' },
  'conformance.status-later': { class: 'outside', action: 'open-settings' },
  'conformance.status-form-unknown': { class: 'outside', action: 'review' },
  'conformance.knows-what-never-was': { class: 'outside', action: 'review' },
  'conformance.errors-not-told': { class: 'outside', action: 'review' },
  /** `code` */
  'conformance.not-taken': { class: 'outside', action: 'open-settings' },
  'conformance.repeat-unclear': { class: 'outside', action: 'review' },
  'conformance.repeat-not-recognised': { class: 'outside', action: 'review' },
  'conformance.reference-taken-again': { class: 'outside', action: 'review' },
  'conformance.reference-unclear': { class: 'outside', action: 'review' },
  'conformance.sent-but-unknown': { class: 'outside', action: 'review' },
  'conformance.no-proof': { class: 'refused', action: 'check-now' },
  'conformance.disproven': { class: 'refused', action: 'open-settings' },
} as const satisfies Record<string, CatalogueEntry>
