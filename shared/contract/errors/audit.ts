import type { CatalogueEntry } from './entry.ts'

/** Exports of the audit trail. */
export const auditErrors = {
  'audit.nothing-to-export': { class: 'input', action: 'correct' },
  'audit.export-gone': { class: 'conflict', action: 'try-again' },
} as const satisfies Record<string, CatalogueEntry>
