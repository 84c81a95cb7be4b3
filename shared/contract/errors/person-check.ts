import type { CatalogueEntry } from './entry.ts'

/** Registrants who show who they are at the officer's table. */
export const personCheckErrors = {
  'person-check.not-a-person': { class: 'input', action: 'correct' },
  'person-check.no-line': { class: 'waiting', action: 'wait' },
  'person-check.is-officer': { class: 'refused', action: 'try-again' },
  'person-check.over': { class: 'conflict', action: 'try-again' },
  'person-check.not-sure': { class: 'input', action: 'correct' },
} as const satisfies Record<string, CatalogueEntry>
