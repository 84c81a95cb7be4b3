import { z } from 'zod'
import type { Fault } from '../../../../shared/contract/result.ts'

/** What a server says of each document that was handed in at `_bulk_docs`. */
export const BulkAnswers = z.array(
  z.object({
    id: z.string(),
    rev: z.string().optional(),
    error: z.string().optional(),
    reason: z.string().optional(),
  }),
)
export type BulkAnswer = z.infer<typeof BulkAnswers>[number]

/** The longest reason of a server that an officer is shown. */
const LONGEST_REASON = 300

/** How the rules in `resources/central/records` begin what has a sentence of its own; all else is shown in their words. */
const SAID: readonly (readonly [said: string, code: Fault['code']])[] = [
  ['kind: ', 'central.rules-older'],
  ['role: only offices', 'central.no-right-to-write'],
]

/** Why a document was refused; undefined where it was not. */
export function faultOfRefused({ error, reason = '' }: BulkAnswer): Fault | undefined {
  if (error === 'forbidden' || error === 'unauthorized') {
    const known = SAID.find(([said]) => reason.startsWith(said))
    if (known !== undefined) return { code: known[1], params: {} }
    return { code: 'central.write-refused', params: { reason: reason.slice(0, LONGEST_REASON) } }
  }
  return error === 'document_too_large' || error === 'too_large' ? { code: 'central.too-large', params: {} } : undefined
}
