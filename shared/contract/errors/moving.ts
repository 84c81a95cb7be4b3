import type { CatalogueEntry } from './entry.ts'

/** An office that goes to another laptop, and laptops that got lost. */
export const movingErrors = {
  /** Its office lives on another laptop now, or is on its way there. */
  'moving.retired': { class: 'refused', action: 'ask-administrator' },
  'moving.not-leaving': { class: 'conflict', action: 'reload' },
  /** The last backup is whole: it may have been put in place already. */
  'moving.backup-there': { class: 'refused', action: 'ask-administrator' },
  'moving.not-lost': { class: 'conflict', action: 'reload' },
} as const satisfies Record<string, CatalogueEntry>
