import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { AuthData, LocalFinding } from '../../../../shared/rules/tokenisation/demographics.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { findStandingFault, peopleOf, surroundingsOf, vidHash } from '../person.ts'
import { chosenItems, type Item, type Sent, sendItems, sentItems, settleInRun, settleItem } from './run-items.ts'
import { type RunParts, tokenisationKey } from './run-scene.ts'
import { addRequest, type Request, type Run, setRequest, undoReady } from './run-store.ts'
import type { Source } from './source.ts'

/** People as they go out in one request. */
export interface Chunk {
  readonly requestId: number
  readonly root: number
  readonly authdata: readonly AuthData[]
  /** Of the transaction that wrote it down; nothing changed since while the store is still at it. */
  readonly sequence: number
}

/**
 * Takes the next people of a run: whoever cannot be sent is listed with the reason, the others go into a request, with the
 * hash of the VID that goes out and what their record is now. Written before the first byte leaves.
 *
 * @returns undefined when nobody is left, `null` when none of those looked at can be sent
 */
export function nextChunk(parts: RunParts, source: Source, connector: Connector, run: Run): Chunk | null | undefined {
  const { store } = parts
  if (chosenItems(store, run.id, 1).length === 0) return undefined
  return store.transaction(OFFICE, (transaction) => takeNext(transaction, parts, source, connector, run, 'posting'))
}

/** As {@link nextChunk}, within a transaction; a chunk that is `ready` is not posted yet. */
export function takeNext(
  transaction: Transaction,
  { store, time }: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  state: 'ready' | 'posting',
): Chunk | null | undefined {
  const items = chosenItems(transaction, run.id, Math.min(source.most, connector.chunkSize))
  if (items.length === 0) return undefined
  const key = tokenisationKey(store)
  const at = time.now()
  const ready: Sent[] = []
  const authdata: AuthData[] = []
  const looked = look(transaction, source, connector, items)
  for (const [index, item] of items.entries()) {
    const found = looked[index] as Looked
    if (found.fault !== undefined) {
      const { reason, params } = found.fault
      const outcome = { state: 'skipped', class: 'local', code: reason, params, nextTry: null } as const
      // What stands against sending somebody today says nothing about the record.
      if (found.standing) settleInRun(transaction, item, outcome, found.basis, at)
      else settleItem(transaction, item, outcome, found.basis, at)
      continue
    }
    ready.push({ ref: item.ref, vidHash: vidHash(key, found.vid), basis: found.basis })
    authdata.push(found.sent)
  }
  const posted = state === 'ready' ? null : { at, deadline: deadlineOf(connector, time) }
  const requestId = ready.length === 0 ? 0 : addRequest(transaction, run.id, { root: null, state, tries: 0 }, posted)
  if (ready.length > 0) sendItems(transaction, requestId, ready, at)
  transaction.audit({
    action: ready.length === 0 ? 'tokenisation.people-chosen' : 'tokenisation.request-sent',
    subjectKind: 'tokenRun',
    subjectId: run.id,
    detail: { people: ready.length, skipped: items.length - ready.length },
  })
  transaction.touch('tokenisation')
  if (ready.length === 0) return null
  return { requestId, root: requestId, authdata, sequence: transaction.sequence }
}

const deadlineOf = (connector: Connector, time: RunParts['time']): number =>
  time.now() + connector.answerDeadlineMinutes * time.minute

/**
 * Begins with a chunk that was made ready. Where anything changed in the store since, it is undone: its people are looked at
 * anew.
 *
 * @returns whether it can go out
 */
export function beginPosting({ store, time }: RunParts, connector: Connector, run: Run, chunk: Chunk): boolean {
  if (store.sequence !== chunk.sequence) {
    undoUnposted(store, run)
    return false
  }
  // Where a power cut loses this, the people are sent again.
  store.housekeeping(
    (sql) =>
      sql("UPDATE token_request SET state = 'posting', posted_at = ?, deadline = ? WHERE id = ?").run(
        time.now(),
        deadlineOf(connector, time),
        chunk.requestId,
      ),
    'later',
  )
  return true
}

/** Whoever was made ready and not posted is among the chosen again. */
export function undoUnposted(store: Store, run: Run): void {
  store.transaction(OFFICE, (transaction) => {
    const requests = undoReady(transaction, run.id)
    if (requests === 0) return
    transaction.audit({
      action: 'tokenisation.people-chosen',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { requests, again: true },
    })
  })
}

type Looked =
  | { readonly fault: LocalFinding; readonly basis: string; readonly standing: boolean }
  | { readonly fault: undefined; readonly basis: string; readonly vid: string; readonly sent: AuthData }

/** The people of these items as they can be sent now, or why not. */
function look(
  transaction: Transaction,
  source: Source,
  connector: Connector,
  items: readonly Item[],
): readonly Looked[] {
  const ids = items.map(({ registrantId }) => registrantId)
  const people = peopleOf(transaction, connector, ids)
  const around = surroundingsOf(transaction)
  return items.map(({ registrantId, ref }): Looked => {
    const person = people.get(registrantId)
    if (person === undefined) return { fault: { reason: 'removed', params: {} }, basis: '', standing: true }
    const { basis } = person
    const standing = findStandingFault(person, around)
    if (standing !== undefined) return { fault: standing, basis, standing: true }
    const { sent, vid, fault } = source.look(transaction, connector, person, ref)
    return fault === undefined ? { fault, basis, sent, vid } : { fault, basis, standing: false }
  })
}

/**
 * The people of a request as they go out again. Whose record is another one by now does not go: nothing but what was written
 * down leaves.
 */
export function chunkAgain(
  { store, time }: RunParts,
  source: Source,
  connector: Connector,
  request: Request,
): Chunk | undefined {
  const key = tokenisationKey(store)
  return store.transaction(OFFICE, (transaction) => {
    const at = time.now()
    const authdata: AuthData[] = []
    const items = sentItems(transaction, request.id)
    const looked = look(transaction, source, connector, items)
    for (const [index, item] of items.entries()) {
      const found = looked[index] as Looked
      const isAsSent =
        found.fault === undefined && item.vidHash !== null && vidHash(key, found.vid).equals(item.vidHash)
      if (isAsSent) authdata.push(found.sent)
      else {
        const outcome = {
          state: 'refused',
          class: 'mismatch',
          code: 'changed-meanwhile',
          params: {},
          nextTry: null,
        } as const
        settleItem(transaction, item, outcome, item.basis, at)
      }
    }
    if (authdata.length === 0) setRequest(transaction, request.id, { state: 'over' })
    else {
      transaction
        .sql("UPDATE token_request SET state = 'posting', posted_at = ?, deadline = ? WHERE id = ?")
        .run(at, deadlineOf(connector, time), request.id)
    }
    transaction.audit({
      action: 'tokenisation.request-sent',
      subjectKind: 'tokenRun',
      subjectId: request.runId,
      detail: { people: authdata.length, again: true },
    })
    transaction.touch('tokenisation')
    if (authdata.length === 0) return undefined
    return { requestId: request.id, root: request.root ?? request.id, authdata, sequence: transaction.sequence }
  })
}
