import { until } from '../../dispatch/sending-office.ts'
import { type DistrictOffice, signal } from './district.ts'

/* What an office of a district does in most tests about claims. */

/** Its clerk sends a batch. */
export const send = ({ office, world }: DistrictOffice, batchId: string): void => {
  office.dispatch.send(world.clerk.id, [batchId])
}

export const settled = ({ office }: DistrictOffice, batchId: string): Promise<void> =>
  until(`${batchId} settled`, () => office.store.get('batch', batchId).state === 'settled')

/** What sends the batch. */
export const job = ({ office }: DistrictOffice, batchId: string) =>
  office.scheduler.queue.findByKey('dispatch.batch', batchId)

/** Speaks with the central server about claims. @throws Error with the code of what stands in the way */
export async function contact({ office }: DistrictOffice) {
  const answer = await office.standing.contact(signal)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.value
}
