import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { openChannels } from '../channels/channels.ts'
import { PaymentFiles } from '../channels/file/payment-files.ts'
import { ResultsImports } from '../channels/file/results/results-imports.ts'
import type { SelfTest } from '../channels/self-test.ts'
import { ClockGuard } from '../clock/clock-guard.ts'
import { type OfficeTime, systemTime } from '../clock/office-time.ts'
import { duplicateProof } from '../conformance/duplicate-proof.ts'
import type { Http } from '../http/http.ts'
import type { Sessions } from '../identity/sessions.ts'
import { Scheduler } from '../scheduler/scheduler.ts'
import { InstallationGuard } from '../store/installation-guard.ts'
import type { Store } from '../store/store.ts'
import { findSecret } from '../vault/secrets.ts'
import { Dispatch } from './dispatch.ts'
import type { DispatchContext } from './dispatch-context.ts'
import type { PayeeAddresses } from './payee-addresses.ts'
import { NO_CLAIMS, type SenderClaims } from './sender-claims.ts'

export interface DispatchParts {
  readonly store: Store
  readonly directory: string
  readonly http: Http
  readonly sessions: Sessions
  readonly training: boolean
  readonly time?: OfficeTime
  readonly report?: (error: unknown) => void
  /** Asks anew for addresses that somebody outside gives. */
  readonly addresses: PayeeAddresses
  /** The claims of a district, made over this office's guards; none in an office that works alone. */
  readonly claimsOver?: (guards: { readonly guard: InstallationGuard; readonly clockGuard: ClockGuard }) => SenderClaims
}

export interface OpenDispatch {
  readonly scheduler: Scheduler
  readonly dispatch: Dispatch
  readonly clockGuard: ClockGuard
  readonly guard: InstallationGuard
  /** Copies of payment files, and the results that come back. */
  readonly files: PaymentFiles
  readonly results: ResultsImports
  readonly selfTestOf: (manager: PaymentManager) => SelfTest
  /** Ends what runs, before the store closes. */
  close(): Promise<void>
}

/** Puts together what sends: jobs, channels, guards. The caller starts the scheduler once the office is whole. */
export function openDispatch(parts: DispatchParts): OpenDispatch {
  const { store, directory, http, sessions, training } = parts
  const time = parts.time ?? systemTime
  const guard = new InstallationGuard(store, directory)
  const clockGuard = new ClockGuard(time, () => store.findMark('clock'))
  const scheduler = new Scheduler({
    store,
    time,
    isPresent: (roles) => sessions.isPresent(roles),
    report: parts.report ?? ((error) => console.error(error)),
  })
  const channels = openChannels({ store, http, time, training })
  const context: DispatchContext = {
    store,
    http,
    time,
    scheduler,
    clockGuard,
    guard,
    addresses: parts.addresses,
    claims: parts.claimsOver?.({ guard, clockGuard }) ?? NO_CLAIMS,
    channelOf: ({ kind }: PaymentManager) => channels[kind],
    neverPaysTwice: (manager) => duplicateProof(store, manager) === 'proven',
  }
  const dispatch = new Dispatch(context)
  const results = new ResultsImports(context, directory)
  const stopListening = sessions.onChange(() => scheduler.wakeDeferred('officer'))
  return {
    scheduler,
    dispatch,
    clockGuard,
    guard,
    files: new PaymentFiles(context, { findSigningKey: (keyId) => findSecret(store, 'signing-key', keyId) }),
    results,
    selfTestOf: ({ kind }) => channels[kind].selfTest,
    async close() {
      stopListening()
      await scheduler.close()
      dispatch.close()
      results.close()
      guard.close()
    },
  }
}
