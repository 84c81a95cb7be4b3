import { officerProcedure, router } from '../api/procedure.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import { answeredAt } from '../dispatch/look-up.ts'
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
    return { ...figures, outside: outsideOf(office), safety: safetyOf(office) }
  }),

  /** The outside alone, for the chip that every screen shows. */
  outside: officerProcedure.query(({ ctx }) => outsideOf(ctx.office)),
})

/** What would be lost with this machine; null in training, where nothing is. */
function safetyOf({ backups, recovery, training }: Office) {
  if (training) return null
  const { standing } = backups
  const { last, fault } = backups.status
  const { newest } = recovery.status
  const recoveryKey: 'none' | 'unproven' | 'proven' =
    newest === null ? 'none' : newest.provenAt === null ? 'unproven' : 'proven'
  return { backup: standing ?? ('none' as const), lastAt: last?.madeAt ?? null, fault, recoveryKey }
}

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
    .sql(
      `SELECT d.outcome, d.changed_at AS moment, b.body ->> '$.managerId' AS managerId
       FROM delivery d JOIN batch b ON b.id = d.batch_id WHERE d.outcome <> 'posting' ORDER BY d.rowid DESC LIMIT 1`,
    )
    .get() as { outcome: string; moment: string; managerId: string } | undefined
  if (last === undefined) return 'unknown'
  if (last.outcome !== 'unknown') return 'up'
  // An answer that was lost on the way says nothing any more once a look-up was answered.
  const answered = answeredAt(store, last.managerId)
  return answered !== undefined && answered >= momentMilliseconds(last.moment) ? 'up' : 'down'
}
