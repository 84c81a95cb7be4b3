import { setImmediate as breathe } from 'node:timers/promises'
import type { Fault } from '../../../../shared/contract/result.ts'
import { pauseAfter } from '../../../../shared/rules/tokenisation/answer-class.ts'
import { OFFICE } from '../../store/store.ts'
import type { RunParts } from './run-scene.ts'
import { endRun, type Item, type Run, settleItem } from './run-store.ts'

/** People who are listed in one transaction. */
const SLICE = 500

export function end(
  { store, time }: Pick<RunParts, 'store' | 'time'>,
  run: Run,
  state: 'done' | 'stopped' | 'failed',
  fault: Fault | null = null,
): void {
  store.transaction(OFFICE, (transaction) =>
    endRun(transaction, run.id, state, { at: time.now(), minute: time.minute }, fault),
  )
}

/** Whoever could not be sent is listed with the reason and sent by a later run. */
export function giveUp({ store, time }: RunParts, run: Run): void {
  const items = store
    .sql(
      `SELECT ref, run_id AS runId, request_id AS requestId, connector_id AS connectorId, registrant_id AS registrantId,
         vid_hash AS vidHash, state, class, tries, basis FROM token_item WHERE run_id = ? AND state = 'chosen' AND tries > 0`,
    )
    .all(run.id) as Item[]
  if (items.length === 0) return
  store.transaction(OFFICE, (transaction) => {
    const at = time.now()
    for (const item of items) {
      const nextTry = at + pauseAfter(item.tries) * time.minute
      const outcome = { state: 'unanswered', class: 'later', code: 'ATS-REQ-100', params: {}, nextTry } as const
      settleItem(transaction, item, outcome, item.basis, at)
    }
    transaction.audit({
      action: 'tokenisation.unanswered',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { people: items.length },
    })
  })
}

/** Lists who was not answered in time. @returns the next deadline, where somebody still has one */
export async function expire({ store, time }: RunParts, run: Run): Promise<number | undefined> {
  const now = time.now()
  const sentTooLong = store.sql(
    `SELECT i.ref, i.run_id AS runId, i.request_id AS requestId, i.connector_id AS connectorId,
         i.registrant_id AS registrantId, i.vid_hash AS vidHash, i.state, i.class, i.tries, i.basis
       FROM token_item i LEFT JOIN token_request q ON q.id = i.request_id
       WHERE i.run_id = ? AND i.state = 'sent' AND coalesce(q.deadline, 0) <= ? LIMIT ?`,
  )
  for (;;) {
    const late = sentTooLong.all(run.id, now, SLICE) as Item[]
    if (late.length === 0) break
    store.transaction(OFFICE, (transaction) => {
      for (const item of late) {
        const nextTry = now + pauseAfter(item.tries) * time.minute
        const outcome = { state: 'unanswered', class: 'unanswered', code: '', params: {}, nextTry } as const
        settleItem(transaction, item, outcome, item.basis, now)
      }
      transaction.audit({
        action: 'tokenisation.unanswered',
        subjectKind: 'tokenRun',
        subjectId: run.id,
        detail: { people: late.length },
      })
      transaction.touch('tokenisation')
    })
    await breathe()
  }
  const next = store
    .sql(
      `SELECT min(q.deadline) FROM token_request q WHERE q.run_id = ? AND EXISTS
         (SELECT 1 FROM token_item i WHERE i.request_id = q.id AND i.state = 'sent')`,
    )
    .pluck()
    .get(run.id) as number | null
  return next ?? undefined
}
