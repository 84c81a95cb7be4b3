import type { Enrolment, Programme } from '../../../shared/model/programme.ts'
import { compileFilter, matchingRows } from '../registry/registrant-filter.ts'
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
/** Registrants looked at before other reads get their turn. */
const SCAN = 500

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
         FROM (SELECT e.rowid AS place FROM ${from} WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?) page
         JOIN enrolment e ON e.rowid = page.place JOIN registrant r ON r.id = e.registrant_id
         ORDER BY ${order}`,
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
    const rows = yield* matchingRows(context, compileFilter(filter), undefined)
    const counts: Record<string, number> = {}
    const examples: Record<string, EnrolmentExample[]> = {}
    const standing = context.sql(
      `SELECT r.id AS registrantId, ${OUTCOME} AS outcome
       FROM registrant r LEFT JOIN enrolment e ON e.registrant_id = r.id AND e.programme_id = ? WHERE r.rowid = ?`,
    )
    const person = context.sql('SELECT name, registry_number AS registryNumber FROM registrant WHERE id = ?')
    for (const [index, row] of rows.entries()) {
      const { registrantId, outcome } = standing.get(programme.target, programmeId, row) as {
        registrantId: string
        outcome: string
      }
      counts[outcome] = (counts[outcome] ?? 0) + 1
      const few = examples[outcome] ?? []
      examples[outcome] = few
      if (few.length < EXAMPLES) {
        few.push({ registrantId, ...(person.get(registrantId) as Omit<EnrolmentExample, 'registrantId'>) })
      }
      if (index % SCAN === SCAN - 1) yield index
    }
    const { enrol = 0, ...leftOut } = counts
    return { enrol, leftOut, examples }
  },

  /** Row numbers of the registrants of a programme's kind whom a filter takes; the command decides about each. */
  *'enrolments.candidates'(
    context: ReadContext,
    { programmeId, filter }: { readonly programmeId: string; readonly filter: string },
  ): Generator<number, number[]> {
    return yield* matchingRows(context, compileFilter(filter), readProgramme(context, programmeId).target)
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
