import { apiErrors } from './errors/api.ts'
import type { CatalogueEntry } from './errors/entry.ts'
import { storeErrors } from './errors/store.ts'

/** The one catalogue: code → class → action. The sentence of a code stands in `renderer/i18n/<language>/errors-*.json`. */
export const catalogue = {
  ...apiErrors,
  ...storeErrors,
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue
export type { CatalogueEntry } from './errors/entry.ts'
