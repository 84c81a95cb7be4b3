import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** The databases that a district has, by what they are for. */
export type Database = 'records' | 'claims' | 'inbox'
export const databases = ['records', 'claims', 'inbox'] as const satisfies readonly Database[]

const Version = z.object({ version: z.int().min(1), schemaVersion: z.int().min(1) })

/** What CouchDB itself has to know and to refuse (`resources/central`). */
export interface Design {
  /** Of the functions; a newer one replaces an older one. */
  readonly version: number
  /** Of the shapes of the documents. */
  readonly schemaVersion: number
  /** Source of each database's `validate_doc_update`. */
  readonly validate: Readonly<Record<Database, string>>
}

/** From the sources as from the built program, whose files lie flat: the nearest folder of this name above this file. */
function findFolder(from = dirname(fileURLToPath(import.meta.url))): string {
  const folder = join(from, 'resources', 'central')
  if (existsSync(join(folder, 'version.json'))) return folder
  const above = dirname(from)
  if (above === from) throw new Error('resources/central is missing')
  return findFolder(above)
}

/** CouchDB wants the bare function, without a name; the file has one so that tools can read it. */
export const functionOf = (file: string): string =>
  file.slice(file.indexOf('function validate(')).replace('function validate(', 'function (').trim()

/** Reads what is shipped with the program. */
export function readDesign(): Design {
  const folder = findFolder()
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8')
  return {
    ...Version.parse(JSON.parse(read('version.json'))),
    validate: {
      records: functionOf(read('records', 'validate.js')),
      claims: functionOf(read('claims', 'validate.js')),
      inbox: functionOf(read('inbox', 'validate.js')),
    },
  }
}
