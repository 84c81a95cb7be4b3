import { fail } from '../../../shared/contract/result.ts'
import { OFFICE, type Store } from '../store/store.ts'
import {
  addRecoveryKey,
  type MadeRecoveryKey,
  newRecoveryKey,
  proveRecoveryKey,
  type RecoveryFacts,
  recoveryFacts,
  requireTypedBack,
} from './key-file.ts'
import { putKeyFile } from './put-key-file.ts'

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
  #prepared: MadeRecoveryKey | undefined

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

  /**
   * Makes the recovery key that is to come with a new key of the store. Nothing is sealed under it before the replacement, and
   * closing the office forgets it.
   */
  prepare(): { readonly text: string } {
    const { directory, now } = this.#parts
    this.#prepared = newRecoveryKey(directory, now())
    return { text: this.#prepared.text }
  }

  /**
   * The prepared key, once it was typed back.
   *
   * @throws OfficeError `vault.replacement-not-begun`, `vault.recovery-key-*`
   */
  requirePrepared(typed: string): MadeRecoveryKey {
    const prepared = this.#prepared ?? fail('vault.replacement-not-begun')
    requireTypedBack(prepared, typed)
    return { ...prepared, provenAt: this.#parts.now() }
  }

  #put(officerId: string, keyFile: string, action: string, tag: string): void {
    putKeyFile({ ...this.#parts, officerId, keyFile, action, detail: { tag } })
  }
}
