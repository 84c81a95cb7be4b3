import { create } from 'zustand'
import { OfficeFault } from '../api/office-fault.ts'
import { notifyFault } from '../components/notify.tsx'
import type { Refused } from './drafts.ts'
import type { ReplicaKeeper } from './keeper.ts'
import type { Replica } from './replica.ts'
import type { ReplicaSource } from './source.ts'

interface ReplicaState {
  /** Undefined before it is open, while it is made anew, and when nobody is signed in. */
  readonly replica: Replica | undefined
}

export const useReplicaState = create<ReplicaState>()(() => ({ replica: undefined }))

let keeper: Promise<ReplicaKeeper> | undefined

/** Opens the replica of the officer who just signed in. RxDB is loaded here, after the first screen. */
export async function openReplica(source: ReplicaSource): Promise<void> {
  await clearReplica()
  const opening = import('./keeper.ts').then(({ ReplicaKeeper }) => {
    const made: ReplicaKeeper = new ReplicaKeeper({
      source,
      browser: { indexedDB: globalThis.indexedDB, locks: navigator.locks, marks: globalThis.localStorage },
      onReplica: (replica) => useReplicaState.setState({ replica }),
      onRefusal: tellRefusal,
      onLost: (count) => notifyFault(new OfficeFault({ code: 'replica.edits-lost', params: { count } })),
    })
    return made
  })
  keeper = opening
  const made = await opening
  if (keeper === opening) await made.open()
}

/** Removes the replica from the browser: its documents, and what was known of drafts. For the sign-out. */
export async function clearReplica(): Promise<void> {
  const closing = keeper
  keeper = undefined
  await (await closing)?.clear()
}

const tellRefusal = ({ fault }: Refused): void => notifyFault(new OfficeFault(fault))
