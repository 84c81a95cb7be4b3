import type { CatalogueEntry } from './entry.ts'

/** Edits that came from a screen's own copy of the records and were not taken, and what can happen to that copy. */
export const replicaErrors = {
  /** `field` */
  'replica.by-command': { class: 'refused', action: 'reload' },
  'replica.not-a-record': { class: 'input', action: 'reload' },
  'replica.enrolment-needs-move': { class: 'input', action: 'correct' },
  /** `maximum` */
  'replica.too-many-open': { class: 'refused', action: 'reload' },
  /** `count` */
  'replica.edits-lost': { class: 'broken', action: 'review' },
} as const satisfies Record<string, CatalogueEntry>
