import type { Checkpoint, PullAnswer, ReplicatedDocument } from '../../../shared/contract/replica.ts'
import { type ReplicaName, replicaCollections } from '../../../shared/model/replica.ts'
import { collections } from '../store/collections.ts'
import type { ReadContext } from '../store/read-query.ts'
import { absent, toDocument } from './documents.ts'

export interface SinceInput {
  readonly name: ReplicaName
  readonly after: Checkpoint
  readonly limit: number
  /** Only these records, for collections of which a page pins some; null for whole collections. */
  readonly pinned: readonly string[] | null
}

interface Row {
  readonly id: string
  readonly seq: number
  readonly body: string
}

/** A registrant's view shows its identity numbers, so it is as new as the newest of them. */
const sequenceOf = (name: ReplicaName): string =>
  name === 'registrants'
    ? 'max(t.seq, coalesce((SELECT max(i.seq) FROM identity_number i WHERE i.registrant_id = t.id), 0))'
    : 't.seq'

const tableOf = (name: ReplicaName): string => collections[replicaCollections[name].kind].table

export const replicaQueries = {
  /** Documents that changed behind the checkpoint, in the order of changes; several share one change. */
  'replica.since': (context: ReadContext, { name, after, limit, pinned }: SinceInput): PullAnswer => {
    const table = tableOf(name)
    const statement =
      pinned === null
        ? `SELECT id, seq, body FROM ${table} WHERE (seq, id) > (?, ?) ORDER BY seq, id LIMIT ?`
        : `SELECT id, seq, body FROM (
             SELECT t.id, ${sequenceOf(name)} AS seq, t.body FROM json_each(?) pin JOIN ${table} t ON t.id = pin.value
           ) WHERE (seq, id) > (?, ?) ORDER BY seq, id LIMIT ?`
    const pins = pinned === null ? [] : [JSON.stringify(pinned)]
    const rows = context.sql(statement).all(...pins, after.seq, after.id, limit + 1) as Row[]
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      documents: page.map(({ body }) => toDocument(context, name, body)),
      checkpoint: last === undefined ? after : { seq: last.seq, id: last.id },
      more: rows.length > limit,
    }
  },

  /** These documents as they are now; absent ones as such. */
  'replica.these': (
    context: ReadContext,
    { name, ids }: { name: ReplicaName; ids: readonly string[] },
  ): ReplicatedDocument[] => {
    const find = context.sql(`SELECT body FROM ${tableOf(name)} WHERE id = ?`).pluck()
    return ids.map((id) => {
      const body = find.get(id) as string | undefined
      return body === undefined ? absent(id) : toDocument(context, name, body)
    })
  },
}
