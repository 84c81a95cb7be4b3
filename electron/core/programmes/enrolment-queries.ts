import type { Enrolment, Programme } from '../../../shared/model/programme.ts'
import type { ReadContext } from '../store/read-query.ts'
import { type Condition, filterCondition, readProgramme, searchCondition } from './matching.ts'

export interface EnrolmentPageInput {
  readonly programmeId: string
  readonly states: readonly Enrolment['state'][]
  readonly search: string
  /** Odoo domain over enrolments; `[]` takes everybody. */
  readonly filter: string
  readonly offset: number
  readonly limit: number
}

export interface EnrolmentRow {
  readonly id: string
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly area: string
  readonly deceasedOn: string | null
  readonly registrantRemoved: boolean
  readonly state: Enrolment['state']
  readonly reason: string
  readonly enrolledOn: string
  readonly endedOn: string | null
}

/** Beyond this many, walking the registrants in order of name is quicker than sorting the enrolled. */
const SORTED_AT_ONCE = 20_000
/** Rows of the registry looked at before others get their turn. */
const SCAN = 2_000

function enrolmentConditions(programme: Programme, input: Omit<EnrolmentPageInput, 'offset' | 'limit'>): Condition {
  const conditions: Condition[] = [{ sql: 'e.programme_id = ? AND e.removed = 0', params: [programme.id] }]
  if (input.states.length > 0) {
    conditions.push({ sql: `e.state IN (${input.states.map(() => '?').join(', ')})`, params: input.states })
  }
  const found = searchCondition(input.search, 'r')
  if (found !== undefined) conditions.push(found)
  if (input.filter.trim() !== '' && input.filter.trim() !== '[]') {
    conditions.push(filterCondition(input.filter, 'enrolment', programme.currency, 'e'))
  }
  return joined(conditions)
}

const joined = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
  params: conditions.flatMap(({ params }) => params),
})

const JOINED = 'enrolment e JOIN registrant r ON r.id = e.registrant_id'

