import type { RxJsonSchema, TopLevelProperty } from 'rxdb'
import { z } from 'zod'
import { type ReplicaDocument, type ReplicaName, replicaCollection } from '../../shared/model/replica.ts'

/** Longest id that the store writes. */
const ID_LENGTH = 64

/**
 * Number of the edit that a document was written by here; the store's documents have none. RxDB pushes what differs from the
 * last document of the store that it noted: without the mark a value that was edited and edited back would look as if it
 * had come from there, and the last edit would be lost.
 */
export const LOCAL_EDIT = 'localEdit'

/** JSON Schema of an indexed field; RxDB needs its length to order by it. */
function propertyOf(schema: z.ZodType): TopLevelProperty {
  const { type, maxLength, enum: choices } = z.toJSONSchema(schema, { unrepresentable: 'any' })
  const lengths = choices?.map((choice) => String(choice).length)
  const longest = lengths === undefined ? maxLength : Math.max(...lengths)
  return {
    ...(type === undefined ? {} : { type }),
    ...(type === 'string' && longest !== undefined ? { maxLength: longest } : {}),
  } as TopLevelProperty
}

/**
 * The RxDB schema of a collection, from the record's own. `encrypted` names the fields that the sealed storage seals; RxDB
 * passes the mark on to the replication's own bookkeeping, which holds whole documents too. Documents were checked by the
 * record's schema in the core, so the other fields are only named. There are no versions and no migrations: a replica that
 * does not fit is made anew from the store.
 */
export function schemaOf<N extends ReplicaName>(name: N): RxJsonSchema<ReplicaDocument<N>> {
  const { schema, sealed, indexes } = replicaCollection(name)
  const properties = Object.fromEntries(
    Object.entries(schema.shape).map(([field, type]) => [
      field,
      indexes.includes(field) ? propertyOf(type as z.ZodType) : {},
    ]),
  )
  return {
    title: name,
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: { ...properties, [LOCAL_EDIT]: {}, id: { type: 'string', maxLength: ID_LENGTH } },
    required: ['id', ...indexes],
    indexes: [...indexes],
    ...(sealed.length === 0 ? {} : { encrypted: [...sealed] }),
  } as unknown as RxJsonSchema<ReplicaDocument<N>>
}
