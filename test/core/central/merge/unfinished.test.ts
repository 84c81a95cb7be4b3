import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareCycle } from '../../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../../electron/core/batches/submit.ts'
import { holdChangedPayees } from '../../../../electron/core/central/merge/changed-payees.ts'
import { finishUnfinished, noteUnfinished } from '../../../../electron/core/central/merge/unfinished.ts'
import { registrantId } from '../../../../shared/model/ids.ts'
import type { Payment } from '../../../../shared/model/payment.ts'
import { DAY, type District, individual, openDistrict, phone, put } from '../../district.ts'

/*
 * An office that ends after the records of others were written, and before what follows from them was worked out.
 */

let district: District
let batchId: string
const context = () => ({ store: district.office.store, now: Date.now })

beforeEach(async () => {
  district = await openDistrict({ households: 2 })
  const { office, cycleId } = district
  const made = await prepareCycle(office, { cycleId, day: DAY, officerId: 'clerk' })
  batchId = made.batchIds[0] as string
  await submitBatch(office, { batchId, day: DAY, officerId: 'clerk', now: Date.now() })
  // As it stands when the record of another office was just adopted.
  put(office, 'registrant', individual('P1', { phoneNumbers: phone(500) }))
})

afterEach(() => district.close())

const batch = () => district.office.store.get('batch', batchId)

const held = (): boolean[] =>
  (district.office.store.sql('SELECT body FROM payment').pluck().all() as string[])
    .map((body) => JSON.parse(body) as Payment)
    .filter(({ payeeId }) => payeeId === registrantId('P1'))
    .map((payment) => payment.held)

describe('what follows from records that came', () => {
  it('is worked out later when the office ended before it', async () => {
    const { store } = district.office
    noteUnfinished(store)
    store.housekeeping((sql) =>
      sql("UPDATE batch SET body = json_set(body, '$.state', 'open', '$.count', 0), state = 'open'").run(),
    )
    expect(held()).toEqual([false])
    const woken: string[] = []
    await finishUnfinished({ ...context(), onBatches: (ids) => void woken.push(...ids) })
    expect(held()).toEqual([true])
    expect(batch()).toMatchObject({ state: 'submitted', count: 2, attention: 'central.payee-changed' })
    expect(woken).toContain(batchId)
  })

  it('is worked out once', async () => {
    const { store } = district.office
    noteUnfinished(store)()
    await finishUnfinished(context())
    expect(held()).toEqual([false])
  })

  it('shows a payee of another account again at a batch whose payment is held already', async () => {
    await holdChangedPayees(context(), [registrantId('P1')])
    district.office.store.housekeeping((sql) => sql("UPDATE batch SET body = json_set(body, '$.attention', '')").run())
    await holdChangedPayees(context(), [registrantId('P1')])
    expect(held()).toEqual([true])
    expect(batch().attention).toBe('central.payee-changed')
  })
})
