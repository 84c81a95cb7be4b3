import { join } from 'node:path'
import { fail } from '../../../../shared/contract/result.ts'
import { CENTRE } from '../../../../shared/model/central-file.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import { holdDirectory } from '../../store/directory-lock.ts'
import { InstallationGuard } from '../../store/installation-guard.ts'
import { openReader } from '../../store/reader.ts'
import { Store } from '../../store/store.ts'
import { hasKeyFile, openKeyFile } from '../../vault/key-file.ts'
import { type Exported, exportChanges } from './export.ts'
import { listRecipients } from './recipients.ts'

export interface FolderExport {
  /** The office's own folder within the data folder. */
  readonly directory: string
  readonly dataDirectory: string
  readonly passphrase: string | undefined
  /** `centre`, or the name or installation of an office whose card was taken. */
  readonly to: string
  /** Who signs. */
  readonly login: string
  readonly pin: string
  readonly path: string
  readonly whole: boolean
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Writes changes of an office that is not open into a file, as its screens do. Nothing that waits in the outbox is sent
 * meanwhile: its jobs are not started.
 *
 * @throws OfficeError `store.in-use`, `store.not-found`, `vault.wrong-passphrase`, `identity.wrong-pin`,
 *   `central-files.no-recipient`, `central.not-configured`
 */
export async function exportFolder(wanted: FolderExport): Promise<Exported> {
  const { directory, dataDirectory, passphrase, to, login, pin, path, whole, onProgress } = wanted
  if (!hasKeyFile(directory)) fail('store.not-found', { kind: 'office' })
  const release = holdDirectory(dataDirectory)
  try {
    const [file, key] = [join(directory, 'office.db'), await openKeyFile(directory, passphrase)]
    const store = new Store({ file, key: { bytes: key } })
    const reader = openReader(file, key)
    const guard = new InstallationGuard(store, directory)
    try {
      await reader.opened
      const context = { store, reader, epoch: () => guard.epoch, now: () => Date.now() }
      const options = { to: recipientOf(store, to), pin, path, whole, onProgress }
      return await exportChanges(context, officerOf(store, login), options)
    } finally {
      await reader.close()
      guard.close()
      store.close()
    }
  } finally {
    release()
  }
}

function recipientOf(store: Store, name: string): string {
  if (name === CENTRE) return CENTRE
  const fitting = listRecipients(store).filter(
    ({ installationId, officeName }) => installationId === name || officeName === name,
  )
  const [only] = fitting
  // Two offices of one name are told apart by their installation.
  return fitting.length === 1 && only !== undefined ? only.installationId : fail('central-files.no-recipient')
}

function officerOf(store: Store, login: string): Officer {
  const id = store
    .sql("SELECT id FROM officer WHERE lower(login) = lower(?) AND removed = 0 AND state = 'active'")
    .pluck()
    .get(login) as string | undefined
  const officer = id === undefined ? undefined : store.get('officer', id)
  if (officer === undefined || !officer.roles.some((role) => role !== 'auditor')) return fail('api.not-your-role')
  return officer
}
