import { officerProcedure, router } from '../api/procedure.ts'
import type { Office } from '../office.ts'
import { isSendingStopped } from '../scheduler/sending-switch.ts'

/** How something outside is reached; `cut` means that the office itself keeps it closed. */
type OutsideState = 'up' | 'down' | 'unknown' | 'cut'

export const homeRouter = router({
  /** What waits for this officer, how the outside is reached, and the figures of the first screen. */
  summary: officerProcedure.query(async ({ ctx, signal }) => {
    const { office, officer } = ctx
    const { id: officerId, roles, sponsors } = officer
    const figures = await office.reader.run('home.summary', { officerId, roles, sponsors }, { signal })
    return { ...figures, outside: outsideOf(office) }
  }),

  /** The outside alone, for the chip that every screen shows. */
  outside: officerProcedure.query(({ ctx }) => outsideOf(ctx.office)),
})

function outsideOf(office: Office): { line: OutsideState; paymentSystem: OutsideState } {
  const { http } = office
  const line = http.isLineCut() ? 'cut' : http.line.isUp() ? 'up' : 'down'
  return { line, paymentSystem: paymentSystemOf(office) }
}

/** What the last contacts have shown: an endpoint that rests is down, one that answered is up. */
function paymentSystemOf({ store }: Office): OutsideState {
  if (isSendingStopped(store)) return 'cut'
  const resting = store.sql("SELECT 1 FROM job WHERE state = 'waiting' AND deferred_by = 'endpoint' LIMIT 1").get()
  if (resting !== undefined) return 'down'
  const last = store
    .sql("SELECT outcome FROM delivery WHERE outcome <> 'posting' ORDER BY rowid DESC LIMIT 1")
    .pluck()
    .get() as string | undefined
  if (last === undefined) return 'unknown'
  return last === 'unknown' ? 'down' : 'up'
}
