import type { CatalogueEntry } from './entry.ts'

export const storeErrors = {
  'store.locked': { class: 'refused', action: 'unlock' },
  'store.wrong-key': { class: 'input', action: 'unlock' },
  'store.from-the-future': { class: 'refused', action: 'ask-administrator' },
  'store.in-use': { class: 'conflict', action: 'reload' },
  'store.damaged': { class: 'broken', action: 'ask-administrator' },
  'store.disk-full': { class: 'broken', action: 'try-again' },
  'store.read-only': { class: 'broken', action: 'ask-administrator' },
  'store.not-found': { class: 'input', action: 'reload' },
  'store.changed-meanwhile': { class: 'conflict', action: 'reload' },
  'store.append-only': { class: 'broken', action: 'save-diagnostics' },
  'store.invalid-record': { class: 'broken', action: 'save-diagnostics' },
} as const satisfies Record<string, CatalogueEntry>
