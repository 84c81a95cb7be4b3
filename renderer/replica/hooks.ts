import { useCallback, useEffect, useState } from 'react'
import type { MangoQuery, MangoQuerySortPart } from 'rxdb'
import {
  type DraftField,
  type DraftName,
  type OpenField,
  type ReplicaDocument,
  type ReplicaName,
  replicaCollection,
} from '../../shared/model/replica.ts'
import { type Draft, dismissRefusal, draftKey, type Refused, useDrafts } from './drafts.ts'
import { hasten } from './quiet.ts'
import { useReplicaState } from './state.ts'

export interface LiveDocument<N extends ReplicaName> {
  readonly document: ReplicaDocument<N> | undefined
  /** `absent`: the store has no such record. */
  readonly state: 'loading' | 'live' | 'absent'
}

/** One record, live: it is pinned while the caller shows it. */
export function useReplicaDocument<N extends ReplicaName>(name: N, id: string | undefined): LiveDocument<N> {
  const replica = useReplicaState((state) => state.replica)
  const [shown, setShown] = useState<{ key: string; live: LiveDocument<N> }>()
  const key = id === undefined ? '' : draftKey(name, id)
  useEffect(() => {
    if (id === undefined) return
    if (replica === undefined) return hasten()
    let document: ReplicaDocument<N> | undefined
    const show = (): void => {
      const absent = replica.isMissing(name, id)
      const state = document !== undefined ? 'live' : absent ? 'absent' : 'loading'
      setShown({ key: draftKey(name, id), live: { document, state } })
    }
    const release = replica.hold(name, [id])
    const stopMissing = replica.onMissing(name, show)
    const subscription = replica
      .collection(name)
      .findOne(id)
      .$.subscribe({
        next: (found) => {
          document = found?.toJSON() as ReplicaDocument<N> | undefined
          show()
        },
        // The keeper heard of it and makes the database anew; the next replica comes through the state.
        error: () => undefined,
      })
    return () => {
      subscription.unsubscribe()
      stopMissing()
      release()
    }
  }, [replica, name, id])
  return shown?.key === key ? shown.live : { document: undefined, state: 'loading' }
}

export interface ReplicaQuery<N extends ReplicaName> {
  /** By fields that are not sealed. */
  readonly where?: {
    readonly [F in OpenField<N>]?: ReplicaDocument<N>[F] | { readonly $in: readonly ReplicaDocument<N>[F][] }
  }
  readonly sort?: OpenField<N>
  readonly limit?: number
  /** Records to pin while the caller shows them, where the collection is not held whole. */
  readonly hold?: readonly string[]
}

/** Records by a query, live; undefined until the first answer. Of pinned collections, those that are held. */
export function useReplicaQuery<N extends ReplicaName>(
  name: N,
  query: ReplicaQuery<N>,
): readonly ReplicaDocument<N>[] | undefined {
  const replica = useReplicaState((state) => state.replica)
  const [shown, setShown] = useState<{ key: string; documents: readonly ReplicaDocument<N>[] }>()
  const key = JSON.stringify([name, query])
  useEffect(() => {
    if (replica === undefined) return hasten()
    const [, { where = {}, sort, limit, hold = [] }] = JSON.parse(key) as [N, ReplicaQuery<N>]
    const release = replica.hold(name, hold)
    const asked: MangoQuery<ReplicaDocument<N>> = {
      selector: where as object,
      ...(sort === undefined ? {} : { sort: [{ [sort]: 'asc' } as unknown as MangoQuerySortPart<ReplicaDocument<N>>] }),
      ...(limit === undefined ? {} : { limit }),
    }
    const subscription = replica
      .collection(name)
      .find(asked)
      .$.subscribe({
        next: (found) => setShown({ key, documents: found.map((document) => document.toJSON() as ReplicaDocument<N>) }),
        error: () => undefined,
      })
    return () => {
      subscription.unsubscribe()
      release()
    }
  }, [replica, name, key])
  return shown?.key === key ? shown.documents : undefined
}

export interface DraftDoor<N extends DraftName> extends LiveDocument<N> {
  /** `unchanged`, `here` (saved in this window), `stored` (in the office store) or `refused`. */
  readonly draft: 'unchanged' | Draft['state']
  /** The last edit that was not taken, with both versions; until dismissed or tried again. */
  readonly refused: Refused | undefined
  /** Writes fields at once; they go to the store by themselves. Call it when a field is left, not at every key. */
  readonly change: (fields: Partial<Pick<ReplicaDocument<N>, DraftField<N>>>) => Promise<void>
  /** Writes the refused edit again, over what the store has now. */
  readonly tryAgain: () => Promise<void>
  readonly dismiss: () => void
}

/** A record that is edited live: optimistic here, then in the store, or refused and back to what the store has. */
export function useDraft<N extends DraftName>(name: N, id: string): DraftDoor<N> {
  const live = useReplicaDocument(name, id)
  const replica = useReplicaState((state) => state.replica)
  const known = useDrafts((state) => state.drafts[draftKey(name, id)])
  const dismiss = useCallback(() => dismissRefusal(draftKey(name, id)), [name, id])
  const seen = live.document
  const change = useCallback(
    async (fields: Partial<Pick<ReplicaDocument<N>, DraftField<N>>>) => {
      await replica?.edit(name, id, fields, seen)
    },
    [replica, name, id, seen],
  )
  const refused = known?.refused
  const tryAgain = useCallback(async () => {
    if (refused === undefined) return
    const { draftFields } = replicaCollection(name)
    const mine = Object.fromEntries(Object.entries(refused.mine).filter(([field]) => draftFields.includes(field)))
    dismiss()
    await replica?.edit(name, id, mine as Partial<Pick<ReplicaDocument<N>, DraftField<N>>>)
  }, [replica, refused, name, id, dismiss])
  return { ...live, draft: known?.state ?? 'unchanged', refused, change, tryAgain, dismiss }
}
