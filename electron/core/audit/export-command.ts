import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readArguments, readSecret } from '../doors/command-line.ts'
import type { Desk } from '../doors/desk.ts'
import { ArgumentError, defaultDataDirectory } from '../doors/office-arguments.ts'
import { writeDurably } from '../store/write-durably.ts'
import { hasKeyFile, needsPassphrase } from '../vault/key-file.ts'
import { exportFolderTrail } from './export-folder.ts'

const text = { type: 'string' } as const

const options = {
  data: text,
  from: text,
  until: text,
  'public-key': text,
  'passphrase-fd': text,
  training: { type: 'boolean' },
} as const

/**
 * `audit-export FILE [--data DIR] [--from DAY] [--until DAY] [--public-key FILE] [--passphrase-fd N] [--training]`: writes the
 * audit trail of an office that is closed, or some days of it (both inclusive, by this machine's time zone), as signed lines.
 */
export async function auditExport(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [path, ...rest] = positionals
  if (path === undefined || rest.length > 0) throw new ArgumentError('one file is needed')
  for (const file of [path, values['public-key']]) {
    if (file !== undefined && existsSync(file)) throw new ArgumentError('the file is already there')
  }
  const dataDirectory = resolve(values.data ?? defaultDataDirectory(process.platform, process.env))
  const which = values.training === true ? 'training' : 'office'
  const directory = join(dataDirectory, which)
  const isLocked = hasKeyFile(directory) && needsPassphrase(directory)
  const { publicKey, ...exported } = await exportFolderTrail({
    dataDirectory,
    which,
    passphrase: isLocked ? readSecret(values['passphrase-fd'], '--passphrase-fd') : undefined,
    path,
    period: { from: startOf('from', values.from, 0), until: startOf('until', values.until, 1) },
    onProgress: (done, total) => desk.explain(`${done} of ${total} entries`),
  })
  if (values['public-key'] !== undefined) writeDurably(values['public-key'], `${JSON.stringify(publicKey)}\n`)
  desk.say({ file: resolve(path), ...exported, publicKey })
  return 0
}

/** Midnight at the beginning of a day, or of a day after it, epoch milliseconds. */
function startOf(option: string, day: string | undefined, plus: number): number | undefined {
  if (day === undefined) return undefined
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  const time = new Date(Number(year), Number(month) - 1, Number(date) + plus).getTime()
  if (Number.isNaN(time)) throw new ArgumentError(`--${option} needs a day such as 2026-03-15`)
  return time
}
