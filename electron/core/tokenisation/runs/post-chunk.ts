import type { Fault } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import { type Posted, postRequest } from '../mts/seeder.ts'
import { callbackOrder } from './callback-order.ts'
import type { Chunk } from './chunk.ts'
import { sentItems, settleItem } from './run-items.ts'
import type { RunParts } from './run-scene.ts'
import { addRequest, openRequests, type Run, setRequest, takeBack } from './run-store.ts'
import type { Source } from './source.ts'

/** A request on which the seeder breaks is posted so often as it is before it is halved. */
const AS_IT_IS = 2
/** Posts on which a seeder breaks, without taking any, after which the fault is its own and no record's. */
const MOST_BROKEN = 24

/** What becomes of the run after a post. */
export type AfterPost =
  | { readonly kind: 'on' }
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** Nothing left; the people are among the chosen again. */
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number | null }
  /** The seeder's own fault; the people are among the chosen again. */
  | { readonly kind: 'retry'; readonly fault: Fault }

/** Hands a chunk to the seeder and writes down what it said. */
export async function postChunk(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<AfterPost> {
  const { store, http } = parts
  const order = connector.delivery === 'callback' ? callbackOrder(parts, connector, run.id) : undefined
  const { path, body } = source.request(parts, connector, chunk.authdata, order)
  const posted = await postRequest(http, connector.mtsUrl, path, body, signal)
  return afterPost(store, connector, run, chunk, posted)
}

function afterPost(store: Store, connector: Connector, run: Run, chunk: Chunk, posted: Posted): AfterPost {
  const { requestId } = chunk
  switch (posted.kind) {
    case 'taken':
      note(store, run, requestId, { state: 'taken', identifier: posted.identifier })
      return { kind: 'on' }
    case 'refused':
      back(store, run, chunk.root)
      return posted
    case 'not-sent':
      back(store, run, chunk.root)
      return { kind: 'put-off', fault: posted.fault, retryAt: posted.retryAt }
    case 'lost':
      if (connector.delivery === 'callback') {
        // It may be at work; its calls are waited for.
        note(store, run, requestId, { state: 'taken' })
        return { kind: 'on' }
      }
      // Without its name nobody can fetch the answers; sent again it comes to the same.
      back(store, run, chunk.root)
      return { kind: 'retry', fault: posted.fault }
    case 'broke':
      return halve(store, run, chunk, posted.code)
  }
}

/** Where a power cut loses it, the people are sent again. */
function note(store: Store, run: Run, requestId: number, change: Parameters<typeof setRequest>[2]): void {
  store.housekeeping(
    (sql) =>
      sql(`UPDATE token_request SET state = ?, identifier = coalesce(?, identifier) WHERE id = ? AND run_id = ?`).run(
        change.state,
        change.identifier ?? null,
        requestId,
        run.id,
      ),
    'later',
  )
}

/** Everybody of a chunk who has no answer goes back among the chosen. */
function back(store: Store, run: Run, root: number): void {
  store.transaction(OFFICE, (transaction) => {
    const ids = transaction
      .sql("SELECT id FROM token_request WHERE root = ? AND state IN ('ready', 'posting', 'suspect')")
      .pluck()
      .all(root) as number[]
    for (const id of ids) takeBack(transaction, id)
    transaction.audit({
      action: 'tokenisation.people-chosen',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { again: true },
    })
    transaction.touch('tokenisation')
  })
}

/**
 * One record can break a whole request. It is posted once more, then in halves, until the record stands alone; it is refused
 * once another part of the same chunk was taken, since a seeder that takes nothing has a fault of its own.
 */
function halve(store: Store, run: Run, { requestId, root }: Chunk, code: string): AfterPost {
  const { broken, taken } = store
    .sql(`SELECT coalesce(sum(tries), 0) AS broken, sum(identifier <> '') AS taken FROM token_request WHERE root = ?`)
    .get(root) as { broken: number; taken: number }
  const fault: Fault = { code: 'tokenisation.seeder-failing', params: { code } }
  if (taken === 0 && broken + 1 >= MOST_BROKEN) {
    back(store, run, root)
    return { kind: 'retry', fault }
  }
  const isSettled = store.transaction(OFFICE, (transaction) => {
    const tries = (transaction.sql('SELECT tries FROM token_request WHERE id = ?').pluck().get(requestId) as number) + 1
    const items = sentItems(transaction, requestId)
    if (tries < AS_IT_IS && requestId === root) setRequest(transaction, requestId, { state: 'ready', tries })
    else if (items.length <= 1) setRequest(transaction, requestId, { state: 'suspect', tries })
    else {
      setRequest(transaction, requestId, { state: 'over', tries })
      const move = transaction.sql('UPDATE token_item SET request_id = ? WHERE ref = ?')
      const middle = Math.ceil(items.length / 2)
      for (const half of [items.slice(0, middle), items.slice(middle)]) {
        const part = addRequest(transaction, run.id, { root, state: 'ready', tries: 0 }, null)
        for (const { ref } of half) move.run(part, ref)
      }
    }
    transaction.audit({
      action: 'tokenisation.request-sent',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { broke: code, people: items.length },
    })
    transaction.touch('tokenisation')
    const open = transaction
      .sql("SELECT count(*) FROM token_request WHERE root = ? AND state IN ('ready', 'posting')")
      .pluck()
      .get(root) as number
    return open === 0 && taken === 0
  })
  if (!isSettled) return { kind: 'on' }
  back(store, run, root)
  return { kind: 'retry', fault }
}

/**
 * Refuses the records that stood alone in a request which the seeder broke on, while it took others of the same chunk.
 *
 * @returns how many
 */
export function refuseSuspects(store: Store, run: Run, at: number): number {
  const suspects = openRequests(store, run.id, 'suspect')
  if (suspects.length === 0) return 0
  return store.transaction(OFFICE, (transaction) => {
    for (const { id } of suspects) {
      for (const item of sentItems(transaction, id)) {
        const outcome = {
          state: 'refused',
          class: 'unreadable',
          code: 'ATS-REQ-100',
          params: {},
          nextTry: null,
        } as const
        settleItem(transaction, item, outcome, item.basis, at)
      }
      setRequest(transaction, id, { state: 'over' })
    }
    transaction.audit({
      action: 'tokenisation.answers-applied',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { people: suspects.length },
    })
    transaction.touch('tokenisation')
    return suspects.length
  })
}
