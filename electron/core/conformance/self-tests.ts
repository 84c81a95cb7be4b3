import { fail } from '../../../shared/contract/result.ts'
import type { ConformanceReport, SandboxPayment } from '../../../shared/model/conformance.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { SelfTest, SelfTestResult } from '../channels/self-test.ts'
import type { ClockGuard } from '../clock/clock-guard.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Http } from '../http/http.ts'
import { isSendingStopped } from '../scheduler/sending-switch.ts'
import type { InstallationGuard } from '../store/installation-guard.ts'
import type { Store } from '../store/store.ts'
import { endpointDigest } from './endpoint-digest.ts'
import { sandboxSubmissions } from './sandbox-submission.ts'

export interface SelfTestParts {
  readonly store: Store
  readonly http: Http
  readonly time: Pick<OfficeTime, 'now'>
  readonly clockGuard: Pick<ClockGuard, 'findSkew'>
  readonly guard: Pick<InstallationGuard, 'doubt'>
  readonly selfTestOf: (manager: PaymentManager) => SelfTest
}

export interface SelfTestOrder {
  readonly managerId: string
  /** Who asked for it; the office itself from the command line. */
  readonly officerId: string
  /** Where test money may go; null sends none. */
  readonly sandbox: SandboxPayment | null
}

/** Self-tests of payment systems: shows what an endpoint does before any money of a programme goes through it. */
export class SelfTests {
  readonly #parts: SelfTestParts
  readonly #running = new Set<string>()

  constructor(parts: SelfTestParts) {
    this.#parts = parts
  }

  /**
   * Tests the endpoint of a manager; gives each finding as it comes and keeps the whole as a report. Cut short, it keeps nothing.
   *
   * @throws OfficeError `conformance.running` while the same manager is tested; with test money what {@link checkSending} throws,
   * also when sending is stopped while the test runs
   */
  async *run({ managerId, officerId, sandbox }: SelfTestOrder, signal: AbortSignal): AsyncGenerator<SelfTestResult> {
    const { store, http, time, clockGuard, selfTestOf } = this.#parts
    const manager = store.get('paymentManager', managerId)
    if (sandbox !== null) this.checkSending()
    if (this.#running.has(managerId)) fail('conformance.running')
    this.#running.add(managerId)
    try {
      if (sandbox !== null) this.#noteSandbox(officerId, manager, sandbox)
      http.tryNow()
      const results: SelfTestResult[] = []
      const found = selfTestOf(manager)({
        manager,
        sandbox: sandbox && {
          ...sandboxSubmissions(manager, store.get('programme', sandbox.programmeId), sandbox),
          checkSending: () => this.checkSending(),
        },
        clockOffset: () => clockGuard.findSkew(),
        signal,
      })
      for await (const one of found) {
        if (signal.aborted) return
        results.push(one)
        yield one
      }
      const money = sandbox && { programmeId: sandbox.programmeId, amount: sandbox.amount, currency: sandbox.currency }
      store.transaction(officerId, (transaction) => {
        const report = transaction.put('conformanceReport', {
          id: newId(),
          managerId,
          endpointDigest: endpointDigest(manager),
          officerId,
          testedAt: time.now(),
          sandbox: money,
          results: results.map(({ check, outcome, finding }) => ({
            check,
            outcome,
            finding: finding && { code: finding.code, params: { ...finding.params } },
          })),
        })
        transaction.audit({
          action: 'conformance.tested',
          subjectKind: 'paymentManager',
          subjectId: managerId,
          detail: { report: report.id, bad: results.filter(({ outcome }) => outcome === 'bad').length },
        })
      })
    } finally {
      this.#running.delete(managerId)
    }
  }

  /**
   * Test money is money: it does not leave while an officer has stopped all sending, nor from a store that waits for an
   * administrator's word.
   *
   * @throws OfficeError `dispatch.stopped`, or the code of the doubt about the store
   */
  checkSending(): void {
    const { store, guard } = this.#parts
    if (guard.doubt !== undefined) fail(guard.doubt)
    if (isSendingStopped(store)) fail('dispatch.stopped')
  }

  /** Test money is money: it stands in the audit trail before it leaves. */
  #noteSandbox(officerId: string, manager: PaymentManager, { programmeId, amount, currency }: SandboxPayment): void {
    this.#parts.store.transaction(officerId, (transaction) =>
      transaction.audit({
        action: 'conformance.sandbox-payment',
        subjectKind: 'paymentManager',
        subjectId: manager.id,
        detail: { programme: programmeId, amount, currency },
      }),
    )
  }

  /** The latest report of a manager; undefined before the first. */
  findLatest(managerId: string): ConformanceReport | undefined {
    const body = this.#parts.store
      .sql('SELECT body FROM conformance_report WHERE manager_id = ? ORDER BY seq DESC LIMIT 1')
      .pluck()
      .get(managerId) as string | undefined
    return body === undefined ? undefined : (JSON.parse(body) as ConformanceReport)
  }
}
