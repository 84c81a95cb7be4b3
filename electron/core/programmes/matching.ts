import { fail } from '../../../shared/contract/result.ts'
import type { Programme } from '../../../shared/model/programme.ts'
import { findCurrencyDigits } from '../../../shared/rules/currency.ts'
import { compile, type FilterableRecord, filterSchemas, parse } from '../../../shared/rules/filter/index.ts'
import { filterTables } from '../store/filter-tables.ts'
import type { ReadContext } from '../store/read-query.ts'

/** @throws OfficeError `store.not-found` */
export function readProgramme(context: ReadContext, id: string): Programme {
  const body = context.sql('SELECT body FROM programme WHERE id = ?').pluck().get(id) as string | undefined
  return body === undefined ? fail('store.not-found', { kind: 'programme' }) : (JSON.parse(body) as Programme)
}

/** A condition for WHERE and its parameters. */
export interface Condition {
  readonly sql: string
  readonly params: readonly (string | number)[]
}

/**
 * A filter that somebody wrote, as a condition over the row `alias`. Amounts are in the currency's major units.
 *
 * @throws OfficeError `filter.…` with `offset` and `length` of the place in the text
 */
export function filterCondition(text: string, record: FilterableRecord, currency: string, alias: string): Condition {
  const parsed = parse(text)
  const schemas = filterSchemas(findCurrencyDigits(currency) ?? 2)
  const compiled = parsed.ok ? compile(parsed.domain, schemas[record], filterTables, alias) : parsed
  if (compiled.ok) return compiled
  const { code, offset, length, params } = compiled.error
  return fail(code, { ...params, offset, length })
}

/**
 * What somebody typed, as a condition on the names and numbers of the registrant at `alias`; every word is the beginning
 * of one there. Undefined when nothing was typed.
 */
export function searchCondition(typed: string, alias: string): Condition | undefined {
  const words = typed.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
  if (words.length === 0) return undefined
  const match = words.map((word) => `"${word}"*`).join(' ')
  return {
    sql: `${alias}.rowid IN (SELECT rowid FROM registrant_search WHERE registrant_search MATCH ?)`,
    params: [match],
  }
}
