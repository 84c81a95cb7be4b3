import type { CatalogueEntry } from './entry.ts'

export const batchErrors = {
  'batches.cycle-not-approved': { class: 'refused', action: 'ask-other-officer' },
  'batches.no-manager': { class: 'refused', action: 'open-settings' },
  'batches.already-preparing': { class: 'waiting', action: 'wait' },
  'batches.nothing-payable': { class: 'refused', action: 'review' },
  'batches.blocked': { class: 'refused', action: 'review' },
  'batches.registry-busy': { class: 'waiting', action: 'try-again' },
  'batches.not-open': { class: 'conflict', action: 'reload' },
  'batches.not-latest': { class: 'conflict', action: 'reload' },
  'batches.reason-needed': { class: 'input', action: 'correct' },
} as const satisfies Record<string, CatalogueEntry>
