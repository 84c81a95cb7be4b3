import { type Fault, type Result, success } from '../../../../shared/contract/result.ts'
import type { Store } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { removeLeaves } from './leaves.ts'
import type { Pace } from './pace.ts'
import type { PageChecker } from './page-checker.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { pushSideRecords } from './side-records.ts'

/** What a contact with the central server really did. Counts records. */
export interface SyncReport {
  readonly pulled: number
  readonly pushed: number
  /** What the server refused to take. */
  readonly refused: number
  /** New conflicts that wait for an officer. */
  readonly conflicts: number
  readonly quarantined: number
  /** Bytes of bodies in both directions, as they travelled. */
  readonly bytes: number
  readonly requests: number
  /** Everything that was here when it ended is at the server, but for what was refused. */
  readonly complete: boolean
}

export interface RoundParts {
  readonly store: Store
  readonly connection: CouchConnection
  readonly database: string
  readonly pullPace: Pace
  readonly namesPace: Pace
  readonly pushPace: Pace
  readonly checker: PageChecker
  readonly serverNow: () => number
  readonly onBatches: (batchIds: readonly string[]) => void
  /** Most of what comes is what this office sent. */
  readonly mostlyOwn: () => boolean
  readonly onPhase: (phase: 'pulling' | 'pushing') => void
  readonly onPage: (page: { readonly rows: number; readonly pending: number }) => void
  readonly onSent: (count: number) => void
  /** Records were changed since the last call. */
  readonly wasChanged: () => boolean
}

/** Pushes in one round: what was merged goes out again, and so does what was written meanwhile. */
const PUSHES = 5

/** Reads what is new and sends what is new here, until both have everything. Errors: `central.*`, `http.*`. */
export async function round(parts: RoundParts, signal?: AbortSignal): Promise<Result<SyncReport>> {
  const { pullPace, pushPace } = parts
  parts.onPhase('pulling')
  const pulled = await pull({ ...parts, pace: pullPace, mostlyOwn: parts.mostlyOwn() }, signal)
  if (!pulled.ok) return pulled
  const sum = {
    pulled: pulled.value.adopted + pulled.value.merged,
    pushed: 0,
    refused: 0,
    conflicts: pulled.value.conflicts,
    quarantined: pulled.value.quarantined,
    bytes: pulled.value.bytes,
    requests: pulled.value.requests,
    complete: false,
  }
  let stopped: Fault | null = pulled.value.stopped
  parts.onPhase('pushing')
  for (let time = 0; time < PUSHES; time += 1) {
    parts.wasChanged()
    const pushed = await push({ ...parts, pace: pushPace }, signal)
    if (!pushed.ok) return pushed
    sum.pushed += pushed.value.pushed
    sum.refused += pushed.value.refused
    sum.conflicts += pushed.value.conflicts
    sum.bytes += pushed.value.bytes
    sum.requests += pushed.value.requests
    sum.complete = pushed.value.complete
    stopped ??= pushed.value.stopped
    if (pushed.value.stopped !== null || (pushed.value.inConflict === 0 && !parts.wasChanged())) break
  }
  const said = await pushSideRecords(parts, signal)
  if (!said.ok) return said
  sum.pushed += said.value.pushed
  sum.refused += said.value.refused
  await removeLeaves(parts, pulled.value.leaves, signal)
  return stopped === null ? success(sum) : { ok: false, error: stopped }
}
