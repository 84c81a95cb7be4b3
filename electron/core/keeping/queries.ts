import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { KeepingRule, KeepingRules } from '../../../shared/model/keeping.ts'
import type { ReadContext } from '../store/read-query.ts'
import { cutOffOf } from './cut-offs.ts'
import { erasureQueries } from './erasure-queries.ts'
import { type IdlePeople, type IdlePerson, idlePeople } from './idle-people.ts'
import { obstaclesTo } from './obstacles.ts'

/** What of a rule would go now; the names are those of the screen. */
export type RuleCounts = Readonly<Record<string, number>>

export interface KeepingPreview {
  readonly counts: Readonly<Record<KeepingRule, RuleCounts>>
  readonly people: readonly IdlePerson[]
  readonly staying: readonly (IdlePerson & { readonly why: ErrorCode })[]
}

/** Batches whose messages a rule empties: `?` is a moment. */
export const OLD_BATCHES = `SELECT b.id FROM batch b WHERE b.state IN ('settled', 'cancelled') AND b.state_at < ?
  AND EXISTS (SELECT 1 FROM transmission t WHERE t.batch_id = b.id AND t.body ->> '$.erasedAt' IS NULL)`
/** Imports that a rule closes: `?` is a time. */
export const OLD_IMPORTS = `SELECT i.id FROM import_run i WHERE i.started_at < ? AND i.state NOT IN ('running', 'cancelling', 'undoing')
  AND (EXISTS (SELECT 1 FROM import_problem p WHERE p.import_id = i.id)
    OR EXISTS (SELECT 1 FROM import_before b WHERE b.import_id = i.id))`
/** Runs of which a rule forgets who was in them: `?` is a time. What came of somebody last stays until a newer run says more. */
const NOT_LAST = `NOT EXISTS (SELECT 1 FROM token_person p WHERE p.registrant_id = t.registrant_id AND p.ref = t.ref)`
export const OLD_ITEMS = `SELECT t.ref FROM token_run r JOIN token_item t ON t.run_id = r.id
  WHERE r.ended_at < ? AND t.state NOT IN ('chosen', 'sent') AND ${NOT_LAST}`
export const OLD_CONFLICTS = 'SELECT id FROM central_conflict WHERE settled_at < ?'
/** Rows looked at between two yields. */
const SLICE = 5_000

const countIn = (context: ReadContext, question: string, cutOff: number | string): number =>
  context.sql(`SELECT count(*) FROM (${question})`).pluck().get(cutOff) as number

/** Walks a table by its key, so that other reads get their turn. */
function* countRevisions(context: ReadContext, before: string): Generator<number, number> {
  let count = 0
  const page = context.sql(
    `SELECT kind, record_id AS id, moment FROM revision WHERE (kind, record_id, moment) > (?, ?, ?)
     ORDER BY kind, record_id, moment LIMIT ${SLICE}`,
  )
  for (let [kind, id, moment] = ['', '', '']; ; ) {
    const rows = page.all(kind, id, moment) as { kind: string; id: string; moment: string }[]
    count += rows.filter((row) => row.moment < before).length
    const last = rows.at(-1)
    if (last === undefined || rows.length < SLICE) return count
    ;({ kind, id, moment } = last)
    yield count
  }
}

function* countPast(context: ReadContext, before: string): Generator<number, number> {
  let count = 0
  const page = context.sql(
    `SELECT kind, id, changed_at AS at, body IS NOT NULL AS whole FROM central_past WHERE (kind, id, changed_at) > (?, ?, ?)
     ORDER BY kind, id, changed_at LIMIT ${SLICE}`,
  )
  for (let [kind, id, at] = ['', '', '']; ; ) {
    const rows = page.all(kind, id, at) as { kind: string; id: string; at: string; whole: number }[]
    count += rows.filter((row) => row.whole === 1 && row.at < before).length
    const last = rows.at(-1)
    if (last === undefined || rows.length < SLICE) return count
    ;({ kind, id, at } = last)
    yield count
  }
}

