import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { sameValue } from '../../../shared/rules/three-way.ts'
import { collections } from './collections.ts'

/** The officer's id for steps that the office does by itself (jobs, callbacks); a human id otherwise. Of them nobody is a maker. */
export const OFFICE = 'office'

/** Makers of a record of this kind that an officer writes first; undefined where it has none. */
export const madeBy = (kind: RecordKind, officerId: string): string[] | undefined =>
  collections[kind].made === undefined || officerId === OFFICE ? undefined : [officerId]

/**
 * A record as an officer writes it, with its makers (I7): those it had, and the officer where it is new or says otherwise
 * what decides how much is paid, or to which address. What the record itself says of them does not count.
 */
export function withMakers<K extends RecordKind>(
  kind: K,
  record: RecordOf<K>,
  before: RecordOf<K> | undefined,
  officerId: string,
): RecordOf<K> {
  const { made } = collections[kind]
  if (made === undefined) return record
  const { makers: claimed, ...rest } = record as RecordOf<K> & { readonly makers?: unknown }
  const known = (before as { readonly makers?: readonly string[] } | undefined)?.makers ?? []
  const isMaker = before === undefined || made.some((field) => !sameValue(before[field], record[field]))
  const makers = isMaker ? [...new Set([...known, ...(madeBy(kind, officerId) ?? [])])] : known
  return (makers.length === 0 ? rest : { ...rest, makers }) as RecordOf<K>
}
