import type { CatalogueEntry } from './entry.ts'

/** Opening, locking and provisioning an office, and what its own checks find. */
export const setupErrors = {
  'setup.office-open': { class: 'refused', action: 'ask-administrator' },
  'setup.nothing-to-lock': { class: 'refused', action: 'reload' },
  'setup.not-training': { class: 'refused', action: 'reload' },
  'setup.not-provisioned': { class: 'refused', action: 'ask-administrator' },

  /** `context` tells which file: `settings` or `secrets` */
  'provision.not-readable': { class: 'input', action: 'ask-administrator' },
  /** `context` as above, `problem` as the JSON reader says it */
  'provision.not-json': { class: 'input', action: 'ask-administrator' },
  /** `path` and `problem` of the first finding, `count` of all, `details` one finding a line */
  'provision.invalid': { class: 'input', action: 'ask-administrator' },
  /** Names a finding: the record was signed again since the file was made. */
  'provision.older-edition': { class: 'refused', action: 'ask-administrator' },
  'provision.other-trust-root': { class: 'refused', action: 'ask-administrator' },
  'provision.unsafe-place': { class: 'refused', action: 'ask-administrator' },

  /** `count` of findings */
  'upkeep.store-damaged': { class: 'broken', action: 'ask-administrator' },
  'upkeep.nothing-to-note': { class: 'conflict', action: 'reload' },
  /** `position` in the trail; `context` tells how it is broken */
  'upkeep.audit-broken': { class: 'broken', action: 'ask-administrator' },
} as const satisfies Record<string, CatalogueEntry>
