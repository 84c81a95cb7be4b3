import { auditQueries } from '../audit/queries.ts'

/** Every read the reading thread answers; each feature adds its own. */
export const readQueries = {
  ...auditQueries,
} as const
