import { EventEmitter, on } from 'node:events'
import type { Change } from '../store/store.ts'
import { officerProcedure, router } from './procedure.ts'

export const changesRouter = router({
  /** What each committed change touched, so that screens ask again for what they show. */
  stream: officerProcedure.subscription(async function* ({ ctx, signal }) {
    const changes = new EventEmitter<{ change: [Change] }>()
    const stop = ctx.office.store.onChange((change) => void changes.emit('change', change))
    try {
      for await (const [change] of on(changes, 'change', signal === undefined ? {} : { signal })) {
        yield change as Change
      }
    } finally {
      stop()
    }
  }),
})
