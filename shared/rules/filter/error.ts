import type { filterErrors } from '../../contract/errors/filter.ts'
import type { Span } from './domain.ts'

export type FilterErrorCode = keyof typeof filterErrors

/** Why a filter was refused, and where: `offset` and `length` in UTF-16 units, always inside the text. */
export interface FilterError {
  readonly code: FilterErrorCode
  readonly offset: number
  readonly length: number
  readonly params: Readonly<Record<string, string | number>>
}

export interface Refusal {
  readonly ok: false
  readonly error: FilterError
}

/** Inside this folder only: carries a refusal out of a nested step to the public function, which returns it. */
export class Refused {
  readonly error: FilterError
  constructor(code: FilterErrorCode, span: Span, params: FilterError['params'] = {}) {
    this.error = { code, offset: span.offset, length: span.length, params }
  }
}

/** Runs `work`; a refusal inside it becomes a value, any other fault goes on. */
export function refusing<T extends { readonly ok: true }>(work: () => T): T | Refusal {
  try {
    return work()
  } catch (fault) {
    if (fault instanceof Refused) return { ok: false, error: fault.error }
    throw fault
  }
}

/** Quoted text goes into sentences; keep it short. */
export const excerpt = (text: string): string =>
  text.length > 40 ? `${Array.from(text).slice(0, 39).join('')}…` : text
