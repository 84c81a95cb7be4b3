import { join, resolve } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { readArguments, readSecret } from '../doors/command-line.ts'
import type { Desk } from '../doors/desk.ts'
import { ArgumentError, defaultDataDirectory } from '../doors/office-arguments.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { checkTrustedOfficer } from '../identity/trust.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { Store } from '../store/store.ts'
import { hasKeyFile, needsPassphrase, newRecoveryKey, openAndSettle, STORE_FILE } from './key-file.ts'
import { clearCutOffReplacement, replaceKey } from './replace-key.ts'
import { systemKeyRing } from './system-key-ring.ts'

const text = { type: 'string' } as const
const options = { data: text, login: text, 'pin-fd': text, 'passphrase-fd': text } as const

/**
 * `replace-key --login LOGIN --pin-fd N [--data DIR] [--passphrase-fd N]`: replaces the key of the data of an office that is
 * closed, and tells its new recovery key, which is to be typed back at the screens.
 */
export async function replaceKeyCommand(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (positionals.length > 0) throw new ArgumentError(`${positionals[0]} is no option`)
  if (values.login === undefined || values.login === '') throw new ArgumentError('--login is missing')
  const dataDirectory = resolve(values.data ?? defaultDataDirectory(process.platform, process.env))
  const directory = join(dataDirectory, 'office')
  if (!hasKeyFile(directory)) fail('vault.no-office', { folder: directory })
  const isLocked = needsPassphrase(directory)
  const passphrase = isLocked ? readSecret(values['passphrase-fd'], '--passphrase-fd') : undefined
  const pin = readSecret(values['pin-fd'], '--pin-fd')
  const release = holdDirectory(dataDirectory)
  try {
    const keyStore = systemKeyRing()
    const key = await openAndSettle(directory, passphrase, keyStore)
    clearCutOffReplacement(directory)
    const officerId = await administratorIn(join(directory, STORE_FILE), key, values.login, pin)
    const recoveryKey = newRecoveryKey(directory, Date.now())
    await replaceKey({ directory, passphrase, keyStore, recoveryKey, officerId })
    desk.say({ replaced: true, recoveryKey: recoveryKey.text })
    desk.explain('The recovery key is told only now. An administrator types it back under Settings, Backups.')
    return 0
  } finally {
    release()
  }
}

/** @throws OfficeError `api.not-your-role`, `identity.wrong-pin`, `identity.too-many-tries` */
async function administratorIn(file: string, key: Uint8Array, login: string, pin: string): Promise<string> {
  const store = new Store({ file, key: { bytes: key } })
  try {
    const id = store
      .sql("SELECT id FROM officer WHERE lower(login) = lower(?) AND removed = 0 AND state = 'active'")
      .pluck()
      .get(login) as string | undefined
    const officer = id === undefined ? undefined : store.get('officer', id)
    if (!officer?.roles.includes('administrator')) return fail('api.not-your-role')
    await checkTrustedOfficer(store, officer)
    await openOfficerKey(store, officer.id, pin)
    return officer.id
  } finally {
    store.close()
  }
}