export const enrolmentQueries = {
  /** A page of a programme's enrolments in order of name, and how many there are in all. */
  'enrolments.page': (context: ReadContext, input: EnrolmentPageInput): { rows: EnrolmentRow[]; total: number } => {
    const programme = readProgramme(context, input.programmeId)
    const where = enrolmentConditions(programme, input)
    const total = context
      .sql(`SELECT count(*) FROM ${JOINED} WHERE ${where.sql}`)
      .pluck()
      .get(...where.params) as number
    const from =
      total > SORTED_AT_ONCE && input.search.trim() === ''
        ? 'registrant r INDEXED BY registrant_list CROSS JOIN enrolment e ON e.registrant_id = r.id'
        : JOINED
    const order = from === JOINED ? 'r.sort_name, r.rowid' : 'r.removed, r.sort_name, r.rowid'
    const rows = context
      .sql(
        `SELECT e.id, e.registrant_id AS registrantId, r.name, r.registry_number AS registryNumber, r.area,
                r.deceased_on AS deceasedOn, r.removed AS registrantRemoved, e.state,
                e.body ->> '$.reason' AS reason, e.body ->> '$.enrolledOn' AS enrolledOn, e.body ->> '$.endedOn' AS endedOn
         FROM ${from} WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
      )
      .all(...where.params, input.limit, input.offset) as (Omit<EnrolmentRow, 'registrantRemoved'> & {
      registrantRemoved: number
    })[]
    return { rows: rows.map((row) => ({ ...row, registrantRemoved: row.registrantRemoved === 1 })), total }
  },

  /** Registrant ids of a programme's enrolments after one, in order of id; for commands over all that match. */
  'enrolments.matching': (
    context: ReadContext,
    input: Omit<EnrolmentPageInput, 'offset'> & { readonly after: string },
  ): string[] => {
    const programme = readProgramme(context, input.programmeId)
    const where = enrolmentConditions(programme, input)
    return context
      .sql(
        `SELECT e.registrant_id FROM ${JOINED} WHERE ${where.sql} AND e.registrant_id > ? ORDER BY e.registrant_id LIMIT ?`,
      )
      .pluck()
      .all(...where.params, input.after, input.limit) as string[]
  },

  /** Whom a filter over the registry would enrol, and who would be left out and why, with a few examples of each. */
  *'enrolments.preview'(
    context: ReadContext,
    { programmeId, filter }: { readonly programmeId: string; readonly filter: string },
  ): Generator<number, EnrolmentPreview> {
    const programme = readProgramme(context, programmeId)
    const where = filterCondition(filter, 'registrant', programme.currency, 'r')
    const counts: Record<string, number> = {}
    const examples: Record<string, EnrolmentExample[]> = {}
    const last = lastRow(context)
    const slice = context.sql(
      `SELECT r.id AS registrantId, r.name, r.registry_number AS registryNumber, ${OUTCOME} AS outcome
       FROM registrant r LEFT JOIN enrolment e ON e.registrant_id = r.id AND e.programme_id = ?
       WHERE r.rowid > ? AND r.rowid <= ? AND r.removed = 0 AND ${where.sql}`,
    )
    for (let row = 0; row < last; row += SCAN) {
      for (const found of slice.iterate(programme.target, programmeId, row, row + SCAN, ...where.params)) {
        const { outcome, ...example } = found as EnrolmentExample & { outcome: string }
        counts[outcome] = (counts[outcome] ?? 0) + 1
        const few = examples[outcome] ?? []
        examples[outcome] = few
        if (few.length < EXAMPLES) few.push(example)
      }
      yield Math.min(row + SCAN, last)
    }
    const { enrol = 0, ...leftOut } = counts
    return { enrol, leftOut, examples }
  },

  /** Ids of registrants whom a filter would enrol, after a row of the registry; `next` is null at the end. */
  *'enrolments.candidates'(
    context: ReadContext,
    { programmeId, filter, after, limit }: { programmeId: string; filter: string; after: number; limit: number },
  ): Generator<number, { ids: string[]; next: number | null }> {
    const programme = readProgramme(context, programmeId)
    const where = filterCondition(filter, 'registrant', programme.currency, 'r')
    const last = lastRow(context)
    const slice = context.sql(
      `SELECT r.rowid AS place, r.id, ${OUTCOME} AS outcome
       FROM registrant r LEFT JOIN enrolment e ON e.registrant_id = r.id AND e.programme_id = ?
       WHERE r.rowid > ? AND r.rowid <= ? AND r.removed = 0 AND ${where.sql} ORDER BY r.rowid`,
    )
    const ids: string[] = []
    for (let row = after; row < last; row += SCAN) {
      for (const found of slice.all(programme.target, programmeId, row, row + SCAN, ...where.params)) {
        const { place, id, outcome } = found as { place: number; id: string; outcome: string }
        if (outcome !== 'enrol') continue
        ids.push(id)
        if (ids.length === limit) return { ids, next: place }
      }
      yield row
    }
    return { ids, next: null }
  },
} as const

export interface EnrolmentExample {
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
}

export interface EnrolmentPreview {
  readonly enrol: number
  /** By code of `enrolmentObstacles`. */
  readonly leftOut: Readonly<Record<string, number>>
  /** A few of each, `enrol` among them. */
  readonly examples: Readonly<Record<string, readonly EnrolmentExample[]>>
}

const EXAMPLES = 12

/** The same order of reasons as `findEnrolmentObstacle`; the command asks that rule again for each registrant. */
const OUTCOME = `CASE
  WHEN r.kind <> ? THEN 'enrolment.wrong-kind'
  WHEN r.deceased_on IS NOT NULL THEN 'enrolment.deceased'
  WHEN e.id IS NULL OR e.removed = 1 THEN 'enrol'
  WHEN e.state = 'exited' THEN 'enrolment.exited'
  ELSE 'enrolment.already-enrolled' END`

const lastRow = (context: ReadContext): number =>
  (context.sql('SELECT max(rowid) FROM registrant').pluck().get() as number | null) ?? 0
