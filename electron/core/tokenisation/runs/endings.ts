import { setImmediate as breathe } from 'node:timers/promises'
import type { Fault } from '../../../../shared/contract/result.ts'
import { pauseAfter } from '../../../../shared/rules/tokenisation/answer-class.ts'
import { OFFICE, type Transaction } from '../../store/store.ts'
import { type Item, settleItem } from './run-items.ts'
import type { RunParts } from './run-scene.ts'
import { type Run, type Sql, undoReady } from './run-store.ts'

type Parts = Pick<RunParts, 'store' | 'time'>

/** People who are listed, or taken out, in one transaction. */
const SLICE = 500

const ACTIONS = {
  done: 'tokenisation.run-ended',
  stopped: 'tokenisation.run-stopped',
  failed: 'tokenisation.run-failed',
} as const

/** Ends a run, and takes out who is left in it. */
export async function end(
  { store, time }: Parts,
  run: Pick<Run, 'id'>,
  state: keyof typeof ACTIONS,
  fault: Fault | null = null,
): Promise<void> {
  const moment = { at: time.now(), minute: time.minute }
  store.transaction(OFFICE, (transaction) => endRun(transaction, run.id, state, moment, fault))
  await takeOutRest({ store, time }, run.id)
}

/**
 * Ends a run, within a transaction; nobody is put into it or sent by it from then on. Takes out so many people as fit into one
 * transaction; {@link takeOutRest} has to follow for the others. `minute`: as this office counts them, milliseconds.
 */
export function endRun(
  transaction: Transaction,
  id: string,
  state: keyof typeof ACTIONS,
  moment: { readonly at: number; readonly minute: number },
  fault: Fault | null = null,
): void {
  const { changes } = transaction
    .sql('UPDATE token_run SET state = ?, ended_at = ?, fault = ? WHERE id = ? AND ended_at IS NULL')
    .run(state, moment.at, fault === null ? null : JSON.stringify(fault), id)
  if (changes === 0) return
  undoReady(transaction, id)
  transaction.sql("UPDATE token_request SET state = 'over' WHERE run_id = ? AND state <> 'over'").run(id)
  takeOut(transaction, id, moment)
  transaction.audit({
    action: ACTIONS[state],
    subjectKind: 'tokenRun',
    subjectId: id,
    detail: fault === null ? {} : { code: fault.code },
  })
  transaction.touch('tokenisation')
}

/** Takes the people out of an ended run who did not fit into its last transaction; others get their turn between two. */
export async function takeOutRest({ store, time }: Parts, id: string): Promise<void> {
  while (hasOpenItems(store, id)) {
    await breathe()
    store.transaction(OFFICE, (transaction) => {
      const people = takeOut(transaction, id, { at: time.now(), minute: time.minute })
      if (people === 0) return
      transaction.audit({
        action: 'tokenisation.people-taken-out',
        subjectKind: 'tokenRun',
        subjectId: id,
        detail: { people },
      })
      transaction.touch('tokenisation')
    })
  }
}

/** Goes on with ended runs whose people were being taken out when the office was shut: they could be in no other run. */
export async function takeOutCutOff(parts: Parts): Promise<void> {
  const ended = parts.store
    .sql(
      `SELECT id FROM token_run r WHERE ended_at IS NOT NULL AND
         (EXISTS (SELECT 1 FROM token_item i WHERE i.run_id = r.id AND i.state = 'chosen')
           OR EXISTS (SELECT 1 FROM token_item i WHERE i.run_id = r.id AND i.state = 'sent'))`,
    )
    .pluck()
    .all() as string[]
  for (const id of ended) await takeOutRest(parts, id)
}

const hasOpenItems = (from: Sql, runId: string): boolean =>
  from.sql("SELECT 1 FROM token_item WHERE run_id = ? AND state IN ('chosen', 'sent') LIMIT 1").get(runId) !== undefined

/**
 * Takes people out of an ended run. Who was not sent yet is not marked in any way, who has no answer is listed as that: a later
 * run takes both. Whom an officer chose by name is listed also where the run failed before their turn came.
 *
 * @returns how many
 */
function takeOut(
  transaction: Transaction,
  id: string,
  { at, minute }: { readonly at: number; readonly minute: number },
): number {
  const some = (state: 'chosen' | 'sent'): string =>
    `ref IN (SELECT ref FROM token_item WHERE run_id = ? AND state = '${state}' LIMIT ${SLICE})`
  const isListed = transaction
    .sql("SELECT 1 FROM token_run WHERE id = ? AND state = 'failed' AND started_by = 'selection'")
    .get(id)
  const chosen =
    isListed === undefined
      ? transaction.sql(`DELETE FROM token_item WHERE ${some('chosen')}`).run(id)
      : transaction
          .sql(`UPDATE token_item SET state = 'unanswered', class = 'later', changed_at = ? WHERE ${some('chosen')}`)
          .run(at, id)
  const nextTry = at + pauseAfter(1) * minute
  transaction
    .sql(
      `INSERT INTO token_person SELECT registrant_id, ref, 'unanswered', 'unanswered', basis, tries, ?
       FROM token_item WHERE ${some('sent')} ON CONFLICT (registrant_id) DO UPDATE SET
       ref = excluded.ref, state = excluded.state, class = excluded.class, basis = excluded.basis,
       tries = excluded.tries, next_try = excluded.next_try`,
    )
    .run(nextTry, id)
  const sent = transaction
    .sql(
      `UPDATE token_item SET state = 'unanswered', class = 'unanswered', next_try = ?, changed_at = ? WHERE ${some('sent')}`,
    )
    .run(nextTry, at, id)
  return chosen.changes + sent.changes
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
