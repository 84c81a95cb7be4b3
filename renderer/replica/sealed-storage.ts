import { type RxDocumentData, type RxJsonSchema, type RxStorage, wrapRxStorageInstance } from 'rxdb'
import type { Seal } from './seal.ts'

/** Name of the one field that holds what was sealed. */
const SEALED = 'sealed'

type Document = RxDocumentData<Record<string, unknown>>

/**
 * A storage that seals the fields which a schema marks as `encrypted` before they reach the storage below it, and tells of
 * every fault of that storage (corrupt, full, gone, sealed under another key).
 */
export function sealedStorage<Internals, Options>(
  storage: RxStorage<Internals, Options>,
  seal: Seal,
  onFault: (error: unknown) => void,
): RxStorage<Internals, Options> {
  return {
    ...storage,
    name: `sealed-${storage.name}`,
    async createStorageInstance(params) {
      const fields = (params.schema.encrypted ?? []) as string[]
      if (fields.length === 0) return telling(await storage.createStorageInstance(params), onFault)
      const schema = sealedSchema(params.schema, fields)
      const instance = await storage.createStorageInstance({ ...params, schema } as typeof params)
      const { primaryPath, place } = placing(params.schema, params.collectionName)
      // What was written or read last, by identity: a change event of one's own write need not be opened again.
      const plainOf = new WeakMap<object, Document>()
      const sealedOf = new WeakMap<object, Document>()
      const remember = (plain: Document, closed: Document): void => {
        plainOf.set(closed, plain)
        sealedOf.set(plain, closed)
      }

      const toStorage = async (plain: Document): Promise<Document> => {
        const known = sealedOf.get(plain)
        if (known !== undefined) return known
        const open: Record<string, unknown> = {}
        const personal: Record<string, unknown> = {}
        for (const [field, value] of Object.entries(plain)) (fields.includes(field) ? personal : open)[field] = value
        // A document that went away, or bookkeeping without a document, has nothing to seal.
        const closed = (
          Object.keys(personal).length === 0
            ? open
            : { ...open, [SEALED]: await seal.seal(place(String(plain[primaryPath])), personal) }
        ) as Document
        remember(plain, closed)
        return closed
      }
      const fromStorage = async (closed: Document): Promise<Document> => {
        const known = plainOf.get(closed)
        if (known !== undefined) return known
        const { [SEALED]: text, ...open } = closed
        const plain = (
          typeof text === 'string' ? { ...open, ...(await seal.open(place(String(closed[primaryPath])), text)) } : open
        ) as Document
        remember(plain, closed)
        return plain
      }
      const wrapped = wrapRxStorageInstance(
        params.schema as unknown as RxJsonSchema<Document>,
        instance as never,
        toStorage as never,
        fromStorage as never,
      )
      return telling(wrapped as unknown as typeof instance, onFault)
    },
  }
}

function placing(schema: { primaryKey: unknown; version: number }, collectionName: string) {
  const { primaryKey } = schema
  const primaryPath = typeof primaryKey === 'string' ? primaryKey : (primaryKey as { key: string }).key
  return { primaryPath, place: (id: string): string => `${collectionName}\u001f${id}` }
}

function sealedSchema<S extends { properties: object; encrypted?: unknown; required?: unknown }>(
  { encrypted, ...schema }: S,
  fields: readonly string[],
): Omit<S, 'encrypted'> {
  const properties = Object.fromEntries(Object.entries(schema.properties).filter(([field]) => !fields.includes(field)))
  const required = (schema.required as readonly string[] | undefined)?.filter((field) => !fields.includes(field))
  return { ...schema, properties: { ...properties, [SEALED]: { type: 'string' } }, required } as never
}

const WATCHED = ['bulkWrite', 'query', 'findDocumentsById', 'count', 'getChangedDocumentsSince'] as const

/** Tells of every rejected operation, and lets it be rejected. */
function telling<I extends object>(instance: I, onFault: (error: unknown) => void): I {
  const methods = instance as Record<string, unknown>
  for (const name of WATCHED) {
    const method = methods[name]
    if (typeof method !== 'function') continue
    methods[name] = async (...parameters: unknown[]) => {
      try {
        return await method.apply(instance, parameters)
      } catch (error) {
        onFault(error)
        throw error
      }
    }
  }
  return instance
}
