import type { Submission } from '../../../shared/model/batch.ts'
import type { Moment } from '../../../shared/model/record.ts'
import type { ReadContext } from '../store/read-query.ts'

export interface ErasedPerson {
  readonly id: string
  readonly at: Moment
}

/** Of each kind: rows about somebody who was erased that still say something, written by whoever did not know of it. */
const ERASED = 'registrant r INDEXED BY registrant_erased'
const old = (row: string): string => `(${row}.changed_at <= r.erased_at OR r.removed = 1)`
const leftovers = (table: string, columns: readonly string[], left: string): string =>
  columns
    .map(
      (column) =>
        `SELECT r.id AS id, r.erased_at AS at FROM ${table} t JOIN ${ERASED} ON r.id = t.${column} AND r.erased_at IS NOT NULL
         WHERE t.seq > ?1 AND t.seq <= ?2 AND ${left} AND ${old('t')}`,
    )
    .join(' UNION ')

const unmarked = "t.body ->> '$.erasedAt' IS NULL"
const kinds = [
  leftovers('identity_number', ['registrant_id'], "t.value <> ''"),
  leftovers('membership', ['individual_id', 'group_id'], unmarked),
  leftovers('enrolment', ['registrant_id'], unmarked),
  leftovers('entitlement', ['registrant_id'], unmarked),
  leftovers('consent', ['registrant_id'], unmarked),
  leftovers('payment', ['registrant_id', 'payee_id'], unmarked),
  ...['observation', 'collection'].flatMap((table) =>
    ['registrant_id', 'payee_id'].map(
      (column) =>
        `SELECT r.id AS id, r.erased_at AS at FROM ${table} t JOIN payment p ON p.id = t.payment_id
         JOIN ${ERASED} ON r.id = p.${column} AND r.erased_at IS NOT NULL
         WHERE t.seq > ?1 AND t.seq <= ?2 AND ${unmarked} AND ${old('t')}`,
    ),
  ),
]

/** People who were erased and about whom something came since. */
function* arrived(
  context: ReadContext,
  { after, until }: { readonly after: number; readonly until: number },
): Generator<number, ErasedPerson[]> {
  const found = new Map<string, Moment>()
  if (context.sql(`SELECT 1 FROM ${ERASED} WHERE r.erased_at IS NOT NULL LIMIT 1`).get() === undefined) return []
  for (const question of kinds) {
    const rows = context.sql(question).all({ 1: after, 2: until }) as ErasedPerson[]
    for (const { id, at } of rows) found.set(id, at)
    yield found.size
  }
  const erasure = context.sql('SELECT erased_at FROM registrant WHERE id = ? AND erased_at IS NOT NULL').pluck()
  const submissions = context.sql('SELECT body FROM submission WHERE seq > ? AND seq <= ? ORDER BY seq')
  for (const body of submissions.pluck().all(after, until) as string[]) {
    const { changedAt, lines } = JSON.parse(body) as Submission
    for (const { payeeId, payeeName, payeeAddress } of lines) {
      if (payeeName === '' && !payeeAddress.includes(':')) continue
      const at = erasure.get(payeeId) as Moment | undefined
      if (at !== undefined && changedAt <= at) found.set(payeeId, at)
    }
    yield found.size
  }
  return [...found].map(([id, at]) => ({ id, at }))
}

export interface FrozenPeople {
  /** Submissions with lines of them. */
  readonly submissions: readonly string[]
  /** Batches whose messages name some of them, and whom. */
  readonly batches: readonly { readonly id: string; readonly people: readonly string[] }[]
}

/** Where these people are frozen. */
function* frozen(
  context: ReadContext,
  { people }: { readonly people: readonly string[] },
): Generator<number, FrozenPeople> {
  const payments = context.sql(
    `SELECT p.id, p.cycle_id AS cycleId, person.value AS person FROM json_each(?1) person JOIN payment p ON p.payee_id = person.value
     UNION SELECT p.id, p.cycle_id, person.value FROM json_each(?1) person JOIN payment p ON p.registrant_id = person.value`,
  )
  const rows = payments.all({ 1: JSON.stringify(people) }) as { id: string; cycleId: string; person: string }[]
  const persons = Map.groupBy(rows, ({ id }) => id)
  const submissions: string[] = []
  const batches = new Map<string, Set<string>>()
  const ofCycle = context.sql(
    'SELECT s.id, s.batch_id AS batchId, s.body FROM batch b JOIN submission s ON s.batch_id = b.id WHERE b.cycle_id = ?',
  )
  for (const cycleId of new Set(rows.map((row) => row.cycleId))) {
    for (const row of ofCycle.all(cycleId) as { id: string; batchId: string; body: string }[]) {
      const { lines } = JSON.parse(row.body) as Submission
      const named = lines.flatMap(({ paymentId }) => persons.get(paymentId)?.map(({ person }) => person) ?? [])
      if (named.length > 0) {
        submissions.push(row.id)
        batches.set(row.batchId, (batches.get(row.batchId) ?? new Set<string>()).union(new Set(named)))
      }
      yield submissions.length
    }
  }
  return { submissions, batches: [...batches].map(([id, whom]) => ({ id, people: [...whom] })) }
}

export const erasureQueries = { 'keeping.arrived': arrived, 'keeping.frozen': frozen } as const
