import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Channel } from '../channels/channel.ts'
import type { ClockGuard } from '../clock/clock-guard.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Http } from '../http/http.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { InstallationGuard } from '../store/installation-guard.ts'
import type { Store } from '../store/store.ts'
import type { PayeeAddresses } from './payee-addresses.ts'
import type { SenderClaims } from './sender-claims.ts'

/** What everything in this folder works with. */
export interface DispatchContext {
  readonly store: Store
  readonly http: Http
  readonly time: OfficeTime
  readonly scheduler: Scheduler
  readonly clockGuard: ClockGuard
  readonly guard: InstallationGuard
  readonly channelOf: (manager: PaymentManager) => Channel
  /** Whether everything that is known of the manager's endpoint, its latest self-test first, says that it pays nothing twice. */
  readonly neverPaysTwice: (manager: PaymentManager) => boolean
  /** Who sends which batch, where offices share a central server (I6). */
  readonly claims: SenderClaims
  /** Asks anew for addresses that somebody outside gives. */
  readonly addresses: PayeeAddresses
}

/** Records written in one transaction, so that none holds the core for long. */
export const SLICE = 1_000

/** Lets everything else that waits for the core go first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const BATCH_JOB = 'dispatch.batch'
export const STATUS_JOB = 'dispatch.status'
