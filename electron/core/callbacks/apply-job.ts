import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { JobKind, JobOutcome } from '../scheduler/job.ts'
import type { CallApplier, CallResult, RawCall } from './caller.ts'
import type { CallbackInbox } from './inbox.ts'

export const APPLY_JOB = 'callbacks.apply'
/** There is one inbox in an office. */
export const OFFICE_KEY = 'office'

/** A call that cannot be applied so many times in a row is put aside: it must not hold up the others for ever. */
const TRIES = 5

interface ApplyParts {
  readonly inbox: CallbackInbox
  readonly findApplier: (caller: string) => CallApplier | undefined
  readonly report: (error: unknown) => void
}

/** Applies the calls that wait, one after the other, in the order in which they came. */
export function applyJob({ inbox, findApplier, report }: ApplyParts): JobKind<Record<string, never>> {
  const tries = new Map<string, number>()

  const apply = async (call: RawCall): Promise<CallResult | OfficeError | undefined> => {
    const applier = findApplier(call.caller)
    // Of a version that knew this kind of caller.
    if (applier === undefined) return { outcome: 'failed', code: 'callback.not-understood', payments: 0 }
    try {
      return await applier(call)
    } catch (error) {
      if (!(error instanceof OfficeError)) report(error)
      const tried = (tries.get(call.id) ?? 0) + 1
      tries.set(call.id, tried)
      const code = error instanceof OfficeError ? error.fault.code : 'api.unexpected'
      if (tried >= TRIES) return { outcome: 'failed', code, payments: 0 }
      return error instanceof OfficeError ? error : undefined
    }
  }

  return {
    kind: APPLY_JOB,
    input: z.object({}),
    sends: false,
    async run(_, { signal }): Promise<JobOutcome> {
      let stumbled: OfficeError | 'unexpected' | undefined
      for (let call = inbox.findWaiting(''); call !== undefined; call = inbox.findWaiting(call.id)) {
        if (signal.aborted) return { kind: 'deferred', by: 'restart' }
        const result = await apply(call)
        if (result === undefined || result instanceof OfficeError) stumbled = result ?? 'unexpected'
        else {
          inbox.end(call.id, result)
          tries.delete(call.id)
        }
        await breathe()
      }
      inbox.purge()
      if (stumbled === undefined) return { kind: 'finished' }
      return {
        kind: 'retry',
        fault: stumbled === 'unexpected' ? { code: 'api.unexpected', params: {} } : stumbled.fault,
      }
    },
  }
}
