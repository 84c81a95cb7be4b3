import { once } from 'node:events'
import type { Store } from '../../electron/core/store/store.ts'
import type { BatchState } from '../../shared/model/batch.ts'

/** @throws when a batch waits for officers: nobody would ever answer it here. */
export async function batchesReach(
  store: Store,
  batchIds: readonly string[],
  states: readonly BatchState[],
): Promise<void> {
  const ended = new AbortController()
  let stuck = ''
  const stop = store.onChange(({ kinds }) => {
    if (!kinds.includes('batch')) return
    const batches = batchIds.map((id) => store.get('batch', id))
    stuck = batches.find(({ attention }) => attention !== '')?.attention ?? ''
    if (stuck !== '' || batches.every(({ state }) => states.includes(state))) ended.abort()
  })
  await once(ended.signal, 'abort')
  stop()
  if (stuck !== '') throw new Error(`a batch waits for officers: ${stuck}`)
}
