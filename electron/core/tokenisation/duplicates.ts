import { randomUUID } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { DuplicateView } from '../../../shared/contract/tokenisation.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Store, Transaction } from '../store/store.ts'

/**
 * Notes that tokens that were stored now are somebody else's too: probably one person who is registered twice. Both keep
 * what they have until an officer decided.
 *
 * @param tokens by registrant
 * @returns how many are new
 */
export function noteDuplicates(
  transaction: Transaction,
  tokenType: string,
  tokens: ReadonlyMap<string, string>,
  at: number,
): number {
  const pairs = transaction
    .sql(
      `SELECT p.value ->> 0 AS one, n.registrant_id AS other FROM json_each(?) p CROSS JOIN identity_number n
       ON n.type = ? AND n.value = p.value ->> 1 AND n.registrant_id <> p.value ->> 0 AND n.removed = 0`,
    )
    .all(JSON.stringify([...tokens]), tokenType) as { readonly one: string; readonly other: string }[]
  const insert = transaction.sql(
    `INSERT INTO token_duplicate VALUES (?, ?, ?, ?, ?, 'open', '', NULL, '')
     ON CONFLICT (token_type, one_id, other_id) DO NOTHING`,
  )
  let count = 0
  for (const pair of pairs) {
    const [one, two] = [pair.one, pair.other].sort()
    count += insert.run(randomUUID(), tokenType, one, two, at).changes
  }
  return count
}

/** An officer says whether two people with one token are the same. @throws OfficeError `tokenisation.duplicate-decided` */
export function decideDuplicate(
  store: Store,
  officerId: string,
  input: { readonly id: string; readonly verdict: Exclude<DuplicateView['state'], 'open'>; readonly note: string },
  at: number,
): void {
  store.transaction(officerId, (transaction) => {
    const { changes } = transaction
      .sql(
        `UPDATE token_duplicate SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ? AND state = 'open'`,
      )
      .run(input.verdict, officerId, at, cleanLine(input.note, 500).text, input.id)
    if (changes !== 1) fail('tokenisation.duplicate-decided')
    transaction.audit({
      action: 'tokenisation.duplicate-decided',
      subjectKind: 'tokenDuplicate',
      subjectId: input.id,
      detail: { verdict: input.verdict },
    })
  })
}
