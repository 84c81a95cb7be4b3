import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { readArguments, readSecret } from '../doors/command-line.ts'
import type { Desk } from '../doors/desk.ts'
import { ArgumentError, defaultDataDirectory } from '../doors/office-arguments.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import type { Opener } from '../vault/key-file.ts'
import { findBackups } from './backup-folder.ts'
import { restoreOffice } from './restore-office.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const options = {
  from: text,
  data: text,
  'passphrase-fd': text,
  'recovery-key-fd': text,
  'move-aside': flag,
  list: flag,
} as const

/**
 * `restore --from PLACE [--data DIR] (--passphrase-fd N | --recovery-key-fd N --passphrase-fd N) [--move-aside] [--list]`: puts
 * the newest backup of a place back as the office of a data folder. With a recovery key the passphrase is the new one.
 */
export async function restoreCommand(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (positionals.length > 0) throw new ArgumentError(`${positionals[0]} is no option`)
  if (values.from === undefined || values.from === '') throw new ArgumentError('--from is missing')
  const [newest, ...older] = findBackups(resolve(values.from))
  if (values.list === true) {
    desk.say([newest, ...older])
    return 0
  }
  if (newest === undefined) throw new ArgumentError('--from names no backup')
  const dataDirectory = resolve(values.data ?? defaultDataDirectory(process.platform, process.env))
  const opener = openerOf(values)
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const release = holdDirectory(dataDirectory)
  try {
    const present = values['move-aside'] === true ? 'move-aside' : 'refuse'
    const { backup, aside } = await restoreOffice({ path: newest.path, dataDirectory, present, opener })
    desk.say({ restored: backup, dataDirectory, ...(aside === null ? {} : { movedAside: aside }) })
    desk.explain('Nothing is sent from the restored office before an administrator has confirmed it in the outbox.')
    return 0
  } finally {
    release()
  }
}

function openerOf(values: Readonly<Partial<Record<'passphrase-fd' | 'recovery-key-fd', string>>>): Opener {
  const passphrase = readSecret(values['passphrase-fd'], '--passphrase-fd')
  if (values['recovery-key-fd'] === undefined) return { passphrase }
  if (passphrase.length < 12) throw new ArgumentError('the new passphrase needs at least 12 characters')
  return { recoveryKey: readSecret(values['recovery-key-fd'], '--recovery-key-fd'), newPassphrase: passphrase }
}
