import { compileFilter, matchingRows } from '../registry/registrant-filter.ts'
import type { ReadContext } from '../store/read-query.ts'
import { consentHolds } from './consents.ts'

export interface CandidateInput {
  readonly filter: string
  readonly vidType: string
  readonly tokenType: string
  /** Only who gave consent, is not in a run and has not been refused as they are. */
  readonly due: { readonly now: number; readonly settings: string } | null
  readonly limit: number
}

/** Identity numbers, or people in runs, that are gone through between two turns of others. */
const SLICE = 2_000

/** Registrants with a VID and without a token, in the order of their ids: every index that is asked is gone through once. */
function* candidates(context: ReadContext, input: CandidateInput): Generator<number, string[]> {
  const { filter, vidType, tokenType, due, limit } = input
  const isOpen = filter.replaceAll(/\s/g, '') === '[]' || filter.trim() === ''
  const rows = isOpen ? undefined : new Set(yield* matchingRows(context, compileFilter(filter), 'individual'))
  const dueCondition =
    due === null
      ? ''
      : `AND ${consentHolds('v.registrant_id')}
         AND NOT EXISTS (SELECT 1 FROM token_item o WHERE o.registrant_id = v.registrant_id AND o.state IN ('chosen', 'sent'))
         AND NOT EXISTS (SELECT 1 FROM token_person p WHERE p.registrant_id = v.registrant_id
           AND CASE WHEN p.next_try IS NULL THEN p.basis = r.changed_at || '|' || v.changed_at || '|' || ?
               ELSE p.next_try > ? END)`
  const bound = context
    .sql('SELECT registrant_id FROM identity_number WHERE registrant_id > ? ORDER BY registrant_id LIMIT 1 OFFSET ?')
    .pluck()
  const statement = context.sql(
    `SELECT DISTINCT v.registrant_id AS id, r.rowid AS row
     FROM identity_number v INDEXED BY identity_number_registrant CROSS JOIN registrant r ON r.id = v.registrant_id
     WHERE v.registrant_id > ? AND v.registrant_id <= ? AND v.type = ? AND v.removed = 0
       AND NOT EXISTS (SELECT 1 FROM identity_number t
         WHERE t.registrant_id = v.registrant_id AND t.type = ? AND t.removed = 0)
       AND r.removed = 0 AND r.kind = 'individual' AND r.deceased_on IS NULL ${dueCondition}`,
  )
  const found = new Set<string>()
  let from = ''
  while (found.size < limit) {
    const to = bound.get(from, SLICE - 1) as string | undefined
    const values = [from, to ?? '\uffff', vidType, tokenType, ...(due === null ? [] : [due.settings, due.now])]
    for (const { id, row } of statement.all(...values) as { id: string; row: number }[]) {
      if (rows === undefined || rows.has(row)) found.add(id)
    }
    if (to === undefined) break
    from = to
    yield found.size
  }
  return [...found].slice(0, limit)
}

/**
 * Which of these numbers were given up for a token; both as hex of their keyed hashes. Goes through all items: an index by
 * hashes would cost every run a page of the file for each person.
 */
function* givenUp(
  context: ReadContext,
  { hashes }: { readonly hashes: readonly string[] },
): Generator<number, string[]> {
  const asked = new Set(hashes)
  const found: string[] = []
  const slice = context.sql(
    'SELECT ref, state, hex(vid_hash) AS hash FROM token_item WHERE ref > ? ORDER BY ref LIMIT ?',
  )
  let after = ''
  for (;;) {
    const rows = slice.all(after, SLICE) as { ref: string; state: string; hash: string }[]
    for (const { state, hash } of rows)
      if (state === 'tokenised' && asked.delete(hash.toLowerCase())) found.push(hash.toLowerCase())
    const last = rows.at(-1)
    if (last === undefined || rows.length < SLICE || asked.size === 0) return found
    after = last.ref
    yield found.length
  }
}

export const candidateQueries = { 'tokenisation.candidates': candidates, 'tokenisation.given-up': givenUp }
