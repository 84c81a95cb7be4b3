import { z } from 'zod'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { JobKind } from '../scheduler/job.ts'
import { OFFICE } from '../store/store.ts'
import { FOLLOWED } from './claim.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { lookUp } from './look-up.ts'
import type { Posts } from './posts.ts'

export const WANTED_JOB = 'dispatch.wanted'

const Input = z.object({ managerId: z.string() })

/** However many call, the payment system is asked because of them once in so many minutes, and for so many pages. */
const PAUSE = 1
const PAGES = 5

/** States about which nobody outside can know anything. */
const NEVER_LEFT = "('prepared', 'blocked', 'cancelled')"

/** Payments that somebody called about who cannot be believed are looked up soon. One that is waited for already is no news. */
export function wantLookUp(
  { store, scheduler }: Pick<DispatchContext, 'store' | 'scheduler'>,
  { id: managerId }: Pick<PaymentManager, 'id'>,
  payments: readonly string[],
): void {
  const ids = JSON.stringify(payments)
  const fresh = store
    .sql(
      `SELECT count(*) FROM payment WHERE id IN (SELECT value FROM json_each(?)) AND manager_id = ?
       AND state NOT IN ${NEVER_LEFT} AND id NOT IN (SELECT payment_id FROM look_up_wanted)`,
    )
    .pluck()
    .get(ids, managerId) as number
  if (fresh === 0) return
  store.transaction(OFFICE, (transaction) => {
    transaction
      .sql(
        `INSERT INTO look_up_wanted SELECT id, manager_id FROM payment
         WHERE id IN (SELECT value FROM json_each(?)) AND manager_id = ? AND state NOT IN ${NEVER_LEFT}
         ON CONFLICT DO NOTHING`,
      )
      .run(ids, managerId)
    scheduler.enqueue(transaction, {
      kind: WANTED_JOB,
      key: managerId,
      input: { managerId },
      needs: { line: true, endpoint: `status:${managerId}`, officer: [] },
    })
    transaction.audit({
      action: 'payments.look-up-wanted',
      subjectKind: 'paymentManager',
      subjectId: managerId,
      detail: { count: fresh },
    })
  })
}

const lastMark = (managerId: string): string => `wanted-look-up:${managerId}`

/** Asks about them, never faster than {@link PAUSE} lets it: a flood of calls must not become a flood of questions. */
export function wantedLookUpJob(context: DispatchContext, posts: Posts): JobKind<z.infer<typeof Input>> {
  const { store, time } = context
  return {
    kind: WANTED_JOB,
    input: Input,
    sends: false,
    async run({ managerId }, { signal }) {
      const now = time.now()
      const last = Number(store.findMark(lastMark(managerId)) ?? 0)
      const next = last + PAUSE * time.minute
      // A date ahead was set before the clock was put back.
      if (last <= now && next > now) return { kind: 'again', at: next }
      store.housekeeping((_, mark) => mark(lastMark(managerId), String(now)))
      const manager = store.get('paymentManager', managerId)
      // What another office sends is that office's to ask about; it is kept in case this one takes it over.
      const everything = context.claims.isShared() ? 0 : 1
      const wanted = store
        .sql(
          `SELECT payment.id, payment.batch_id AS batchId, body ->> '$.currency' AS currency,
                  body ->> '$.theirReference' AS theirReference
           FROM look_up_wanted JOIN payment ON payment.id = look_up_wanted.payment_id
           WHERE look_up_wanted.manager_id = ? AND (? OR ${FOLLOWED}) LIMIT ?`,
        )
        .all(managerId, everything, store.installationId, PAGES * manager.statusPageSize) as Parameters<
        typeof lookUp
      >[3]
      const result = await lookUp(context, posts, manager, wanted, signal)
      if (signal.aborted) return { kind: 'deferred', by: 'restart' }
      if (result.kind === 'put-off') return { kind: 'deferred', by: 'line', until: result.retryAt, fault: result.fault }
      if (result.kind === 'failed') return { kind: 'retry', fault: result.fault, notBefore: time.now() + time.minute }
      const left = store.housekeeping((sql) => {
        sql('DELETE FROM look_up_wanted WHERE payment_id IN (SELECT value FROM json_each(?))').run(
          JSON.stringify(wanted.map(({ id }) => id)),
        )
        const next = sql(
          `SELECT 1 FROM look_up_wanted JOIN payment ON payment.id = look_up_wanted.payment_id
           WHERE look_up_wanted.manager_id = ? AND (? OR ${FOLLOWED}) LIMIT 1`,
        ).get(managerId, everything, store.installationId)
        return next !== undefined
      })
      return left ? { kind: 'again', at: time.now() + PAUSE * time.minute } : { kind: 'finished' }
    },
  }
}
