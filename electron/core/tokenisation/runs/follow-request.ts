import type { Fault } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { OFFICE } from '../../store/store.ts'
import { type Answers, readAnswers } from '../mts/answers.ts'
import { askStatus, fetchFile } from '../mts/seeder.ts'
import type { RunParts } from './run-scene.ts'
import { endRequest, type Request, type Run, setRequest } from './run-store.ts'

/** What follows from a look at a request that the seeder has. */
export type Followed =
  /** Nothing more is to be waited for before the next request goes. */
  | { readonly kind: 'over' }
  /** All its answers are here, to be written; the seeder has nothing more to do with it. */
  | { readonly kind: 'fetched'; readonly requestId: number; readonly answers: Answers }
  /** Looked at again, at the latest when the deadline is over. */
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'not-known'; readonly fault: Fault; readonly retryAt: number | null }

/** Milliseconds of short waits while a file is being made; later the job gives its place to others. */
const WAITS = [20, 40, 80, 160, 320, 640]
/** Times the callback's own time limit in which no call came, after which a processed request is held to be delivered. */
const QUIET = 3

/** Looks after a request: fetches its file, or waits for its calls. */
export function followRequest(
  parts: RunParts,
  connector: Connector,
  run: Run,
  request: Request,
  signal: AbortSignal,
): Promise<Followed> {
  return connector.delivery === 'download' && request.identifier !== ''
    ? download(parts, connector, run, request, signal)
    : awaitCalls(parts, connector, run, request, signal)
}

async function download(
  parts: RunParts,
  connector: Connector,
  run: Run,
  request: Request,
  signal: AbortSignal,
): Promise<Followed> {
  const { http, time } = parts
  for (const wait of [...WAITS, undefined]) {
    const file = await fetchFile(http, connector.mtsUrl, request.identifier, signal)
    if (file.kind === 'not-known') {
      if (isOver(parts, request)) return close(parts, run, request, 'expired')
      return file
    }
    if (file.kind === 'file') {
      return { kind: 'fetched', requestId: request.id, answers: readAnswers(file.body, 'application/json') }
    }
    if (file.kind !== 'working' || isOver(parts, request)) return close(parts, run, request, 'expired')
    if (wait !== undefined) await pause(parts, wait, signal)
    if (signal.aborted) break
  }
  return { kind: 'wait', until: request.deadline ?? time.now() }
}

const isOver = ({ time }: RunParts, { deadline }: Request): boolean => time.now() >= (deadline ?? 0)

const pause = ({ time }: RunParts, milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const callOff = time.after(milliseconds, resolve)
    signal.addEventListener('abort', () => {
      callOff()
      resolve()
    })
  })

/**
 * Nothing more is waited for. With `expired`, whoever has no answer by now will get none: the deadline of the request is now.
 */
function close({ store, time }: RunParts, run: Run, { id }: Request, waiting: 'expired' | 'open'): Followed {
  store.transaction(OFFICE, (transaction) => {
    if (waiting === 'expired') endRequest(transaction, id, time.now())
    else setRequest(transaction, id, { state: 'over' })
    transaction.audit({
      action: 'tokenisation.answers-applied',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { request: id },
    })
    transaction.touch('tokenisation')
  })
  return { kind: 'over' }
}

/** Calls come by themselves; the seeder is asked only whether any can still come. */
async function awaitCalls(
  parts: RunParts,
  { mtsUrl, callback }: Connector,
  run: Run,
  request: Request,
  signal: AbortSignal,
): Promise<Followed> {
  const { store, http, time } = parts
  const { open, lastCall } = store
    .sql(
      `SELECT sum(state = 'sent') AS open, max(CASE WHEN state <> 'sent' THEN changed_at END) AS lastCall
       FROM token_item WHERE request_id = ?`,
    )
    .get(request.id) as { open: number | null; lastCall: number | null }
  if ((open ?? 0) === 0 || isOver(parts, request)) return close(parts, run, request, 'open')
  const until = request.deadline ?? time.now()
  if (request.identifier === '') return { kind: 'wait', until }
  const standing = await askStatus(http, mtsUrl, request.identifier, signal)
  if (standing.kind === 'not-known' || standing.kind === 'working') return { kind: 'wait', until }
  // What it has called already may be on its way through the centre: their deadline stays.
  const quiet = time.now() - Math.max(lastCall ?? 0, request.postedAt ?? 0)
  const longest = QUIET * callback.timeoutSeconds * 1000 * (time.minute / 60_000)
  return quiet >= longest ? close(parts, run, request, 'open') : { kind: 'wait', until }
}
