import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Statement } from '../store/database.ts'
import type { ReadContext } from '../store/read-query.ts'
import { obstaclesTo } from './obstacles.ts'

type Sql = (text: string) => Statement

/**
 * Whether nothing has happened about a registrant `r` since the moment `?1`, and no programme has them: no edit, no payment, no
 * enrolment that goes on or ended later.
 */
const IDLE = `r.changed_at < ?1 AND (r.erased_at IS NULL OR r.removed = 0)
  AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.registrant_id = r.id AND e.removed = 0
    AND (e.state <> 'exited' OR e.changed_at >= ?1))
  AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.registrant_id = r.id AND p.state_at >= ?1)
  AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.payee_id = r.id AND p.state_at >= ?1)
  AND NOT EXISTS (SELECT 1 FROM entitlement n WHERE n.registrant_id = r.id AND n.removed = 0 AND n.changed_at >= ?1)
  AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.registrant_id = r.id AND c.removed = 0 AND c.changed_at >= ?1)
  AND NOT EXISTS (SELECT 1 FROM identity_number i WHERE i.registrant_id = r.id AND i.removed = 0 AND i.changed_at >= ?1)`

/** Households that somebody is in today. */
const HOUSEHOLDS = `SELECT m.group_id FROM membership m JOIN registrant g ON g.id = m.group_id
  WHERE m.individual_id = ? AND m.removed = 0 AND m.body ->> '$.endedDate' IS NULL AND g.removed = 0`

const COLUMNS = 'r.rowid AS row, r.id, r.kind, r.name, r.registry_number AS registryNumber, r.changed_at AS changedAt'
/** Registrants looked at between two yields. */
const SLICE = 1_000

export interface IdlePerson {
  readonly id: string
  readonly kind: 'individual' | 'group'
  readonly name: string
  readonly registryNumber: string
  /** When the record was last changed. */
  readonly changedAt: string
}

export interface IdlePeople {
  readonly going: readonly IdlePerson[]
  /** Idle as well, but something about them is under way. */
  readonly staying: readonly (IdlePerson & { readonly why: ErrorCode })[]
}

/**
 * Everybody whom a rule of so many years erases, and who stays and why: households first, then people in no other household.
 *
 * @param before the moment since which nothing happened
 */
export function* idlePeople(context: ReadContext, before: string): Generator<number, IdlePeople> {
  const going: IdlePerson[] = []
  const staying: (IdlePerson & { why: ErrorCode })[] = []
  const gone = new Set<string>()
  const slice = context.sql(
    `SELECT ${COLUMNS}, (${IDLE}) AS idle FROM (SELECT rowid, * FROM registrant WHERE rowid > ?2 AND kind = ?3
     ORDER BY rowid LIMIT ${SLICE}) r`,
  )
  const households = context.sql(HOUSEHOLDS).pluck()
  for (const kind of ['group', 'individual'] as const) {
    for (let after = 0; ; ) {
      const rows = slice.all({ 1: before, 2: after, 3: kind }) as (IdlePerson & { row: number; idle: number })[]
      for (const { row, idle, ...person } of rows) {
        after = row
        if (idle === 0) continue
        if (kind === 'individual' && !(households.all(person.id) as string[]).every((id) => gone.has(id))) continue
        const [why] = obstaclesTo((text) => context.sql(text), person.id)
        if (why !== undefined) staying.push({ ...person, why })
        else {
          going.push(person)
          gone.add(person.id)
        }
      }
      if (rows.length < SLICE) break
      yield going.length
    }
  }
  return { going, staying }
}

/** Whether the rule still erases somebody, asked again right before it does. */
export const isStillIdle = (sql: Sql, id: string, before: string): boolean =>
  sql(`SELECT 1 FROM registrant r WHERE r.id = ?2 AND ${IDLE}`).get({ 1: before, 2: id }) !== undefined &&
  sql(HOUSEHOLDS).get(id) === undefined &&
  obstaclesTo(sql, id).length === 0