/** What every rule would remove now, whether it is on or not; the first people of it by name. */
function* preview(
  context: ReadContext,
  { rules, now, offset, limit }: { rules: KeepingRules; now: number; offset: number; limit: number },
): Generator<number, KeepingPreview> {
  const at = (rule: KeepingRule) => cutOffOf(rules, rule, now)
  const { going, staying } = yield* idlePeople(context, at('people').moment)
  yield going.length
  const batches = countIn(context, OLD_BATCHES, at('messages').moment)
  const messages = context
    .sql(`SELECT count(*) FROM transmission t WHERE t.body ->> '$.erasedAt' IS NULL AND t.batch_id IN (${OLD_BATCHES})`)
    .pluck()
    .get(at('messages').moment) as number
  yield batches
  const imports = context.sql(OLD_IMPORTS).pluck().all(at('imports').time) as string[]
  const rowsOf = (table: string): number =>
    context
      .sql(`SELECT count(*) FROM ${table} WHERE import_id IN (SELECT value FROM json_each(?))`)
      .pluck()
      .get(JSON.stringify(imports)) as number
  return {
    counts: {
      people: {
        persons: going.filter(({ kind }) => kind === 'individual').length,
        groups: going.filter(({ kind }) => kind === 'group').length,
        staying: staying.length,
      },
      messages: { batches, messages },
      imports: { imports: imports.length, rows: rowsOf('import_problem'), before: rowsOf('import_before') },
      tokenRuns: { people: countIn(context, OLD_ITEMS, at('tokenRuns').time) },
      history: { edits: yield* countRevisions(context, at('history').moment) },
      copies: {
        conflicts: countIn(context, OLD_CONFLICTS, at('copies').moment),
        versions: yield* countPast(context, at('copies').moment),
      },
    },
    people: going.slice(offset, offset + limit),
    staying: staying.slice(0, limit),
  }
}

/** What goes and what stays when one person is erased. */
export interface PersonPreview {
  readonly id: string
  readonly name: string
  readonly registryNumber: string
  readonly obstacles: readonly ErrorCode[]
  readonly goes: {
    readonly numbers: number
    readonly contacts: number
    readonly memberships: number
    readonly enrolments: number
    readonly consents: number
    readonly edits: number
    readonly messages: number
  }
  readonly stays: { readonly payments: number; readonly entitlements: number }
}

function person(context: ReadContext, { id }: { id: string }): PersonPreview | null {
  const row = context
    .sql('SELECT name, registry_number AS registryNumber, body FROM registrant WHERE id = ?')
    .get(id) as { name: string; registryNumber: string; body: string } | undefined
  if (row === undefined) return null
  const { phoneNumbers, emails, bankAccounts } = JSON.parse(row.body) as Record<
    'phoneNumbers' | 'emails' | 'bankAccounts',
    unknown[]
  >
  const count = (question: string): number =>
    context.sql(`SELECT count(*) FROM (${question})`).pluck().get({ 1: id }) as number
  const payments = `SELECT id, batch_id FROM payment WHERE registrant_id = ?1 UNION SELECT id, batch_id FROM payment WHERE payee_id = ?1`
  return {
    id,
    name: row.name,
    registryNumber: row.registryNumber,
    obstacles: obstaclesTo((text) => context.sql(text), id),
    goes: {
      numbers: count("SELECT id FROM identity_number WHERE registrant_id = ?1 AND value <> ''"),
      contacts: phoneNumbers.length + emails.length + bankAccounts.length,
      memberships: count(
        'SELECT id FROM membership WHERE group_id = ?1 AND removed = 0 UNION SELECT id FROM membership WHERE individual_id = ?1 AND removed = 0',
      ),
      enrolments: count('SELECT id FROM enrolment WHERE registrant_id = ?1 AND removed = 0'),
      consents: count('SELECT id FROM consent WHERE registrant_id = ?1 AND removed = 0'),
      edits: count("SELECT 1 FROM revision WHERE kind = 'registrant' AND record_id = ?1"),
      messages: count(
        `SELECT id FROM transmission WHERE body ->> '$.erasedAt' IS NULL AND batch_id IN (SELECT batch_id FROM (${payments}))`,
      ),
    },
    stays: {
      payments: count(payments),
      entitlements: count('SELECT id FROM entitlement WHERE registrant_id = ?1 AND removed = 0'),
    },
  }
}

export const keepingQueries = {
  ...erasureQueries,
  'keeping.idle': (context: ReadContext, { before }: { before: string }): Generator<number, IdlePeople> =>
    idlePeople(context, before),
  'keeping.preview': preview,
  'keeping.person': person,
} as const
