import { openOffice } from '../../../electron/core/office.ts'
import { stopwatch } from '../stopwatch.ts'
import type { ClientTask } from './client-task.ts'

export const KEY = new Uint8Array(32).fill(9)

/** One contact of an office with its central server. */
export async function contact({ folder, url, district, user, password, what }: ClientTask) {
  const office = await openOffice({ directory: folder, key: KEY, training: true })
  const { store, scheduler, central } = office
  // The checks after the start are no part of the contact.
  await office.upkeep.run()
  store.transaction('administrator', (tx) => {
    const needs = { line: true, endpoint: 'central', officer: [] }
    scheduler.queue.pause(tx, scheduler.enqueue(tx, { kind: 'central.sync', key: 'central', input: {}, needs }))
  })
  const settings = { url, district, user, certificateAuthority: '', everyMinutes: 1_440 }
  await central.configure('administrator', settings, password)
  const lap = stopwatch()
  const answer = await central.syncNow()
  const took = lap()
  if (!answer.ok) throw new Error(`the contact ended with ${answer.error.code} ${JSON.stringify(answer.error.params)}`)
  if (!answer.value.complete) throw new Error(`not everything went over: ${JSON.stringify(answer.value)}`)
  await office.close()
  return { records: what === 'pull' ? answer.value.pulled : answer.value.pushed, ...took }
}
