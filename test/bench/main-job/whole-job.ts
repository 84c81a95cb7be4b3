import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { openOffice } from '../../../electron/core/office.ts'
import { PIN } from '../../core/district.ts'
import { batchesReach } from '../batches-reach.ts'
import { type Lap, stopwatch } from '../stopwatch.ts'
import { appoint, CYCLE, DAY, KEY, type RunPlace } from './paying-office.ts'

export const phaseNames = ['prepare', 'submit', 'approve', 'send', 'settle'] as const
/** Everything from the first click to the last payment; in `approve`, the PIN's key, which is slow on purpose. */
export type Phases = Readonly<Record<(typeof phaseNames)[number], Lap>>

export const sumOf = (phases: Phases, what: keyof Lap): number =>
  Object.values(phases).reduce((sum, lap) => sum + lap[what], 0)

/** Pays everybody in the template through the office's own services. */
export async function payThroughOffice(place: RunPlace, payments: number): Promise<Phases> {
  const office = await openOffice({ directory: place.directory, key: KEY, training: true })
  try {
    await appoint(office.store, place.peer)
    office.dispatch.declareSoleOffice('clerk')
    // The checks after the start are no part of the job.
    await office.upkeep.run()
    const lap = stopwatch()
    const { batchIds, blocked } = await prepareCycle(office, { cycleId: CYCLE, day: DAY, officerId: 'clerk' })
    const prepare = lap()

    const submissions = []
    for (const batchId of batchIds) {
      submissions.push(await submitBatch(office, { batchId, day: DAY, officerId: 'clerk', now: Date.now() }))
    }
    const submit = lap()

    const approver = office.store.get('officer', 'approver')
    for (const { submission } of submissions) {
      const { batchId, id: submissionId, digest } = submission
      const input = { batchId, submissionId, digest, verdict: 'approve', reason: '', pin: PIN } as const
      await decideBatch(office, approver, input, Date.now(), (tx, batch) =>
        office.dispatch.queueApprovedBatch(tx, batch),
      )
    }
    const approve = lap()

    const sent = batchesReach(office.store, batchIds, ['following', 'settled'])
    office.dispatch.send('clerk', batchIds)
    await sent
    const send = lap()

    for (const batchId of batchIds) await office.dispatch.checkBatch(batchId, AbortSignal.timeout(600_000))
    const settle = lap()

    const paid = office.store.sql("SELECT count(*) FROM payment WHERE state = 'paid'").pluck().get()
    if (paid !== payments) throw new Error(`${paid} of ${payments} payments are paid, ${blocked} were blocked`)
    return { prepare, submit, approve, send, settle }
  } finally {
    await office.close()
  }
}
