import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readArguments, readSecret } from '../../doors/command-line.ts'
import type { Desk } from '../../doors/desk.ts'
import { ArgumentError, defaultDataDirectory } from '../../doors/office-arguments.ts'
import { hasKeyFile, needsPassphrase } from '../../vault/key-file.ts'
import { exportFolder } from './export-folder.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const options = {
  to: text,
  login: text,
  data: text,
  'pin-fd': text,
  'passphrase-fd': text,
  whole: flag,
  training: flag,
} as const

/**
 * `central-export FILE --to WHOM --login LOGIN --pin-fd N [--data DIR] [--passphrase-fd N] [--whole]`: writes what changed in an
 * office that is closed into a file for another office or for the centre.
 */
export async function centralExport(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [path, ...rest] = positionals
  if (path === undefined || rest.length > 0) throw new ArgumentError('one file is needed')
  if (existsSync(path)) throw new ArgumentError('the file is already there')
  const given = (name: 'to' | 'login'): string => {
    const value = values[name]
    if (value === undefined || value === '') throw new ArgumentError(`--${name} is missing`)
    return value
  }
  const dataDirectory = resolve(values.data ?? defaultDataDirectory(process.platform, process.env))
  const directory = join(dataDirectory, values.training === true ? 'training' : 'office')
  const isLocked = hasKeyFile(directory) && needsPassphrase(directory)
  const { sequence, ...counts } = await exportFolder({
    dataDirectory,
    directory,
    to: given('to'),
    login: given('login'),
    passphrase: isLocked ? readSecret(values['passphrase-fd'], '--passphrase-fd') : undefined,
    pin: readSecret(values['pin-fd'], '--pin-fd'),
    path,
    whole: values.whole === true,
    onProgress: (done, total) => desk.explain(`${done} of ${total} records`),
  })
  desk.say({ file: resolve(path), ...counts, ...sequence })
  return 0
}
