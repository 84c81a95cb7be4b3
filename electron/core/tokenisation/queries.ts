import type { Fault } from '../../../shared/contract/result.ts'
import type {
  DuplicatePerson,
  DuplicateView,
  ItemFilter,
  ItemState,
  ItemView,
  ListPage,
  RunCounts,
  RunStart,
  RunState,
  RunView,
} from '../../../shared/contract/tokenisation.ts'
import { itemStates } from '../../../shared/contract/tokenisation.ts'
import type { OutcomeClass } from '../../../shared/rules/tokenisation/answer-class.ts'
import type { LocalReason } from '../../../shared/rules/tokenisation/demographics.ts'
import type { ReadContext } from '../store/read-query.ts'
import { candidateQueries } from './candidate-query.ts'
import { coverageQueries } from './coverage-query.ts'
import { fileQueries } from './people-of-files.ts'
import { isAsBefore } from './standing-outcome.ts'

interface RunRow {
  readonly id: string
  readonly connectorId: string
  readonly connectorName: string | null
  readonly state: RunState
  readonly startedBy: RunStart
  readonly officerId: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly unusable: number
  readonly fault: string | null
  readonly requests: number
}

const RUN = `SELECT r.id, r.connector_id AS connectorId, c.body ->> '$.name' AS connectorName, r.state,
  r.started_by AS startedBy, r.officer_id AS officerId, r.started_at AS startedAt, r.ended_at AS endedAt, r.unusable,
  r.fault, (SELECT count(*) FROM token_request q WHERE q.run_id = r.id AND q.posted_at IS NOT NULL) AS requests
  FROM token_run r LEFT JOIN connector c ON c.id = r.connector_id`

function viewOf(from: Pick<ReadContext, 'sql'>, row: RunRow): RunView {
  const { fault, connectorName, ...run } = row
  const groups = from
    .sql('SELECT state, class, count(*) AS n FROM token_item WHERE run_id = ? GROUP BY state, class')
    .all(run.id) as { state: ItemState; class: OutcomeClass | ''; n: number }[]
  const byState = Object.fromEntries(itemStates.map((state) => [state, 0])) as Record<ItemState, number>
  const classes: Partial<Record<OutcomeClass, number>> = {}
  for (const group of groups) {
    byState[group.state] += group.n
    if (group.class !== '') classes[group.class] = (classes[group.class] ?? 0) + group.n
  }
  const counts: RunCounts = { people: groups.reduce((sum, { n }) => sum + n, 0), ...byState }
  return {
    ...run,
    connectorName: connectorName ?? '',
    counts,
    classes,
    fault: fault === null ? null : (JSON.parse(fault) as Fault),
  }
}

/** The newest run of a connector; undefined while there was none. */
export function findLastRun(from: Pick<ReadContext, 'sql'>, connectorId: string): RunView | undefined {
  const row = from
    .sql(`${RUN} WHERE r.connector_id = ? ORDER BY r.started_at DESC, r.id DESC LIMIT 1`)
    .get(connectorId) as RunRow | undefined
  return row === undefined ? undefined : viewOf(from, row)
}

export function findRun(from: Pick<ReadContext, 'sql'>, id: string): RunView | undefined {
  const row = from.sql(`${RUN} WHERE r.id = ?`).get(id) as RunRow | undefined
  return row === undefined ? undefined : viewOf(from, row)
}

interface ItemRow extends Omit<ItemView, 'params' | 'reason'> {
  readonly params: string
}

const ITEM = `i.ref, i.run_id AS runId, i.registrant_id AS registrantId, coalesce(r.name, '') AS name,
  coalesce(r.registry_number, '') AS registryNumber, coalesce(r.area, '') AS area, i.state, i.class, i.code, i.params,
  i.tries, i.next_try AS nextTryAt, i.changed_at AS changedAt`

const itemOf = ({ params, ...item }: ItemRow): ItemView => ({
  ...item,
  reason: item.class === 'local' ? (item.code as LocalReason) : '',
  params: JSON.parse(params) as Record<string, string>,
})

