import type { Fault } from '../../../../shared/contract/result.ts'

/** The longest reason of a server that an officer is shown. */
const LONGEST_REASON = 300

/** How the rules in `resources/central/records` begin what has a sentence of its own; all else is shown in their words. */
const SAID: readonly (readonly [said: string, code: Fault['code']])[] = [
  ['kind: ', 'central.rules-older'],
  ['role: only offices', 'central.no-right-to-write'],
]

/** Why a row of an answer to `_bulk_docs` says that a document was refused; undefined where it does not. */
export function faultOfRefused({
  error,
  reason = '',
}: {
  readonly error?: string | undefined
  readonly reason?: string | undefined
}): Fault | undefined {
  if (error === 'forbidden' || error === 'unauthorized') {
    const known = SAID.find(([said]) => reason.startsWith(said))
    if (known !== undefined) return { code: known[1], params: {} }
    return { code: 'central.write-refused', params: { reason: reason.slice(0, LONGEST_REASON) } }
  }
  return error === 'document_too_large' || error === 'too_large' ? { code: 'central.too-large', params: {} } : undefined
}
