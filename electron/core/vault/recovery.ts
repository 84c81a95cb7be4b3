import { OfficeError } from '../../../shared/contract/result.ts'
import { OFFICE, type Store } from '../store/store.ts'
import {
  addRecoveryKey,
  keyFileText,
  proveRecoveryKey,
  type RecoveryFacts,
  recoveryFacts,
  replaceKeyFile,
} from './key-file.ts'

export interface RecoveryStatus {
  /** The key that was made last; null before the first. */
  readonly newest: RecoveryFacts | null
  /** An older key that was proven and opens until the newest is proven; null where there is none. */
  readonly older: RecoveryFacts | null
}

export interface RecoveryParts {
  readonly store: Store
  readonly key: Uint8Array
  readonly directory: string
  readonly now: () => number
}

/** The recovery key of an open office. */
export class Recovery {
  readonly #parts: RecoveryParts

  constructor(parts: RecoveryParts) {
    this.#parts = parts
  }

  /** @throws OfficeError `vault.damaged` */
  get status(): RecoveryStatus {
    const facts = recoveryFacts(this.#parts.directory)
    return { newest: facts.at(-1) ?? null, older: facts.at(-2) ?? null }
  }

  /**
   * Makes a recovery key. It is told this one time; the office keeps only what it opens.
   *
   * @throws OfficeError `backup.not-in-training`
   */
  async make(officerId: string): Promise<{ readonly text: string }> {
    const { directory, key, now } = this.#parts
    const { text, tag, keyFile } = await addRecoveryKey(directory, key, now())
    this.#put(officerId, keyFile, 'office.recovery-key-made', tag)
    return { text }
  }

  /** @throws OfficeError `vault.recovery-key-*` */
  async prove(officerId: string, typed: string): Promise<void> {
    const { directory, now } = this.#parts
    const { tag, keyFile } = await proveRecoveryKey(directory, typed, now())
    this.#put(officerId, keyFile, 'office.recovery-key-proven', tag)
  }

  /** Somebody opened the office with the recovery key; noted once it is open. */
  noteUse(): void {
    const { store } = this.#parts
    store.transaction(OFFICE, (transaction) =>
      transaction.audit({
        action: 'office.opened-by-recovery-key',
        subjectKind: 'office',
        subjectId: store.installationId,
      }),
    )
  }

  /** File and audit entry together: what cannot be noted is taken back. */
  #put(officerId: string, keyFile: string, action: string, tag: string): void {
    const { store, directory } = this.#parts
    const before = keyFileText(directory)
    try {
      store.transaction(officerId, (transaction) => {
        replaceKeyFile(directory, keyFile)
        transaction.audit({ action, subjectKind: 'office', subjectId: store.installationId, detail: { tag } })
      })
    } catch (error) {
      if (error instanceof OfficeError) replaceKeyFile(directory, before)
      throw error
    }
  }
}