const pageOf = <T extends { readonly ref: string }>(rows: readonly T[], limit: number, total: number) => ({
  rows: rows.slice(0, limit),
  total,
  next: rows.length > limit ? (rows[limit - 1]?.ref ?? null) : null,
})

/** People of a run, or what came of each person last where no run is named. */
function items({ sql }: ReadContext, { runId, state, class: outcome, after, limit }: ItemFilter): ListPage<ItemView> {
  const conditions = ["(? = '' OR i.run_id = ?)", "(? = '' OR i.state = ?)", "(? = '' OR i.class = ?)"]
  const values = [runId ?? '', runId ?? '', state ?? '', state ?? '', outcome ?? '', outcome ?? '']
  // The person's last outcome only, and nobody who has been taken care of.
  const from = runId === null ? 'token_person p JOIN token_item i ON i.ref = p.ref' : 'token_item i'
  if (runId !== null) {
    conditions[0] = 'i.run_id = ?'
    values.splice(0, 2, runId)
  } else {
    conditions.shift()
    values.splice(0, 2)
  }
  const where = conditions.join(' AND ')
  const total = sql(`SELECT count(*) FROM ${from} WHERE ${where}`)
    .pluck()
    .get(...values) as number
  const rows = sql(
    `SELECT ${ITEM} FROM ${from} LEFT JOIN registrant r ON r.id = i.registrant_id
     WHERE ${where} AND i.ref > ? ORDER BY i.ref LIMIT ?`,
  ).all(...values, after ?? '', limit + 1) as ItemRow[]
  return pageOf(rows.map(itemOf), limit, total)
}

/** Classes of outcome that somebody has to do something about. */
const TO_CORRECT = "('data', 'identifier', 'new-vid', 'demographics', 'unreadable', 'format', 'mismatch', 'local')"

/** People whom somebody has to correct before they can be sent, by their newest outcome. */
function toCorrect(
  { sql }: ReadContext,
  { class: outcome, after, limit }: { class: string | null; after: string | null; limit: number },
): ListPage<ItemView> & { readonly classes: Readonly<Partial<Record<OutcomeClass, number>>> } {
  const from = `token_person p JOIN token_item i ON i.ref = p.ref JOIN registrant r ON r.id = p.registrant_id
    LEFT JOIN connector c ON c.id = i.connector_id
    WHERE p.state IN ('refused', 'skipped') AND p.class IN ${TO_CORRECT} AND r.removed = 0
      AND ${isAsBefore("c.body ->> '$.vidType'")}`
  const groups = sql(`SELECT p.class AS class, count(*) AS n FROM ${from} GROUP BY p.class`).all() as {
    class: OutcomeClass
    n: number
  }[]
  const rows = sql(`SELECT ${ITEM} FROM ${from} AND (? = '' OR p.class = ?) AND i.ref > ? ORDER BY i.ref LIMIT ?`).all(
    outcome ?? '',
    outcome ?? '',
    after ?? '',
    limit + 1,
  ) as ItemRow[]
  const total = groups.reduce((sum, group) => sum + (outcome === null || group.class === outcome ? group.n : 0), 0)
  const classes = Object.fromEntries(groups.map((group) => [group.class, group.n]))
  return { ...pageOf(rows.map(itemOf), limit, total), classes }
}

interface DuplicateRow {
  readonly id: string
  readonly foundAt: number
  readonly tokenType: string
  readonly oneId: string
  readonly otherId: string
  readonly state: DuplicateView['state']
  readonly decidedBy: string
  readonly decidedAt: number | null
  readonly note: string
}

