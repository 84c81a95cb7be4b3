import type { CatalogueEntry } from './entry.ts'

export const vaultErrors = {
  'vault.already-there': { class: 'conflict', action: 'reload' },
  'vault.damaged': { class: 'broken', action: 'ask-administrator' },
  'vault.wrong-passphrase': { class: 'input', action: 'unlock' },
  'vault.no-secret': { class: 'refused', action: 'open-settings' },
} as const satisfies Record<string, CatalogueEntry>
