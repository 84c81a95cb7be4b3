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

const SLICE = 4_000

/** Registrants with a VID and without a token, in no particular order. */
function* candidates(context: ReadContext, input: CandidateInput): Generator<number, string[]> {
  const { filter, vidType, tokenType, due, limit } = input
  const isOpen = filter.replaceAll(/\s/g, '') === '[]' || filter.trim() === ''
  const rows = isOpen ? undefined : new Set(yield* matchingRows(context, compileFilter(filter), 'individual'))
  const dueCondition =
    due === null
      ? ''
      : `AND ${consentHolds('r.id')}
         AND NOT EXISTS (SELECT 1 FROM token_item o WHERE o.registrant_id = r.id AND o.state IN ('chosen', 'sent'))
         AND NOT EXISTS (SELECT 1 FROM token_person p WHERE p.registrant_id = r.id
           AND CASE WHEN p.next_try IS NULL THEN p.basis = r.changed_at || '|' || v.changed_at || '|' || ?
               ELSE p.next_try > ? END)`
  const statement = context.sql(
    `SELECT DISTINCT r.id AS id, r.rowid AS row FROM identity_number v JOIN registrant r ON r.id = v.registrant_id
     WHERE v.rowid > ? AND v.rowid <= ? AND v.type = ? AND v.removed = 0
       AND r.removed = 0 AND r.kind = 'individual' AND r.deceased_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM identity_number t
         WHERE t.registrant_id = r.id AND t.type = ? AND t.removed = 0) ${dueCondition}`,
  )
  const last = (context.sql('SELECT max(rowid) FROM identity_number').pluck().get() as number | null) ?? 0
  const found = new Set<string>()
  for (let from = 0; from < last && found.size < limit; from += SLICE) {
    const values = [from, from + SLICE, vidType, tokenType, ...(due === null ? [] : [due.settings, due.now])]
    for (const { id, row } of statement.all(...values) as { id: string; row: number }[]) {
      if (rows === undefined || rows.has(row)) found.add(id)
    }
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