function duplicates({ sql }: ReadContext, { open }: { open: boolean }): DuplicateView[] {
  const person = (id: string): DuplicatePerson => {
    const row = sql(
      `SELECT name, registry_number AS registryNumber, birthdate, area, removed FROM registrant WHERE id = ?`,
    ).get(id) as (Omit<DuplicatePerson, 'registrantId' | 'removed'> & { removed: number }) | undefined
    return row === undefined
      ? { registrantId: id, name: '', registryNumber: '', birthdate: null, area: '', removed: true }
      : { registrantId: id, ...row, removed: row.removed === 1 }
  }
  const rows = sql(
    `SELECT id, found_at AS foundAt, token_type AS tokenType, one_id AS oneId, other_id AS otherId, state,
       decided_by AS decidedBy, decided_at AS decidedAt, note
     FROM token_duplicate WHERE ? = 0 OR state = 'open' ORDER BY found_at DESC, id LIMIT 500`,
  ).all(open ? 1 : 0) as DuplicateRow[]
  return rows.map(({ oneId, otherId, ...row }) => ({ ...row, people: [person(oneId), person(otherId)] }))
}

/** A person in the list of consents. */
export interface ConsentRow {
  readonly ref: string
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly area: string
  /** Null where nobody asked. */
  readonly given: boolean | null
  readonly on: string | null
  readonly how: 'paper' | 'spoken' | 'form' | null
  readonly hasVid: boolean
  readonly hasToken: boolean
}

const CONSENT_STATES = {
  given: 'c.given = 1',
  withdrawn: 'c.given = 0',
  none: 'c.id IS NULL',
  any: '1',
} as const

/** People with a VID or a token and what they said; by registrant. */
function consents(
  { sql }: ReadContext,
  input: {
    state: keyof typeof CONSENT_STATES
    vidType: string
    tokenType: string
    after: string | null
    limit: number
  },
): ListPage<ConsentRow> {
  const { state, vidType, tokenType, after, limit } = input
  const from = `identity_number v JOIN registrant r ON r.id = v.registrant_id
    LEFT JOIN consent c ON c.registrant_id = r.id AND c.purpose = 'mosip-token' AND c.removed = 0
    WHERE v.type IN (?, ?) AND v.removed = 0 AND r.removed = 0 AND ${CONSENT_STATES[state]}`
  const total = sql(`SELECT count(DISTINCT r.id) FROM ${from}`).pluck().get(vidType, tokenType) as number
  const rows = sql(
    `SELECT r.id AS ref, r.id AS registrantId, r.name, r.registry_number AS registryNumber, r.area, c.given,
       c.body ->> '$.on' AS "on", c.body ->> '$.how' AS how,
       max(v.type = ?) AS hasVid, max(v.type = ?) AS hasToken
     FROM ${from} AND r.id > ? GROUP BY r.id ORDER BY r.id LIMIT ?`,
  ).all(vidType, tokenType, vidType, tokenType, after ?? '', limit + 1) as (Omit<ConsentRow, 'given'> & {
    given: number | null
    hasVid: unknown
    hasToken: unknown
  })[]
  const people = rows.map(
    (row): ConsentRow => ({
      ...row,
      given: row.given === null ? null : row.given === 1,
      hasVid: Number(row.hasVid) === 1,
      hasToken: Number(row.hasToken) === 1,
    }),
  )
  return pageOf(people, limit, total)
}

export const tokenisationQueries = {
  'tokenisation.runs': (
    context: ReadContext,
    { connectorId, limit }: { connectorId: string | null; limit: number },
  ): RunView[] =>
    (
      context
        .sql(`${RUN} WHERE ? = '' OR r.connector_id = ? ORDER BY r.started_at DESC, r.id DESC LIMIT ?`)
        .all(connectorId ?? '', connectorId ?? '', limit) as RunRow[]
    ).map((row) => viewOf(context, row)),
  'tokenisation.run': (context: ReadContext, id: string): RunView | null => findRun(context, id) ?? null,
  'tokenisation.items': items,
  'tokenisation.to-correct': toCorrect,
  'tokenisation.duplicates': duplicates,
  'tokenisation.consents': consents,
  ...candidateQueries,
  ...coverageQueries,
  ...fileQueries,
}
