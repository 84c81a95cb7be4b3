import type { CatalogueEntry } from './entry.ts'

const underWay = { class: 'waiting', action: 'wait' } as const satisfies CatalogueEntry

/** Erasing people, and rules by which what is kept is removed. */
export const keepingErrors = {
  /** Why somebody cannot be erased yet. */
  'keeping.payment-under-way': underWay,
  'keeping.batch-open': underWay,
  'keeping.look-up-owed': underWay,
  'keeping.evidence-open': underWay,
  'keeping.entitlement-open': underWay,
  'keeping.token-under-way': underWay,
  'keeping.duplicate-open': underWay,
  'keeping.form-open': underWay,
  'keeping.conflict-open': underWay,
  'keeping.import-running': underWay,
  'keeping.erased-already': { class: 'refused', action: 'reload' },
  /** Brought back only by entering the person anew. */
  'keeping.is-erased': { class: 'refused', action: 'reload' },
  /** A warning: the number is that of somebody who was erased; the person is entered anew. */
  'keeping.number-of-erased': { class: 'input', action: 'review' },
  /** The rules on the screen are not those that stand here any more. */
  'keeping.rules-changed': { class: 'conflict', action: 'reload' },
} as const satisfies Record<string, CatalogueEntry>
