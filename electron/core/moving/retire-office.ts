import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { BackupFound } from '../../../shared/model/backup.ts'
import { runBackupTask } from '../backup/backup-worker.ts'
import { backupWishOf } from '../backup/backups.ts'
import { placeOf } from '../store/installation-file.ts'
import { endRetirement, findRetirement, noteRetirement, type Retirement, sayRetired } from '../store/retirement.ts'
import { Store, type Transaction } from '../store/store.ts'
import { STORE_FILE } from '../vault/key-file.ts'

export interface ClosedOffice {
  /** The folder of a real office that is closed; held by the caller. */
  readonly directory: string
  readonly key: Uint8Array
  readonly officerId: string
  readonly now: () => number
}

/**
 * Retires this laptop and writes the last backup of its office, in one go: nothing can change between the two. Where no backup
 * comes about, the laptop stays retired until the move is tried again or given up, because a backup may stand for all that.
 *
 * @throws OfficeError `moving.retired`, `backup.*`, `store.*`
 */
export async function retireOffice(office: ClosedOffice, folder: string): Promise<void> {
  const { directory, key, officerId, now } = office
  const store = openStore(directory, key)
  try {
    const before = findRetirement(store)
    if (before !== undefined && before.backup !== null) fail('moving.retired')
    const begun: Retirement = {
      at: now(),
      officerId,
      place: placeOf(directory),
      sequence: before?.sequence ?? Number(store.findMark('sequence') ?? 0),
      folders: [...new Set([...(before?.folders ?? []), folder])],
      backup: null,
    }
    store.transaction(officerId, (transaction) => {
      noteRetirement(transaction, begun)
      audit(transaction, store, 'office.move-begun', {})
    })
    sayRetired(directory, true)
    const task = { task: 'make', directory, key, folder, ...backupWishOf(store, now()) } as const
    const { backup } = await runBackupTask(task)
    const { madeAt, bytes } = backup.manifest
    store.transaction(officerId, (transaction) => {
      noteRetirement(transaction, { ...begun, backup: { path: backup.path, madeAt, bytes } })
      audit(transaction, store, 'office.retired', { madeAt, bytes })
    })
  } finally {
    store.close()
  }
}

/**
 * Gives a move up whose last backup never came about. Where one lies in the folder it may have been put in place elsewhere, and
 * two laptops would pay: then the only way on is to finish the move.
 *
 * @throws OfficeError `moving.not-leaving`, `moving.retired`, `moving.backup-there`, `backup.folder-*` where nobody can look
 */
export async function stayHere({ directory, key, officerId }: ClosedOffice): Promise<void> {
  const store = openStore(directory, key)
  try {
    const retirement = findRetirement(store) ?? fail('moving.not-leaving')
    if (retirement.backup !== null) fail('moving.retired')
    for (const folder of retirement.folders) {
      const since = await backupsSince(store, folder, retirement.sequence)
      if (since.length > 0) fail('moving.backup-there')
    }
    sayRetired(directory, false)
    store.transaction(officerId, (transaction) => {
      endRetirement(transaction)
      audit(transaction, store, 'office.move-given-up', {})
    })
  } finally {
    store.close()
  }
}

async function backupsSince(store: Store, folder: string, sequence: number): Promise<readonly BackupFound[]> {
  const found = await runBackupTask({ task: 'look', folder, writable: true })
  return found.filter(
    ({ manifest }) => manifest.installationId === store.installationId && manifest.sequence > sequence,
  )
}

const openStore = (directory: string, key: Uint8Array): Store =>
  new Store({ file: join(directory, STORE_FILE), key: { bytes: key } })

function audit(transaction: Transaction, store: Store, action: string, detail: Readonly<Record<string, number>>): void {
  transaction.audit({ action, subjectKind: 'office', subjectId: store.installationId, detail })
}
