import { OfficeError } from '../../../shared/contract/result.ts'
import type { Store } from '../store/store.ts'
import { keyFileText, replaceKeyFile } from './key-file.ts'

export interface KeyFileDeed {
  readonly store: Store
  readonly directory: string
  readonly officerId: string
  /** The new content of the file. */
  readonly keyFile: string
  readonly action: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Key file and audit entry together: what cannot be noted is taken back. */
export function putKeyFile({ store, directory, officerId, keyFile, action, detail }: KeyFileDeed): void {
  const before = keyFileText(directory)
  try {
    store.transaction(officerId, (transaction) => {
      replaceKeyFile(directory, keyFile)
      transaction.audit({ action, subjectKind: 'office', subjectId: store.installationId, detail })
    })
  } catch (error) {
    if (error instanceof OfficeError) replaceKeyFile(directory, before)
    throw error
  }
}
