import { fail } from '../../../shared/contract/result.ts'
import { type RecordKind, type RecordOf, records } from '../../../shared/model/records.ts'
import { collections } from './collections.ts'
import type { Draft } from './store.ts'

declare const prepared: unique symbol

/**
 * A new record that was checked against its schema and laid out for its table outside the core thread. Only
 * {@link prepareRecord} makes one, so `Transaction.insert` need not check it again. Plain data: it crosses threads.
 */
export interface PreparedRecord<K extends RecordKind> {
  readonly [prepared]?: K
  readonly id: string
  /** Facts in the order of the collection's columns; the place of `changed_by` is filled by the transaction. */
  readonly facts: readonly (string | number | null)[]
  /** The body's JSON around its change marks. */
  readonly head: string
  readonly tail: string
}

const UNSET_MOMENT = '000000000-0000-0'
const UNSET_OFFICER = '-'
const MARKS = `"changedAt":"${UNSET_MOMENT}","changedBy":"${UNSET_OFFICER}"`

/** @throws OfficeError `store.invalid-record` when the record does not fit its schema */
export function prepareRecord<K extends RecordKind>(kind: K, draft: Draft<K>): PreparedRecord<K> {
  // Who made it is known when it is written.
  const { id, makers, ...rest } = draft as Draft<K> & { id: string; makers?: unknown }
  const checked = records[kind].schema.safeParse({
    id,
    changedAt: UNSET_MOMENT,
    changedBy: UNSET_OFFICER,
    ...(collections[kind].made === undefined && makers !== undefined ? { makers } : {}),
    ...rest,
  })
  if (!checked.success) {
    fail('store.invalid-record', { kind, where: checked.error.issues[0]?.path.join('.') ?? '' }, checked.error)
  }
  const record = checked.data as unknown as RecordOf<K>
  const body = JSON.stringify(record)
  // Right behind the id by the schema's order of fields, before any text that a person wrote.
  const at = body.indexOf(MARKS)
  if (at !== JSON.stringify({ id }).length) throw new Error(`the change marks of ${kind} do not follow its id`)
  return {
    id,
    facts: Object.values(collections[kind].columns).map((fact) => fact(record)),
    head: body.slice(0, at),
    tail: body.slice(at + MARKS.length),
  }
}

/** A record of another office, checked and laid out for its table outside the core thread. Plain data: it crosses threads. */
export interface AdoptableRecord<K extends RecordKind> {
  readonly [prepared]?: K
  readonly id: string
  readonly changedAt: string
  readonly facts: readonly (string | number | null)[]
  readonly body: string
}

/**
 * With the record that it was laid out from. Undefined when the fields do not fit the schema of their kind; fields that the
 * schema does not know are left out.
 */
export function findAdoptable<K extends RecordKind>(
  kind: K,
  fields: unknown,
): { readonly adoptable: AdoptableRecord<K>; readonly record: RecordOf<K> } | undefined {
  const checked = records[kind].schema.safeParse(fields)
  if (!checked.success) return undefined
  const record = checked.data as unknown as RecordOf<K>
  const adoptable = {
    id: record.id,
    changedAt: record.changedAt,
    facts: Object.values(collections[kind].columns).map((fact) => fact(record)),
    body: JSON.stringify(record),
  }
  return { adoptable, record }
}
