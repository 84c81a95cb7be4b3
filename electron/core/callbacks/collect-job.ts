import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Fault } from '../../../shared/contract/result.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { JobKind, JobOutcome } from '../scheduler/job.ts'
import type { Store } from '../store/store.ts'
import type { CouchInbox } from './couch-inbox.ts'
import type { CallbackInbox } from './inbox.ts'
import { allRoutes } from './settings.ts'

export const COLLECT_JOB = 'callbacks.collect'

const PAGE = 20
const PUBLISHED = 'callback-routes-published'

interface CollectParts {
  readonly store: Store
  readonly time: Pick<OfficeTime, 'now'>
  readonly inbox: CallbackInbox
  /** Undefined while none is set. */
  readonly findCentral: () => CouchInbox | undefined
  /** Calls have come in. */
  readonly onCollected: () => void
}

/** Brings the calls here that the receiver at the centre took for this office, and tells it which paths were given out. */
export function collectJob(parts: CollectParts): JobKind<Record<string, never>> {
  const { store, time, inbox, findCentral, onCollected } = parts
  const office = store.installationId

  /** Only when they are other than the last ones that arrived there. */
  const publish = async (central: CouchInbox): Promise<Fault | undefined> => {
    const routes = allRoutes(store)
    const digest = createHash('sha256')
    for (const { caller, owner, secretHash } of routes)
      digest.update(`${caller}\u001f${owner}\u001f`).update(secretHash)
    const wanted = digest.digest('hex')
    if (store.findMark(PUBLISHED) === wanted) return undefined
    const answer = await central.publishRoutes(office, routes)
    if (!answer.ok) return answer.error
    store.housekeeping((_, mark) => mark(PUBLISHED, wanted))
    return undefined
  }

  const collect = async (central: CouchInbox, signal: AbortSignal): Promise<Fault | 'restart' | undefined> => {
    for (let from: string | null = ''; from !== null; ) {
      if (signal.aborted) return 'restart'
      const page: Awaited<ReturnType<CouchInbox['page']>> = await central.page(office, from, PAGE)
      if (!page.ok) return page.error
      const { calls, next } = page.value
      // Kept here first, removed there afterwards: cut off in between, a call comes again and is known.
      const kept = calls.filter(({ call }) => {
        // Nobody can have taken a call later than now.
        return inbox.keep({ ...call, cameAt: Math.min(call.cameAt, time.now()) }) === 'kept'
      })
      if (kept.length > 0) {
        onCollected()
        const removed = await central.remove(office, kept)
        if (!removed.ok) return removed.error
      }
      // No room for more before some were applied.
      if (kept.length < calls.length) return undefined
      from = next
    }
    return undefined
  }

  return {
    kind: COLLECT_JOB,
    input: z.object({}),
    sends: false,
    async run(_, { signal }): Promise<JobOutcome> {
      const central = findCentral()
      if (central === undefined) return { kind: 'finished' }
      const stopped = (await publish(central)) ?? (await collect(central, signal))
      if (stopped === 'restart') return { kind: 'deferred', by: 'restart' }
      return stopped === undefined ? { kind: 'finished' } : { kind: 'retry', fault: stopped }
    },
  }
}
