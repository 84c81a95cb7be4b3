import type { CatalogueEntry } from './entry.ts'

export const apiErrors = {
  'api.input-invalid': { class: 'input', action: 'correct' },
  'api.unknown-call': { class: 'broken', action: 'reload' },
  'api.signed-out': { class: 'refused', action: 'sign-in' },
  'api.not-your-role': { class: 'refused', action: 'ask-administrator' },
  'api.sender-refused': { class: 'refused', action: 'reload' },
  'api.unexpected': { class: 'broken', action: 'save-diagnostics' },
  'api.cancelled': { class: 'waiting', action: 'try-again' },
  'api.core-stopped': { class: 'broken', action: 'reload' },
  'api.line-to-core-lost': { class: 'waiting', action: 'wait' },
} as const satisfies Record<string, CatalogueEntry>
