import {
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorage,
  type RxStorageInstance,
  wrapRxStorageInstance,
} from 'rxdb'
import type { Seal } from './seal.ts'

/** Name of the one field that holds what was sealed. */
const SEALED = 'sealed'

type Document = RxDocumentData<Record<string, unknown>>

/** Documents written in one go: few enough that the screen stays smooth while thousands come. */
const WRITE_AT_ONCE = 150
const SMALL_WRITE = 20

export interface SealedStorageOptions {
  readonly seal: Seal
  /** Hears of every fault of the storage below: corrupt, full, gone, sealed under another key. */
  readonly onFault: (error: unknown) => void
}

/**
 * A storage that seals the fields which a schema marks as `encrypted` before they reach the storage below it, and writes
 * many documents piece by piece.
 */
export function sealedStorage<Internals, Options>(
  storage: RxStorage<Internals, Options>,
  { seal, onFault }: SealedStorageOptions,
): RxStorage<Internals, Options> {
  const gate = new Gate()
  return {
    ...storage,
    name: `sealed-${storage.name}`,
    async createStorageInstance(params) {
      const fields = (params.schema.encrypted ?? []) as string[]
      if (fields.length === 0) return telling(inPieces(await storage.createStorageInstance(params), gate), onFault)
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
      return telling(inPieces(wrapped as unknown as typeof instance, gate), onFault)
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

/** Lets one piece of work through after the other. */
class Gate {
  #taken = false
  readonly #waiting: (() => void)[] = []

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken) await new Promise<void>((go) => this.#waiting.push(go))
    this.#taken = true
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // The way stays taken for the next one; a timer lets the page answer in between.
      if (next === undefined) this.#taken = false
      else setTimeout(next)
    }
  }
}

/** Writes many documents in pieces, all collections in turn, so that the page can answer between them. */
function inPieces<D, A, B>(instance: RxStorageInstance<D, A, B>, gate: Gate): RxStorageInstance<D, A, B> {
  const write = instance.bulkWrite.bind(instance)
  instance.bulkWrite = async (rows, context) => {
    // An officer's edit does not wait behind thousands of documents.
    if (rows.length <= SMALL_WRITE) return write(rows, context)
    const error: Awaited<ReturnType<typeof write>>['error'] = []
    for (let from = 0; from < rows.length; from += WRITE_AT_ONCE) {
      const piece = rows.slice(from, from + WRITE_AT_ONCE)
      error.push(...(await gate.pass(() => write(piece, context))).error)
    }
    return { error }
  }
  return instance
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
