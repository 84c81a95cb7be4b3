import { rmSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { rekeyCopy } from '../store/database.ts'
import { Store } from '../store/store.ts'
import { checkCopy, differingFact } from './copied-store.ts'
import { syncFile } from './digest-file.ts'
import { copyStore } from './make-backup.ts'

/** Writes the store of a closed office again under another key. */
export interface RekeyTask {
  readonly task: 'rekey'
  readonly store: string
  readonly copy: string
  readonly key: Uint8Array
  readonly newKey: Uint8Array
  readonly officerId: string
  /** Name of the recovery key that comes with the new key. */
  readonly tag: string
}

export interface Rekeyed {
  readonly bytes: number
}

const SPARE = 8_000_000

/**
 * Copies, enciphers anew, reads the copy whole and holds it against the original; the replacement is the last thing in the
 * copy's trail. The original is not touched. Blocks for seconds, so it runs on a thread of its own.
 *
 * @throws OfficeError `store.disk-full`, `store.read-only`, `store.damaged`, `backup.not-verified`
 */
export function makeRekeyedCopy({ store, copy, key, newKey, officerId, tag }: RekeyTask): Rekeyed {
  removeCopy(copy)
  const needed = statSync(store).size + SPARE
  const { bavail, bsize } = statfsSync(dirname(store))
  if (bavail * bsize < needed) fail('store.disk-full')
  try {
    // First, since a connection that only reads leaves its journal beside the store; the next one takes it away.
    const stated = checkCopy(store, key)
    copyStore(store, key, copy)
    rekeyCopy(copy, { bytes: key }, { bytes: newKey })
    if (differingFact(stated, checkCopy(copy, newKey)) !== undefined) fail('backup.not-verified')
    const written = new Store({ file: copy, key: { bytes: newKey } })
    try {
      written.transaction(officerId, (transaction) =>
        transaction.audit({
          action: 'office.key-replaced',
          subjectKind: 'office',
          subjectId: written.installationId,
          detail: { tag },
        }),
      )
    } finally {
      written.close()
    }
    syncFile(copy)
    return { bytes: statSync(copy).size }
  } catch (error) {
    removeCopy(copy)
    throw error
  }
}

/** Takes a copy away with what lies beside it. */
export function removeCopy(copy: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${copy}${end}`, { recursive: true, force: true })
}
