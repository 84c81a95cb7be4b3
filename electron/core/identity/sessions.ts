import { fail } from '../../../shared/contract/result.ts'
import type { Officer, Role } from '../../../shared/model/officer.ts'
import type { Store, Transaction } from '../store/store.ts'
import { actingIn } from './delegations.ts'
import { openOfficerKey } from './officer-keys.ts'
import { isFirstPin } from './pin-marks.ts'

interface Session {
  readonly officerId: string
  /** When a person last did something at this window, epoch milliseconds. */
  activeAt: number
  /** The roles that the window was last told: one that is held for another begins and ends by the clock. */
  roles: string
}

export interface SessionsOptions {
  readonly now?: () => number
  /** Signs out after so many minutes in which nobody touched the window, where the office was not told otherwise; 0 never does. */
  readonly usualAutoLock: number
}

/** How often idle windows are looked for. */
const SWEEP_EVERY = 10_000
const AUTO_LOCK = 'auto-lock-minutes'

/** Who is signed in at which window. Held in memory only: a restart signs everybody out. */
export class Sessions {
  readonly #store: Store
  readonly #now: () => number
  readonly #usualAutoLock: number
  readonly #signedIn = new Map<string, Session>()
  readonly #listeners = new Set<(client: string) => void>()
  readonly #timer: NodeJS.Timeout
  readonly #stopFollowing: () => void

  constructor(store: Store, { now = Date.now, usualAutoLock }: SessionsOptions) {
    this.#store = store
    this.#now = now
    this.#usualAutoLock = usualAutoLock
    this.#timer = setInterval(() => this.sweep(), SWEEP_EVERY)
    this.#timer.unref()
    this.#stopFollowing = store.onChange(({ kinds }) => {
      if (kinds.includes('officer')) this.sweep()
    })
  }

  /**
   * @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries`, `identity.suspended`,
   * `identity.waits-for-confirmation`, `identity.no-key`
   */
  async signIn(client: string, officerId: string, pin: string): Promise<Officer> {
    mustBeActive(this.#store.get('officer', officerId))
    await openOfficerKey(this.#store, officerId, pin)
    // Asked again: the officer may have been suspended while the PIN was checked.
    const officer = mustBeActive(this.#store.get('officer', officerId))
    if (this.#signedIn.get(client)?.officerId !== officerId) this.signOut(client)
    this.#signedIn.set(client, { officerId, activeAt: this.#now(), roles: this.#rolesOf(officer) })
    this.#audit(officerId, 'session.signed-in')
    this.#announce(client)
    return actingIn(this.#store, officer, this.#now())
  }

  signOut(client: string): void {
    this.#end(client, 'session.signed-out')
  }

  /** The officer at this window as the store has them now, with the roles that they have for others; nobody once suspended. */
  find(client: string): Officer | undefined {
    const session = this.#signedIn.get(client)
    if (session === undefined) return undefined
    const officer = this.#store.find('officer', session.officerId)
    return officer?.state === 'active' && !officer.removed ? actingIn(this.#store, officer, this.#now()) : undefined
  }

  /** Whether the officer still uses the PIN that an administrator chose. */
  mustChangePin(officer: Officer): boolean {
    return isFirstPin(this.#store, officer.id)
  }

  /** Whether any officer with one of these roles is signed in; some jobs wait for one. */
  isPresent(roles: readonly Role[]): boolean {
    return [...this.#signedIn.keys()].some((client) => this.find(client)?.roles.some((role) => roles.includes(role)))
  }

  /** A person did something at this window. */
  touch(client: string): void {
    const session = this.#signedIn.get(client)
    if (session !== undefined) session.activeAt = this.#now()
  }

  /** Minutes without a touch after which a window is signed out; 0 means never. */
  get autoLock(): number {
    return Number(this.#store.findMark(AUTO_LOCK) ?? this.#usualAutoLock)
  }

  setAutoLock(transaction: Transaction, minutes: number): void {
    transaction.mark(AUTO_LOCK, String(minutes))
  }

  /** Signs out whoever may no longer be here, and windows that nobody has touched for too long. */
  sweep(): void {
    const idle = this.autoLock * 60_000
    for (const [client, session] of this.#signedIn) {
      const officer = this.find(client)
      if (officer === undefined) this.#end(client, 'session.ended')
      else if (idle > 0 && this.#now() - session.activeAt >= idle) this.#end(client, 'session.locked')
      else if (session.roles !== this.#rolesOf(officer)) {
        session.roles = this.#rolesOf(officer)
        this.#announce(client)
      }
    }
  }

  /** @returns how to stop listening for sign-ins and sign-outs */
  onChange(listener: (client: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Signs everybody out; the store is about to close. */
  close(): void {
    clearInterval(this.#timer)
    this.#stopFollowing()
    for (const client of [...this.#signedIn.keys()]) this.#end(client, 'session.signed-out')
  }

  #rolesOf(officer: Officer): string {
    return actingIn(this.#store, officer, this.#now()).roles.join(' ')
  }

  #end(client: string, action: 'session.signed-out' | 'session.ended' | 'session.locked'): void {
    const session = this.#signedIn.get(client)
    if (session === undefined) return
    this.#signedIn.delete(client)
    this.#audit(session.officerId, action)
    this.#announce(client)
  }

  #audit(officerId: string, action: string): void {
    this.#store.transaction(officerId, (transaction) =>
      transaction.audit({ action, subjectKind: 'officer', subjectId: officerId }),
    )
  }

  #announce(client: string): void {
    for (const listener of this.#listeners) listener(client)
  }
}

function mustBeActive(officer: Officer): Officer {
  if (officer.state === 'unapproved') fail('identity.waits-for-confirmation')
  if (officer.state !== 'active' || officer.removed) fail('identity.suspended')
  return officer
}
