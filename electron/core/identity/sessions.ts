import { fail } from '../../../shared/contract/result.ts'
import type { Officer, Role } from '../../../shared/model/officer.ts'
import type { Store } from '../store/store.ts'
import { openOfficerKey } from './officer-keys.ts'

/** Who is signed in at which window. Held in memory only: a restart signs everybody out. */
export class Sessions {
  readonly #store: Store
  readonly #signedIn = new Map<string, string>()
  readonly #listeners = new Set<(client: string) => void>()

  constructor(store: Store) {
    this.#store = store
  }

  /** @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries`, `identity.suspended`, `identity.no-key` */
  async signIn(client: string, officerId: string, pin: string): Promise<Officer> {
    const officer = this.#store.get('officer', officerId)
    if (officer.state !== 'active' || officer.removed) fail('identity.suspended')
    await openOfficerKey(this.#store, officerId, pin)
    this.#signedIn.set(client, officerId)
    this.#store.transaction(officerId, (transaction) =>
      transaction.audit({ action: 'session.signed-in', subjectKind: 'officer', subjectId: officerId }),
    )
    this.#announce(client)
    return officer
  }

  signOut(client: string): void {
    const officerId = this.#signedIn.get(client)
    if (officerId === undefined) return
    this.#signedIn.delete(client)
    this.#store.transaction(officerId, (transaction) =>
      transaction.audit({ action: 'session.signed-out', subjectKind: 'officer', subjectId: officerId }),
    )
    this.#announce(client)
  }

  /** The officer at this window as the store has them now; nobody once suspended. */
  find(client: string): Officer | undefined {
    const officerId = this.#signedIn.get(client)
    if (officerId === undefined) return undefined
    const officer = this.#store.find('officer', officerId)
    return officer?.state === 'active' && !officer.removed ? officer : undefined
  }

  /** Whether any officer with one of these roles is signed in; some jobs wait for one. */
  isPresent(roles: readonly Role[]): boolean {
    return [...this.#signedIn.keys()].some((client) => this.find(client)?.roles.some((role) => roles.includes(role)))
  }

  onChange(listener: (client: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #announce(client: string): void {
    for (const listener of this.#listeners) listener(client)
  }
}
