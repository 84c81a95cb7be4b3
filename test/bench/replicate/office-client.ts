import { openClaims } from '../../../electron/core/central/claims/open-claims.ts'
import { ClockGuard } from '../../../electron/core/clock/clock-guard.ts'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { InstallationGuard } from '../../../electron/core/store/installation-guard.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'
import { entitlementId, newId, paymentId } from '../../../shared/model/ids.ts'
import { stopwatch } from '../stopwatch.ts'
import type { ClientTask } from './client-task.ts'

export const KEY = new Uint8Array(32).fill(9)
/** Payments of a batch. */
const PAYMENTS = 500

/** Does its task in an office that works with a central server. */
export async function work(task: ClientTask) {
  const { folder, url, district, user, password, what, count } = task
  const office = await openOffice({ directory: folder, key: KEY, training: true })
  const { store, scheduler, central } = office
  // The checks after the start are no part of the task.
  await office.upkeep.run()
  store.transaction('administrator', (tx) => {
    const needs = { line: true, endpoint: 'central', officer: [] }
    scheduler.queue.pause(tx, scheduler.enqueue(tx, { kind: 'central.sync', key: 'central', input: {}, needs }))
  })
  const settings = { url, district, user, certificateAuthority: '', everyMinutes: 1_440 }
  await central.configure('administrator', settings, password)
  const lap = stopwatch()
  let records = 0
  if (what === 'push') records = (await contact(office)).pushed
  else if (what === 'pull') records = (await contact(office)).pulled
  else if (what === 'claim') records = await claim(office, count)
  else {
    // The first one brings what the district has; only the others are those of a quiet day.
    for (let time = 0; time <= count; time += 1) await contact(office)
    records = count
  }
  const took = lap()
  await office.close()
  return { records, ...took }
}

async function contact({ central }: Office) {
  const answer = await central.syncNow()
  if (!answer.ok) throw new Error(`the contact ended with ${answer.error.code} ${JSON.stringify(answer.error.params)}`)
  if (!answer.value.complete) throw new Error(`not everything went over: ${JSON.stringify(answer.value)}`)
  return answer.value
}

/** Claims batches, and asks once before the one post of each whether it is still this office's. @returns payments */
async function claim(office: Office, batches: number): Promise<number> {
  await contact(office)
  const { store, http, directory } = office
  const guard = new InstallationGuard(store, directory)
  const clockGuard = new ClockGuard(systemTime, () => undefined)
  const claims = openClaims({ store, http, time: systemTime, guard, clockGuard, isAtServer: () => true })
  const signal = AbortSignal.timeout(600_000)
  for (let number = 0; number < batches; number += 1) {
    const submission = submissionOf(newId())
    const won = await claims.claim({ id: submission.batchId } as Batch, submission, signal)
    if (won.kind !== 'ours') throw new Error(`not won: ${JSON.stringify(won)}`)
    const { batchId, id: submissionId } = submission
    const still = await claims.confirm({ batchId, submissionId, generation: won.generation }, signal)
    if (still.kind !== 'ours') throw new Error(`not confirmed: ${JSON.stringify(still)}`)
  }
  return batches * PAYMENTS
}

/** What a claim asks of a submission. */
const submissionOf = (batchId: string) =>
  ({
    id: newId(),
    batchId,
    number: 1,
    digest: 'a'.repeat(64),
    lines: Array.from({ length: PAYMENTS }, (_, at) => {
      const entitlement = entitlementId('cycle', `${batchId}-${at}`, 'cash')
      return { paymentId: paymentId(entitlement, 1), entitlementId: entitlement, attempt: 1, amount: 125_000 }
    }),
  }) as unknown as Submission
