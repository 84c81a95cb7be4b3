import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { type Database, syncDirectory, translate } from './database.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'

/**
 * Brings the store to this version, one transaction a migration. A file from a newer version is refused before
 * anything is written to it. A store that holds data is copied beside itself first (`<file>.before-<number>`); the
 * copy is encrypted with the same key and stays until the next migration.
 *
 * @returns the copy's path when one was made
 * @throws OfficeError `store.from-the-future`
 */
export function migrate(
  database: Database,
  file: string,
  migrations: readonly Migration[] = allMigrations,
): { readonly from: number; readonly to: number; readonly copy: string | undefined } {
  const from = database.pragma('user_version', { simple: true }) as number
  const to = migrations.length
  if (from > to) fail('store.from-the-future', { found: from, known: to })
  if (from === to) return { from, to, copy: undefined }

  const copy = from > 0 ? copyBeside(database, file, from) : undefined
  for (const migration of migrations.slice(from)) {
    translate(() =>
      database.transaction(() => {
        migration.run(database)
        database.pragma(`user_version = ${migration.number}`)
      })(),
    )
  }
  return { from, to, copy }
}

function copyBeside(database: Database, file: string, version: number): string {
  const copy = `${file}.before-${version + 1}`
  rmSync(copy, { force: true })
  translate(() => database.prepare('VACUUM INTO ?').run(copy))
  syncDirectory(dirname(copy))
  return copy
}
