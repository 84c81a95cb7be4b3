import { Dexie } from 'dexie'
import { browserStorage } from '../../../renderer/replica/browser-storage.ts'
import { Drafts } from '../../../renderer/replica/drafts.ts'
import { Replica } from '../../../renderer/replica/replica.ts'
import { createSeal } from '../../../renderer/replica/seal.ts'
import type { ReplicaSource } from '../../../renderer/replica/source.ts'
import type { ReplicatedDocument } from '../../../shared/contract/replica.ts'
import { type ReplicaName, replicaCollection, replicaNames } from '../../../shared/model/replica.ts'

/** What one run in the browser measured, in milliseconds. */
export interface FillFigures {
  readonly fill: number
  readonly bare: number
  /** Longest time in which the page could not answer while the replica filled. */
  readonly gap: number
  /** Until the first document of the collection that is asked for last was on hand. */
  readonly firstDocument: number
  readonly documents: number
}

declare global {
  interface Window {
    fillReplica: (documents: Record<ReplicaName, ReplicatedDocument[]>) => Promise<FillFigures>
  }
}

/** Documents that bare Dexie writes in one call; its best of 200, 1,000 and 5,000. */
const BARE_AT_ONCE = 1_000

window.fillReplica = async (documents) => {
  const bare = await fillBareDexie(documents)
  const gap = longestGap()
  const { fill, firstDocument } = await fillReplica(documents)
  const total = Object.values(documents).reduce((sum, { length }) => sum + length, 0)
  return { fill, bare, gap: gap(), firstDocument, documents: total }
}

/** The replica as the office opens it, over a source in this page that answers at once. */
async function fillReplica(documents: Record<ReplicaName, ReplicatedDocument[]>) {
  const byId = new Map(replicaNames.map((name) => [name, new Map(documents[name].map((one) => [one.id, one]))]))
  const source: ReplicaSource = {
    key: async () => ({ id: 'bench', key: '' }),
    async pull(name, checkpoint, limit) {
      if (replicaCollection(name).extent === 'pinned') {
        return { documents: [], checkpoint: checkpoint ?? { seq: 1, id: '' }, more: false }
      }
      const from = checkpoint === null ? 0 : checkpoint.seq
      const page = documents[name].slice(from, from + limit)
      const seq = from + page.length
      return { documents: page, checkpoint: { seq, id: '' }, more: seq < documents[name].length }
    },
    pin: async (name, ids) => ({
      documents: ids.map((id) => byId.get(name)?.get(id) ?? { id, _deleted: true }),
      sequence: 1,
    }),
    unpin: async () => null,
    push: async () => ({ masters: [], refusals: [] }),
    follow: () => () => undefined,
  }
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  const begun = performance.now()
  const replica = await Replica.open({
    name: 'bench-replica',
    storage: browserStorage(true),
    seal: await createSeal(key),
    source,
    drafts: new Drafts(
      () => undefined,
      () => undefined,
    ),
    onFault: (error) => {
      throw error
    },
  })
  for (const name of replicaNames) {
    if (replicaCollection(name).extent === 'pinned')
      replica.hold(
        name,
        documents[name].map(({ id }) => id),
      )
  }
  const last = documents.payments[0]?.id ?? ''
  const first = new Promise<number>((resolve) => {
    const seen = replica
      .collection('payments')
      .findOne(last)
      .$.subscribe((found) => {
        if (found === null) return
        resolve(performance.now() - begun)
        queueMicrotask(() => seen.unsubscribe())
      })
  })
  await replica.settled()
  const fill = performance.now() - begun
  for (const name of replicaNames) {
    const count = await replica.collection(name).count().exec()
    if (count !== documents[name].length) throw new Error(`${name}: ${count} of ${documents[name].length} arrived`)
  }
  const firstDocument = await first
  await replica.close()
  return { fill, firstDocument }
}

/** The same documents with the same indexes, in clear, by bare Dexie. */
async function fillBareDexie(documents: Record<ReplicaName, ReplicatedDocument[]>): Promise<number> {
  const begun = performance.now()
  const database = new Dexie('bench-bare')
  database
    .version(1)
    .stores(
      Object.fromEntries(replicaNames.map((name) => [name, ['id', ...replicaCollection(name).indexes].join(', ')])),
    )
  for (const name of replicaNames) {
    for (let from = 0; from < documents[name].length; from += BARE_AT_ONCE) {
      await database.table(name).bulkPut(documents[name].slice(from, from + BARE_AT_ONCE))
    }
  }
  const time = performance.now() - begun
  database.close()
  return time
}

/** Watches how long the page leaves a short timer waiting. @returns how to stop, with the longest time in milliseconds */
function longestGap(): () => number {
  const every = 5
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last - every)
    last = now
  }, every)
  return () => {
    clearInterval(timer)
    return longest
  }
}
