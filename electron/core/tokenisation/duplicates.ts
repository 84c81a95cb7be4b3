import { randomUUID } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { DuplicateView } from '../../../shared/contract/tokenisation.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Store, Transaction } from '../store/store.ts'

/**
 * Notes that a token that was stored now is somebody else's too: probably one person who is registered twice. Both keep
 * what they have until an officer decided. @returns how many are new
 */
export function noteDuplicates(
  transaction: Transaction,
  { registrantId, tokenType, token, at }: { registrantId: string; tokenType: string; token: string; at: number },
): number {
  const others = transaction
    .sql(
      'SELECT registrant_id FROM identity_number WHERE type = ? AND value = ? AND registrant_id <> ? AND removed = 0',
    )
    .pluck()
    .all(tokenType, token, registrantId) as string[]
  let count = 0
  for (const other of others) {
    const [one, two] = [registrantId, other].sort()
    const { changes } = transaction
      .sql(
        `INSERT INTO token_duplicate VALUES (?, ?, ?, ?, ?, 'open', '', NULL, '')
         ON CONFLICT (token_type, one_id, other_id) DO NOTHING`,
      )
      .run(randomUUID(), tokenType, one, two, at)
    count += changes
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
