import type { CoreOptions } from '../core-thread-handle.ts'
import type { Office } from '../office.ts'
import { folderFacts, machineFacts } from './machine-facts.ts'
import { known, storeFacts } from './store-facts.ts'

/** Form of the report, for those who read many of them by program. */
export const REPORT_FORMAT = 1

/**
 * A report about an open office for those who support it. It may be sent to anybody: there are no people, no payments, no names, no
 * addresses and no secrets in it.
 */
export function diagnose(office: Office, door: CoreOptions['door'], now: number) {
  const { store, directory, training, http, scheduler, dispatch, upkeep, backups, updates } = office
  const sending = dispatch.status()
  const checks = upkeep.status
  const check = ({ state, checked, endedAt, fault }: typeof checks.store) => ({
    state,
    checked,
    endedAt,
    code: fault === null ? null : known(fault.code),
  })
  return {
    format: REPORT_FORMAT,
    at: new Date(now).toISOString(),
    door,
    training,
    /** Random; tells reports of one office from those of another. */
    installationId: store.installationId,
    machine: machineFacts(),
    folder: folderFacts(directory),
    ...storeFacts(store, now),
    upkeep: {
      store: check(checks.store),
      audit: { ...check(checks.audit), break: checks.audit.verdict?.break?.kind ?? null },
    },
    clock: { skew: office.clockGuard.findSkew() ?? null, code: sending.clock?.code ?? null },
    line: { up: http.line.isUp(), cut: http.isLineCut() },
    sending: {
      stopped: sending.stopped,
      doubt: sending.doubt?.code ?? null,
      openPayments: sending.openPayments,
      running: scheduler.work(),
      systems: sending.systems.map(({ open, fault, answeredAt }) => ({ open, code: fault?.code ?? null, answeredAt })),
    },
    backups: { standing: backups.standing ?? null, lastAt: backups.status.last?.madeAt ?? null },
    updates: { found: updates.status.found, ready: updates.status.ready, code: updates.status.fault?.code ?? null },
  }
}
export type DiagnosticReport = ReturnType<typeof diagnose>
