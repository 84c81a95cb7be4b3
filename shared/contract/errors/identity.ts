import type { CatalogueEntry } from './entry.ts'

export const identityErrors = {
  'identity.wrong-pin': { class: 'input', action: 'correct' },
  'identity.too-many-tries': { class: 'waiting', action: 'wait' },
  'identity.suspended': { class: 'refused', action: 'ask-administrator' },
  'identity.no-key': { class: 'refused', action: 'ask-administrator' },
  'identity.weak-pin': { class: 'input', action: 'correct' },
  'identity.login-taken': { class: 'input', action: 'correct' },
  'identity.signature-invalid': { class: 'broken', action: 'ask-administrator' },
} as const satisfies Record<string, CatalogueEntry>
