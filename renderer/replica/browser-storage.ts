import { type DBCore, type DBCoreTable, Dexie } from 'dexie'
import type { RxStorage } from 'rxdb'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'

/**
 * The browser's own database.
 *
 * @param made the databases are made now and nobody else uses them: what was not written by this page is not there. RxDB
 *   asks for each document before it writes it, which takes longer than the writing while a replica fills.
 */
export function browserStorage(made: boolean): RxStorage<unknown, unknown> {
  if (!made) return getRxStorageDexie() as never
  const onCreate = (database: Dexie): void => {
    const create = (core: DBCore): DBCore => ({ ...core, table: (name) => sparing(core.table(name)) })
    database.use({ stack: 'dbcore', name: 'sparing-reads', create })
  }
  return getRxStorageDexie({ onCreate } as never) as never
}

/** Asks a table that was empty at first only for what was written to it. */
function sparing(table: DBCoreTable): DBCoreTable {
  const written = new Set<unknown>()
  const { extractKey } = table.schema.primaryKey
  return {
    ...table,
    mutate(request) {
      if (request.type === 'put' || request.type === 'add') {
        for (const value of request.values) written.add(extractKey?.(value))
      }
      return table.mutate(request)
    },
    getMany(request) {
      const keys = request.keys.filter((key) => written.has(key))
      if (keys.length === request.keys.length) return table.getMany(request)
      if (keys.length === 0) return Dexie.Promise.resolve(request.keys.map(() => undefined))
      return table.getMany({ ...request, keys }).then((found) => {
        const byKey = new Map(keys.map((key, place) => [key, found[place]]))
        return request.keys.map((key) => byKey.get(key))
      })
    },
  }
}
