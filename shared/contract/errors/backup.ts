import type { CatalogueEntry } from './entry.ts'

/** Copies of the office, and putting one back. */
export const backupErrors = {
  'backup.not-in-training': { class: 'refused', action: 'reload' },
  'backup.no-folder': { class: 'refused', action: 'open-settings' },
  'backup.folder-not-absolute': { class: 'input', action: 'correct' },
  'backup.folder-inside-office': { class: 'input', action: 'correct' },
  'backup.folder-missing': { class: 'waiting', action: 'try-again' },
  'backup.folder-read-only': { class: 'broken', action: 'try-again' },
  /** `megabytes` that a backup needs */
  'backup.no-room': { class: 'broken', action: 'try-again' },
  'backup.folder-failed': { class: 'broken', action: 'try-again' },
  /** The copy that was just written does not read back as it was written. */
  'backup.not-verified': { class: 'broken', action: 'try-again' },

  'backup.none-there': { class: 'input', action: 'correct' },
  'backup.incomplete': { class: 'input', action: 'correct' },
  'backup.manifest-damaged': { class: 'input', action: 'correct' },
  /** `found` and `known` numbers of the form */
  'backup.from-the-future': { class: 'refused', action: 'ask-administrator' },
  /** `file` */
  'backup.file-cut': { class: 'input', action: 'correct' },
  /** `file` */
  'backup.file-changed': { class: 'input', action: 'correct' },
  'backup.other-key': { class: 'input', action: 'correct' },
  'backup.office-there': { class: 'refused', action: 'ask-administrator' },
} as const satisfies Record<string, CatalogueEntry>
