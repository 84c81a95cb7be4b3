import type { CentralOverview, CentralWaiting, SyncResult } from '../../../shared/contract/central.ts'
import type { Office } from '../office.ts'
import { stoppedBy } from './stops.ts'

/** How the office and its central server stand, in units that officers know. */
export function overviewOf(
  office: Pick<Office, 'central' | 'store' | 'standing' | 'dispatch'>,
  waiting: CentralWaiting,
): CentralOverview {
  const settings = office.central.settings()
  const { configured, phase, lastContact, fault, outgoing, oldestUnsentAt, firstFill, lastReport } =
    office.central.status()
  const stopped = configured ? stoppedBy(office) : []
  return {
    status: {
      configured,
      host: settings === undefined ? '' : (URL.parse(settings.url)?.host ?? ''),
      district: settings?.district ?? '',
      lastContactAt: lastContact,
      // What stops the office is told once, with its answer.
      fault: stopped.some(({ code }) => code === fault?.code) ? null : fault,
      stopped,
      phase: phase === 'stopped' ? 'idle' : phase,
      firstFill: firstFill === null ? null : { done: firstFill.done, total: firstFill.of },
      lastResult: lastReport === null ? null : resultOf(lastReport),
    },
    unsent:
      outgoing === null
        ? null
        : { batches: outgoing.batches, people: outgoing.people, others: outgoing.other, oldestAt: oldestUnsentAt },
    waiting,
  }
}

type Report = NonNullable<ReturnType<Office['central']['status']>['lastReport']>

/** What a contact brought about, as it is told. */
export const resultOf = ({ pulled, pushed, refused, conflicts }: Report): SyncResult => ({
  came: pulled,
  went: pushed,
  refused,
  conflicts,
})
