import type { CatalogueEntry } from './entry.ts'

export const vaultErrors = {
  'vault.already-there': { class: 'conflict', action: 'reload' },
  'vault.damaged': { class: 'broken', action: 'ask-administrator' },
  'vault.wrong-passphrase': { class: 'input', action: 'unlock' },
  /** `found` and `wanted` characters */
  'vault.recovery-key-length': { class: 'input', action: 'correct' },
  /** `group`, from 1 */
  'vault.recovery-key-group': { class: 'input', action: 'correct' },
  'vault.recovery-key-outdated': { class: 'input', action: 'correct' },
  'vault.recovery-key-other': { class: 'input', action: 'correct' },
  'vault.no-recovery-key': { class: 'refused', action: 'unlock' },
  'vault.recovery-key-first': { class: 'refused', action: 'open-settings' },
  'vault.needs-recovery-key': { class: 'input', action: 'correct' },
  'vault.replacement-not-begun': { class: 'conflict', action: 'reload' },
  'vault.key-store-missing': { class: 'refused', action: 'unlock' },
  /** `wanted` names the key store */
  'vault.key-store-other': { class: 'refused', action: 'unlock' },
  'vault.key-store-refused': { class: 'refused', action: 'unlock' },
  'vault.client-certificate-unusable': { class: 'input', action: 'correct' },
  /** `day` */
  'vault.client-certificate-expired': { class: 'input', action: 'correct' },
  'vault.key-unusable': { class: 'input', action: 'correct' },
  /** `folder` */
  'vault.no-office': { class: 'input', action: 'correct' },
  'vault.no-secret': { class: 'refused', action: 'open-settings' },
} as const satisfies Record<string, CatalogueEntry>
