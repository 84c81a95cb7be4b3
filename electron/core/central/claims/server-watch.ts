import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { ClaimsServer } from './claims-server.ts'

/*
 * Whether the central server still is the one that it was: another server at the same address, or an older state of the
 * same one, has forgotten who pays whom.
 */

/** How a doubt about the server arose. */
export type ServerDoubt = 'uuid' | 'district' | 'sequence' | 'claims' | 'office'

/** What was last seen of the server. */
export interface SeenServer {
  readonly uuid: string
  readonly districtId: string
  /** The number before the dash of the claims database's `update_seq`. */
  readonly sequence: number
}

const SEEN = 'central-server'
const DOUBT = 'central-doubt'

export const findServerDoubt = (store: Pick<Store, 'findMark'>): ServerDoubt | undefined => {
  const mark = store.findMark(DOUBT)
  return mark === undefined || mark === '' ? undefined : (mark as ServerDoubt)
}

/** Why nothing is sent; undefined when the server is not in doubt. */
export const serverObstacle = (store: Pick<Store, 'findMark'>): Fault | undefined =>
  findServerDoubt(store) === undefined ? undefined : { code: 'central.server-changed', params: {} }

/** From now on nothing is sent until an administrator has confirmed the server. */
export function doubtServer(store: Store, why: ServerDoubt): void {
  if (findServerDoubt(store) !== undefined) return
  store.transaction(OFFICE, (transaction) => {
    transaction.mark(DOUBT, why)
    transaction.audit({
      action: 'central.server-doubted',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { why },
    })
  })
}

/** The server as it is now counts as known; called in the transaction of an administrator's confirmation. */
export function acceptServer(transaction: Transaction, seen: SeenServer): void {
  transaction.mark(SEEN, JSON.stringify(seen))
  transaction.mark(DOUBT, '')
}

/** What can be seen of the server without writing to it. */
export async function lookAtServer({ database }: ClaimsServer, signal: AbortSignal): Promise<Result<SeenServer>> {
  const { couch, name } = database
  const [root, standing, documents] = [
    await couch.json({ method: 'GET', path: '/', signal }),
    await couch.json({ method: 'GET', path: `/${name}`, signal }),
    await database.readRaw(['district'], signal),
  ]
  if (!root.ok) return root
  if (!standing.ok) return standing
  if (!documents.ok) return documents
  const { uuid } = root.value as { uuid?: unknown }
  const { update_seq: sequence } = standing.value as { update_seq?: unknown }
  const { districtId } = (documents.value.get('district') ?? {}) as { districtId?: unknown }
  const number = Number.parseInt(String(sequence), 10)
  if (typeof uuid !== 'string' || Number.isNaN(number)) return failure('central.not-understood', { host: couch.host })
  return success({ uuid, districtId: typeof districtId === 'string' ? districtId : '', sequence: number })
}

/** Compares what is seen with what was seen, and notes a doubt or the newest sight. */
export function watchServer(store: Store, now: SeenServer): ServerDoubt | undefined {
  const mark = store.findMark(SEEN)
  const before = mark === undefined || mark === '' ? undefined : (JSON.parse(mark) as SeenServer)
  const why =
    before === undefined
      ? undefined
      : before.uuid !== now.uuid
        ? 'uuid'
        : before.districtId !== now.districtId
          ? 'district'
          : now.sequence < before.sequence
            ? 'sequence'
            : undefined
  if (why !== undefined) doubtServer(store, why)
  else if (findServerDoubt(store) === undefined) store.housekeeping((_, set) => set(SEEN, JSON.stringify(now)))
  return why
}
