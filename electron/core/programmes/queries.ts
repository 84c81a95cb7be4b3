import { cycleQueries } from './cycle-queries.ts'
import { enrolmentQueries } from './enrolment-queries.ts'
import { programmeQueries } from './programme-queries.ts'

/** What the reading thread answers about programmes, enrolments, cycles and entitlements. */
export const programmesQueries = { ...programmeQueries, ...enrolmentQueries, ...cycleQueries } as const
