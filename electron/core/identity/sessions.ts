import { fail } from '../../../shared/contract/result.ts'
import type { Officer, Role } from '../../../shared/model/officer.ts'
import type { Store, Transaction } from '../store/store.ts'
import { actingIn } from './delegations.ts'
import { openOfficerKey } from './officer-keys.ts'
import { mustBeOnlineRecently, noteOnline, rolesByPin } from './openid/online-limit.ts'
import { isFirstPin } from './pin-marks.ts'

interface Session {
  readonly officerId: string
  /** How the officer showed who they are. */
  readonly by: 'pin' | 'provider'
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

  constructor(store: Store, { now = () => Date.now(), usualAutoLock }: SessionsOptions) {
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
   * Signs in by PIN. Who belongs to a provider may do so for as long as its settings say.
   *
   * @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries`, `identity.suspended`,
   * `identity.waits-for-confirmation`, `identity.no-key`, `sign-in.online-needed`, `sign-in.clock-behind`
   */
  async signIn(client: string, officerId: string, pin: string): Promise<Officer> {
    this.#mayUsePin(officerId)
    await openOfficerKey(this.#store, officerId, pin)
    // Asked again: the officer may have been suspended while the PIN was checked.
    this.#mayUsePin(officerId)
    this.#begin(client, officerId, 'pin')
    this.#audit(officerId, 'session.signed-in')
    this.#announce(client)
    return this.find(client) ?? fail('api.signed-out')
  }

  /**
   * Signs in somebody whom a provider has just named.
   *
   * @param proof which provider, and when by its own clock (epoch milliseconds)
   * @throws OfficeError `identity.suspended`, `identity.waits-for-confirmation`
   */
  signInProven(
    client: string,
    officerId: string,
    { providerId, at }: { readonly providerId: string; readonly at: number },
  ): Officer {
    mustBeActive(this.#store.get('officer', officerId))
    this.#begin(client, officerId, 'provider')
    this.#store.transaction(officerId, (transaction) => {
      noteOnline(transaction, officerId, at)
      transaction.audit({
        action: 'session.signed-in',
        subjectKind: 'officer',
        subjectId: officerId,
        detail: { provider: providerId },
      })
    })
    this.#announce(client)
    return this.find(client) ?? fail('api.signed-out')
  }

  signOut(client: string): void {
    this.#end(client, 'session.signed-out')
  }

  /**
   * The officer at this window as the store has them now, with the roles that they have for others; nobody once suspended.
   * Who came in by PIN keeps what the provider's settings leave.
   */
  find(client: string): Officer | undefined {
    const session = this.#signedIn.get(client)
    if (session === undefined) return undefined
    const officer = this.#store.find('officer', session.officerId)
    if (officer?.state !== 'active' || officer.removed) return undefined
    const acting = actingIn(this.#store, officer, this.#now())
    return session.by === 'provider' ? acting : { ...acting, roles: rolesByPin(this.#store, acting) }
  }

  /** How the officer at this window signed in; by PIN where nobody did. */
  signedInBy(client: string): 'pin' | 'provider' {
    return this.#signedIn.get(client)?.by ?? 'pin'
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
      const roles = this.#rolesOf(client)
      if (roles === undefined || this.#isOutOfTime(client)) this.#end(client, 'session.ended')
      else if (idle > 0 && this.#now() - session.activeAt >= idle) this.#end(client, 'session.locked')
      else if (session.roles !== roles) {
        session.roles = roles
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

  #rolesOf(client: string): string | undefined {
    return this.find(client)?.roles.join(' ')
  }

  #begin(client: string, officerId: string, by: Session['by']): void {
    if (this.#signedIn.get(client)?.officerId !== officerId) this.signOut(client)
    const session = { officerId, by, activeAt: this.#now(), roles: '' }
    this.#signedIn.set(client, session)
    session.roles = this.#rolesOf(client) ?? ''
  }

  /** @throws OfficeError */
  #mayUsePin(officerId: string): void {
    const officer = mustBeActive(this.#store.get('officer', officerId))
    mustBeOnlineRecently(this.#store, officer, this.#now())
  }

  /** A window that stays open must not outlive what a PIN is good for. */
  #isOutOfTime(client: string): boolean {
    const officer = this.find(client)
    if (officer === undefined || this.signedInBy(client) === 'provider') return false
    try {
      mustBeOnlineRecently(this.#store, officer, this.#now())
      return false
    } catch {
      // Whatever is the reason, this officer could not come in now.
      return true
    }
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
