import type { CatalogueEntry } from './entry.ts'

/** New versions of the program. */
export const updateErrors = {
  'updates.not-in-training': { class: 'refused', action: 'reload' },
  /** The browser door does not replace the program that it runs in. */
  'updates.not-here': { class: 'refused', action: 'ask-administrator' },
  'updates.no-channel': { class: 'refused', action: 'open-settings' },
  'updates.no-key': { class: 'refused', action: 'open-settings' },
  'updates.not-found': { class: 'outside', action: 'try-again' },
  'updates.folder-missing': { class: 'input', action: 'correct' },
  'updates.not-readable': { class: 'outside', action: 'ask-administrator' },
  'updates.not-signed': { class: 'refused', action: 'ask-administrator' },
  /** `version` is the channel that it is for. */
  'updates.other-channel': { class: 'refused', action: 'ask-administrator' },
  /** `version` that is here or was announced already */
  'updates.older': { class: 'refused', action: 'ask-administrator' },
  /** `version` that comes first */
  'updates.step-missing': { class: 'refused', action: 'ask-administrator' },
  'updates.no-installer': { class: 'refused', action: 'ask-administrator' },
  /** `file` */
  'updates.file-missing': { class: 'outside', action: 'try-again' },
  /** `file` */
  'updates.file-changed': { class: 'outside', action: 'try-again' },
  'updates.not-ready': { class: 'refused', action: 'check-now' },
  'updates.sending': { class: 'waiting', action: 'wait' },
  /** `version` that was to be installed, while the one before still runs */
  'updates.not-installed': { class: 'broken', action: 'try-again' },
} as const satisfies Record<string, CatalogueEntry>
