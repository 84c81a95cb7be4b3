import { join, resolve } from 'node:path'
import { OfficeError } from '../../../shared/contract/result.ts'
import { OFFICE_FOLDER, TRAINING_FOLDER } from '../data-folder.ts'
import { readArguments, readSecret } from '../doors/command-line.ts'
import type { Desk } from '../doors/desk.ts'
import { ArgumentError, defaultDataDirectory } from '../doors/office-arguments.ts'
import { openDatabase } from '../store/database.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { Marks } from '../store/marks.ts'
import { hasKeyFile, needsPassphrase, openKeyFile } from '../vault/key-file.ts'
import { REPORT_FORMAT } from './diagnose.ts'
import { folderFacts, machineFacts } from './machine-facts.ts'
import { storeFacts } from './store-facts.ts'

const text = { type: 'string' } as const
const options = { data: text, training: { type: 'boolean' }, 'passphrase-fd': text } as const

/**
 * `diagnostics [--data DIR] [--passphrase-fd N] [--training]`: the report of an office that is closed, also of one that does not
 * open any more. Without its passphrase it tells of program, machine and files only.
 */
export async function diagnosticsCommand(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (positionals.length > 0) throw new ArgumentError('diagnostics takes no further words')
  const dataDirectory = resolve(values.data ?? defaultDataDirectory(process.platform, process.env))
  const directory = join(dataDirectory, values.training ? TRAINING_FOLDER : OFFICE_FOLDER)
  const now = Date.now()
  const outside = {
    format: REPORT_FORMAT,
    at: new Date(now).toISOString(),
    door: 'command-line',
    training: values.training === true,
    machine: machineFacts(),
    folder: folderFacts(directory),
  }
  const isOpenable = hasKeyFile(directory) && (!needsPassphrase(directory) || values['passphrase-fd'] !== undefined)
  if (!isOpenable) {
    desk.say(outside)
    return 0
  }
  const passphrase = needsPassphrase(directory) ? readSecret(values['passphrase-fd'], '--passphrase-fd') : undefined
  return reportWhole(dataDirectory, directory, passphrase, outside, now, desk)
}

/** With what the store tells; where it does not open, with the code that says why. */
async function reportWhole(
  dataDirectory: string,
  directory: string,
  passphrase: string | undefined,
  outside: object,
  now: number,
  desk: Desk,
): Promise<number> {
  const release = holdDirectory(dataDirectory)
  try {
    const key = await openKeyFile(directory, passphrase)
    const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'read')
    try {
      const marks = new Marks(database)
      const store = { sql: (sql: string) => database.prepare(sql), findMark: (mark: string) => marks.find(mark) }
      desk.say({ ...outside, installationId: marks.find('installation') ?? null, ...storeFacts(store, now) })
    } finally {
      database.close()
    }
    return 0
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error
    desk.say({ ...outside, code: error.fault.code })
    return 1
  } finally {
    release()
  }
}
