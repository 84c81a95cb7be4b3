import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Office } from '../../../electron/core/office.ts'
import { registrantId } from '../../../shared/model/ids.ts'
import { type District, individual, openDistrict, phone, put } from '../district.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'

let central: CentralDistrict
let first: District

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills', 'river')
  first = await openDistrict({ households: 3 })
  await central.join(first.office, 'town')
})

afterEach(async () => {
  await first.close()
  await central.close()
})

const person = (number: string, change = {}) => individual(number, change)

const rename = ({ store }: Office, number: string, name: string): void =>
  store.transaction('clerk', (tx) => {
    const { changedAt, changedBy, ...record } = tx.get('registrant', registrantId(number))
    tx.put('registrant', { ...record, name })
    tx.audit({ action: 'test.renamed', subjectKind: 'registrant', subjectId: record.id })
  })

const nameOf = ({ store }: Office, number: string): string => store.get('registrant', registrantId(number)).name

describe('offices that meet at the central server', () => {
  it('have the same records afterwards, each once', async () => {
    const { office: second } = await central.member('hills')
    put(second, 'registrant', person('S1', { phoneNumbers: phone(77) }))
    const sent = await sync(first.office)
    expect(sent.complete).toBe(true)
    expect(sent.pushed).toBeGreaterThan(15)
    await sync(second)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
    expect(first.office.store.find('registrant', registrantId('S1'))?.name).toBe('Person S1')
    const again = await sync(second)
    expect(again).toMatchObject({ pulled: 0, pushed: 0, refused: 0, conflicts: 0, complete: true })
    expect(await second.reader.run('registry.count', { search: 'household 2' })).toBe(1)
    // What came brought its phone numbers to the look-alikes.
    expect(second.store.sql('SELECT count(*) FROM contact_key').pluck().get()).toBe(3)
  })

  it('tell of each record whether the server has it as it is', async () => {
    const id = registrantId('P1')
    expect(first.office.central.receiptOf('registrant', id)).toBeUndefined()
    await sync(first.office)
    expect(first.office.central.receiptOf('registrant', id)?.at).toBeGreaterThan(0)
    rename(first.office, 'P1', 'Abebe')
    expect(first.office.central.receiptOf('registrant', id)).toBeUndefined()
    await sync(first.office)
    expect(first.office.central.receiptOf('registrant', id)).toBeDefined()
  })

  it('take in a page that comes once more without a deed, and tell nobody of news', async () => {
    await sync(first.office)
    const { office: second } = await central.member('hills')
    await sync(second)
    const { store } = second
    const deeds = (): unknown => store.sql("SELECT count(*) FROM audit WHERE action LIKE 'central.%'").pluck().get()
    const [before, content] = [deeds(), contentOf(second)]
    const told: string[] = []
    store.onChange(({ kinds }) => told.push(...kinds))
    // As after a power cut that took the checkpoint.
    store.housekeeping((_, mark) => mark('central-checkpoint', ''))
    expect(await sync(second)).toMatchObject({ pulled: 0, pushed: 0 })
    expect(deeds()).toBe(before)
    expect(contentOf(second)).toEqual(content)
    expect(told).toEqual([])
  })

  it('keep a change that is made while the record is on its way', async () => {
    await sync(first.office)
    rename(first.office, 'P1', 'Abebe')
    central.peer.faults.add({ path: '_bulk_docs', do: 'delay', delay: 300 })
    const contact = sync(first.office)
    await new Promise((resolve) => setTimeout(resolve, 150))
    rename(first.office, 'P1', 'Abebe Bekele')
    await contact
    const { office: second } = await central.member('hills')
    await sync(second)
    expect(nameOf(second, 'P1')).toBe('Abebe Bekele')
    expect(first.office.central.receiptOf('registrant', registrantId('P1'))).toBeDefined()
  })

  it('recognise what was taken although its answer got lost', async () => {
    central.peer.faults.add({ path: '_bulk_docs', do: 'cut-after', times: 2 })
    const report = await sync(first.office)
    expect(report).toMatchObject({ refused: 0, conflicts: 0, complete: true })
    const { office: second } = await central.member('hills')
    await sync(second)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
  })

  it('ask again for pages that were cut, and for a session that ran out', async () => {
    await sync(first.office)
    const { office: second } = await central.member('hills')
    central.peer.faults.add({ path: '_changes', do: 'cut-within', times: 2 })
    central.peer.endSessions()
    await sync(second)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
  })

  it('do not count what too few nodes of a cluster took', async () => {
    central.peer.faults.add({ path: '_bulk_docs', do: 'quorum-missed', times: null })
    const report = await sync(first.office)
    expect(report.complete).toBe(false)
    expect(first.office.central.receiptOf('registrant', registrantId('P1'))).toBeUndefined()
    central.peer.faults.clear()
    expect((await sync(first.office)).complete).toBe(true)
    expect(first.office.central.receiptOf('registrant', registrantId('P1'))).toBeDefined()
  })

  it('go on where they were when a page was applied and nobody noted it', async () => {
    await sync(first.office)
    const { office: second } = await central.member('hills')
    await sync(second)
    const audited = second.store.sequence
    second.store.housekeeping((_, mark) => mark('central-checkpoint', ''))
    const again = await sync(second)
    expect(again).toMatchObject({ pulled: 0, pushed: 0, conflicts: 0 })
    expect(second.store.sequence).toBe(audited)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
  })

  it('bring changes of both sides together whichever clock is wrong', async () => {
    await sync(first.office)
    const years = 2 * 365 * 86_400_000
    const { office: ahead } = await central.member('hills', { skew: years })
    const { office: behind } = await central.member('river', { skew: -years })
    await sync(ahead)
    await sync(behind)
    put(ahead, 'registrant', person('A1'))
    put(behind, 'registrant', person('B1'))
    await sync(ahead)
    await sync(behind)
    await sync(ahead)
    await sync(first.office)
    expect(contentOf(ahead)).toEqual(contentOf(first.office))
    expect(contentOf(behind)).toEqual(contentOf(first.office))
    put(first.office, 'registrant', person('C1'))
    const { changedAt } = first.office.store.get('registrant', registrantId('C1'))
    // The clock that is two years ahead did not take this one with it.
    expect(Number.parseInt(changedAt.slice(0, 9), 36)).toBeLessThan(Date.now() + 600_000)
  })

  it('show what the server refuses to the officer, and send it once it may', async () => {
    const id = registrantId('BIG')
    await sync(first.office)
    put(first.office, 'registrant', person('BIG', { tags: ['x'] }), 'clerk')
    first.office.store.housekeeping((sql) =>
      sql("UPDATE registrant SET body = json_set(body, '$.address', ?) WHERE id = ?").run('y'.repeat(300_000), id),
    )
    const report = await sync(first.office)
    expect(report).toMatchObject({ refused: 1, complete: true })
    const refusal = first.office.store.sql('SELECT * FROM central_refusal').get()
    expect(refusal).toMatchObject({ kind: 'registrant', id, code: 'central.write-refused', officer_id: 'clerk' })
    expect((await sync(first.office)).refused).toBe(0)
    const { changedAt, changedBy, ...record } = first.office.store.get('registrant', id)
    put(first.office, 'registrant', { ...record, address: '' }, 'clerk')
    expect((await sync(first.office)).pushed).toBe(1)
    expect(first.office.store.sql('SELECT count(*) FROM central_refusal').pluck().get()).toBe(0)
  })
})
