import { create } from 'zustand'
import type { Role } from '../../shared/model/officer.ts'

/** Who sits before the screen. */
export interface SignedInOfficer {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
}

interface Session {
  readonly officer: SignedInOfficer | undefined
  readonly training: boolean
  /** The office has moved from this laptop, or is about to: it can be looked at, and the core refuses what would change it. */
  readonly retired: boolean
  readonly officeName: string
}

/** A copy of `session.current` for places that cannot ask; the sign-in gate keeps it. */
export const useSession = create<Session>()(() => ({
  officer: undefined,
  training: false,
  retired: false,
  officeName: '',
}))

export const setSession = (session: Partial<Session>): void => useSession.setState(session)

/** The officer before the screen; only for screens behind the sign-in gate. */
export function useOfficer(): SignedInOfficer {
  const officer = useSession((session) => session.officer)
  if (!officer) throw new Error('useOfficer outside of the sign-in gate')
  return officer
}

/** The roles in which the officer can change something here. */
export function useRoles(): readonly Role[] {
  return useSession(({ officer, retired }) => (retired ? noRoles : (officer?.roles ?? noRoles)))
}

/** Whether the officer may change something that takes one of these roles; no list means everyone. The core checks again. */
export function useMay(...roles: readonly Role[]): boolean {
  const retired = useSession((session) => session.retired)
  return useMaySee(...roles) && !retired
}

/** Whether the officer may see something, export or check it, which a retired office allows, too; no list means everyone. */
export function useMaySee(...roles: readonly Role[]): boolean {
  const officer = useSession((session) => session.officer)
  return roles.length === 0 || (officer?.roles.some((role) => roles.includes(role)) ?? false)
}

const noRoles: readonly Role[] = []

const signOutSteps = new Set<() => Promise<void>>()

/** Something that must be cleared when an officer signs out (the replica registers here). @returns how to take it back. */
export function onSignOut(step: () => Promise<void>): () => void {
  signOutSteps.add(step)
  return () => void signOutSteps.delete(step)
}

/** Runs every registered step; the sign-out itself goes on even if one fails, and its error is thrown afterwards. */
export async function clearAfterSignOut(): Promise<void> {
  const outcomes = await Promise.allSettled([...signOutSteps].map((step) => step()))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
