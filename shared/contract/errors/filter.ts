import type { CatalogueEntry } from './entry.ts'

/**
 * What can be wrong with a filter somebody wrote. The error also carries the place in the text. A parameter `context`
 * chooses among the sentences of a code (i18next).
 */
export const filterErrors = {
  /** The text ends too early. `expected`, `context` */
  'filter.unexpected-end': { class: 'input', action: 'correct' },
  /** Something else than `expected` stands here. `found`, `expected`, `context` */
  'filter.unexpected': { class: 'input', action: 'correct' },
  /** A bare word: a filter has values only, no names and no code. `name` */
  'filter.unknown-name': { class: 'input', action: 'correct' },
  /** A quoted text without its closing quote. */
  'filter.unterminated-text': { class: 'input', action: 'correct' },
  /** A backslash sequence that is cut off or names no character. `escape` */
  'filter.bad-escape': { class: 'input', action: 'correct' },
  /** A text with a NUL or half a surrogate pair. */
  'filter.bad-text': { class: 'input', action: 'correct' },
  /** Not a number, or one too large to be exact. `number` */
  'filter.bad-number': { class: 'input', action: 'correct' },
  /** Between conditions only '&', '|' and '!' may stand. `found` */
  'filter.unknown-logic': { class: 'input', action: 'correct' },
  /** '&' and '|' need two terms after them, '!' one. `operator` */
  'filter.missing-term': { class: 'input', action: 'correct' },
  /** `operator` */
  'filter.unknown-operator': { class: 'input', action: 'correct' },
  /** Odoo has it, this app has not (`child_of`…). `operator` */
  'filter.unsupported-operator': { class: 'input', action: 'correct' },
  /** `maximum` characters */
  'filter.too-long': { class: 'input', action: 'correct' },
  /** `maximum` levels */
  'filter.too-deep': { class: 'input', action: 'correct' },
  /** `maximum` */
  'filter.too-many-conditions': { class: 'input', action: 'correct' },
  /** `maximum` */
  'filter.too-many-values': { class: 'input', action: 'correct' },
  /** `field`, `record`, `suggestion` (empty when no name is near), `context` */
  'filter.unknown-field': { class: 'input', action: 'correct' },
  /** A dotted path goes on after a field that is not a reference. `field` */
  'filter.not-a-reference': { class: 'input', action: 'correct' },
  /** The operator does not fit the type of the field. `field`, `type`, `operator`, `allowed` */
  'filter.wrong-operator': { class: 'input', action: 'correct' },
  /** The value does not fit the type of the field. `field`, `type`, `found`, `context` (what was expected) */
  'filter.wrong-value': { class: 'input', action: 'correct' },
  /** Not one of the field's values. `field`, `value`, `allowed` */
  'filter.unknown-value': { class: 'input', action: 'correct' },
  /** Not a calendar day written YYYY-MM-DD. `field`, `value` */
  'filter.bad-day': { class: 'input', action: 'correct' },
  /** The filter is fine but cannot be shown as a flat list of conditions. */
  'filter.too-complex-for-builder': { class: 'refused', action: 'correct' },
} as const satisfies Record<string, CatalogueEntry>
