import { z } from 'zod'
import type { Fault, Result } from '../../../../shared/contract/result.ts'
import type { JobKind, JobOutcome } from '../../scheduler/job.ts'
import { isWait } from '../line-faults.ts'
import type { SyncReport } from './round.ts'

export const SYNC_JOB = 'central.sync'
export const SYNC_KEY = 'central'

/** Asking again changes nothing before somebody did something about it; a change of a record asks all the same. */
const MENDED_BY_OFFICER: ReadonlySet<string> = new Set([
  'central.sign-in-refused',
  'central.not-allowed',
  'central.no-district',
  'central.removal-guard',
  'central.server-changed',
  'central.other-trust-root',
  'central.office-revoked',
  'central.office-superseded',
])

/** The recurring contact with the central server. `sync` gives undefined where none is set. */
export function syncJob(
  sync: (signal: AbortSignal) => Promise<Result<SyncReport> | undefined>,
): JobKind<Record<string, never>> {
  return {
    kind: SYNC_JOB,
    input: z.object({}).strict() as z.ZodType<Record<string, never>>,
    sends: false,
    async run(_input, { signal }) {
      const answer = await sync(signal)
      if (signal.aborted) return { kind: 'deferred', by: 'restart' }
      if (answer === undefined) return { kind: 'finished' }
      if (!answer.ok) return outcomeOf(answer.error)
      const { pulled, pushed } = answer.value
      return { kind: 'finished', result: JSON.stringify({ pulled, pushed }) }
    },
  }
}

/** A line that is down is a deferral, never a failure (I9); what an officer has to mend waits for that officer. */
function outcomeOf(fault: Fault): JobOutcome {
  if (MENDED_BY_OFFICER.has(fault.code)) return { kind: 'attention', fault }
  if (fault.code === 'http.cancelled') return { kind: 'deferred', by: 'restart' }
  if (isWait(fault)) return { kind: 'deferred', by: fault.code === 'central.server-error' ? 'endpoint' : 'line', fault }
  return { kind: 'retry', fault }
}
