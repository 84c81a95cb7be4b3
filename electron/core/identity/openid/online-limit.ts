import { fail } from '../../../../shared/contract/result.ts'
import type { Officer, Role } from '../../../../shared/model/officer.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import { momentMilliseconds } from '../../clock/hybrid-clock.ts'
import type { Store, Transaction } from '../../store/store.ts'

/*
 * What an officer who signs in at a provider may do by PIN alone: for some days, and with the roles that the provider's settings
 * leave. Officers who are linked to none work by PIN as ever.
 */
type Reading = Pick<Store, 'find' | 'findMark'>

const DAY = 86_400_000
/** Other offices' clocks may be ahead by so much that their moments stand before ours. */
const TOLERATED_BEHIND = 3_600_000

const mark = (officerId: string): string => `online-sign-in:${officerId}`

/** The provider at which this officer signs in; undefined once it was suspended or taken away. */
export function findProviderOf(
  store: Pick<Store, 'find'>,
  { signIn }: Pick<Officer, 'signIn'>,
): SignInProvider | undefined {
  const provider = signIn === undefined ? undefined : store.find('signInProvider', signIn.providerId)
  return provider === undefined || provider.removed || provider.state !== 'active' ? undefined : provider
}

/** Notes a sign-in by the provider. @param at when, by the provider's own clock, epoch milliseconds */
export const noteOnline = (transaction: Transaction, officerId: string, at: number): void =>
  transaction.mark(mark(officerId), String(at))

/** When the officer last signed in by the provider; what an administrator signed last stands in where that was elsewhere. */
const lastOnline = (store: Reading, { id, changedAt }: Officer): number =>
  Number(store.findMark(mark(id)) ?? momentMilliseconds(changedAt))

/** Time as nobody can put it back: never before the last change of this store. */
function notBefore(store: Reading, now: number): { readonly at: number; readonly behind: number } {
  const clock = store.findMark('clock')
  const last = clock === undefined ? 0 : momentMilliseconds(clock)
  return { at: Math.max(now, last), behind: last - now }
}

/** Until when a PIN is enough, epoch milliseconds; undefined where nothing limits it. */
export function findPinUntil(store: Reading, officer: Officer): number | undefined {
  const days = findProviderOf(store, officer)?.onlineEveryDays ?? 0
  return days === 0 ? undefined : lastOnline(store, officer) + days * DAY
}

/**
 * Whether the officer may come in by PIN.
 *
 * @throws OfficeError `sign-in.online-needed`, `sign-in.clock-behind` when the machine's clock was put back
 */
export function mustBeOnlineRecently(store: Reading, officer: Officer, now: number): void {
  const until = findPinUntil(store, officer)
  if (until === undefined) return
  const { at, behind } = notBefore(store, now)
  if (behind > TOLERATED_BEHIND) fail('sign-in.clock-behind', { minutes: Math.round(behind / 60_000) })
  const provider = findProviderOf(store, officer)
  // A sign-in that lies in the future was noted by another clock: it proves no stretch of time.
  const ahead = lastOnline(store, officer) - at > TOLERATED_BEHIND
  if (at > until || ahead) {
    fail('sign-in.online-needed', { name: provider?.name ?? '', days: provider?.onlineEveryDays ?? 0 })
  }
}

/** What is left to an officer who came in by PIN. */
export function rolesByPin(store: Pick<Store, 'find'>, officer: Officer): Role[] {
  const provider = findProviderOf(store, officer)
  return provider === undefined ? officer.roles : officer.roles.filter((role) => provider.offlineRoles.includes(role))
}
