import type { Fault, Result } from '../../../../shared/contract/result.ts'
import type { ClockGuard } from '../../clock/clock-guard.ts'
import type { OfficeTime } from '../../clock/office-time.ts'
import type { BatchCare } from '../../dispatch/sender-claims.ts'
import type { Http } from '../../http/http.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { InstallationGuard } from '../../store/installation-guard.ts'
import type { Store } from '../../store/store.ts'
import { CentralClaims } from './claims.ts'
import { type ClaimsContext, findClaimsServer } from './claims-server.ts'
import { type Contact, confirmServer, contact, learnClaims } from './contact.ts'
import { type DistrictOffices, listOffices, type OpenClaim, openClaimsOf, revokeOffice } from './district-offices.ts'
import { noteFindings, readFindings } from './findings.ts'
import type { Revocation } from './revocation.ts'
import { findServerDoubt, type ServerDoubt } from './server-watch.ts'

/** How this office stands among the others of its district; one for each open office. */
export interface OfficeStanding {
  /**
   * Once in every contact with the central server: whether it still is the same, how this office stands there, who holds
   * which batch. Errors: `central.*` when it could not be asked.
   */
  contact(signal: AbortSignal): Promise<Result<Contact>>
  /** Who holds these batches, whose records have just come. Errors: `central.*` */
  learnClaims(batchIds: readonly string[], signal: AbortSignal): Promise<Result<null>>
  /** What the last contact found out about this office: revoked, superseded, another chain; known after a restart too. */
  findings(): readonly Fault[]
  /** Why the server is in doubt, until an administrator confirms it. */
  findServerDoubt(): ServerDoubt | undefined
  /** @throws OfficeError `dispatch.nothing-to-confirm`, `central.*` */
  confirmServer(officerId: string, signal: AbortSignal): Promise<void>
  listOffices(signal: AbortSignal): Promise<Result<DistrictOffices>>
  openClaimsOf(installationId: string): OpenClaim[]
  revokeOffice(revocation: Revocation, signal: AbortSignal): Promise<Result<null>>
}

export interface ClaimsParts {
  readonly store: Store
  readonly http: Http
  readonly time: OfficeTime
  readonly guard: InstallationGuard
  readonly clockGuard: ClockGuard
  readonly isAtServer: ClaimsContext['isAtServer']
}

const contextOf = ({ store, http, time, guard, clockGuard, isAtServer }: ClaimsParts): ClaimsContext => ({
  store,
  time,
  guard,
  clockGuard,
  isAtServer,
  server: findClaimsServer(store, http),
})

/** The claims of the district, as dispatch asks for them. */
export const openClaims = (parts: ClaimsParts): CentralClaims => new CentralClaims(contextOf(parts))

/** The office among the others of its district. */
export function openStanding(
  parts: ClaimsParts & {
    readonly scheduler: Scheduler
    readonly care: BatchCare
    readonly startAnew: () => Promise<void>
  },
): OfficeStanding {
  const context = contextOf(parts)
  let isReached = false
  return {
    async contact(signal) {
      const answer = await contact(context, parts.care, signal)
      if (answer.ok) noteFindings(context.store, answer.value.findings)
      // The line may have been up all the time: only the server was not there, or had not heard of this office's claims.
      if (answer.ok && !isReached) parts.scheduler.wakeDeferred('line')
      isReached = answer.ok
      return answer
    },
    learnClaims: (batchIds, signal) => learnClaims(context, parts.care, batchIds, signal),
    findings: () => readFindings(context.store),
    findServerDoubt: () => findServerDoubt(context.store),
    async confirmServer(officerId, signal) {
      await confirmServer(context, parts.startAnew, officerId, signal)
      parts.scheduler.wakeDeferred('restored')
    },
    listOffices: (signal) => listOffices(context, signal),
    openClaimsOf: (installationId) => openClaimsOf(context, installationId),
    revokeOffice: (revocation, signal) => revokeOffice(context, revocation, signal),
  }
}
