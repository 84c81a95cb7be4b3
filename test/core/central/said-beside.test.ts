import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Office } from '../../../electron/core/office.ts'
import { until } from '../dispatch/sending-office.ts'
import { addOfficer, managerDraft, putManager } from '../district.ts'
import { CentralDistrict, type MemberOffice, sync } from './central-district.ts'

let central: CentralDistrict
let town: MemberOffice
let hills: MemberOffice

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills', 'valley')
  town = await central.member('town')
  hills = await central.member('hills')
})

afterEach(() => central.close())

const write = ({ store }: Office, text: string, ...values: unknown[]): void =>
  store.transaction('approver', (tx) => {
    tx.sql(text).run(...values)
    tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
  })

const record = (office: Office, id: string): void =>
  write(office, "INSERT INTO evidence VALUES (?, 'p', 'paid', 100, 'S1', '', 'approver', ?, NULL, NULL)", id, MOMENT)

const confirm = (office: Office, id: string, officer: string): void =>
  write(office, 'UPDATE evidence SET confirmed_by = ?, confirmed_at = ? WHERE id = ?', officer, MOMENT, id)

const MOMENT = '0mwredsio-0000-a0a0dd7fe6'
const saidIn = ({ store }: Office) => ({
  evidence: store.sql('SELECT * FROM evidence ORDER BY id').all(),
  leave: store.sql('SELECT * FROM resend_approval ORDER BY batch_id, part, posts').all(),
})

it('evidence and its confirmation reach the other office, each once', async () => {
  record(town.office, 'e1')
  expect((await sync(town.office)).pushed).toBeGreaterThan(0)
  await sync(hills.office)
  expect(saidIn(hills.office)).toEqual(saidIn(town.office))
  confirm(hills.office, 'e1', 'hana')
  await sync(hills.office)
  await sync(town.office)
  expect(saidIn(town.office).evidence).toMatchObject([{ id: 'e1', confirmed_by: 'hana' }])
  await sync(hills.office)
  expect(await sync(town.office)).toMatchObject({ pulled: 0, pushed: 0 })
  expect(await sync(hills.office)).toMatchObject({ pulled: 0, pushed: 0 })
})

it('of two who confirmed while they were apart the first at the server counts, and answers that got lost do not', async () => {
  record(town.office, 'e1')
  await sync(town.office)
  await sync(hills.office)
  confirm(town.office, 'e1', 'hana')
  confirm(hills.office, 'e1', 'tesfaye')
  await sync(town.office)
  await sync(hills.office)
  await sync(town.office)
  expect(saidIn(hills.office)).toEqual(saidIn(town.office))
  expect(saidIn(town.office).evidence).toMatchObject([{ confirmed_by: 'hana' }])
  record(town.office, 'e2')
  central.peer.faults.add({ path: '_bulk_docs', do: 'cut-after' })
  await town.office.central.syncNow()
  await sync(town.office)
  expect(await sync(town.office)).toMatchObject({ pushed: 0 })
})

it('leave to send a part again travels, and evidence that was rewritten is not taken', async () => {
  write(town.office, "INSERT INTO resend_approval VALUES ('b', '3.1', 2, 'approver', ?)", MOMENT)
  record(town.office, 'e1')
  await sync(town.office)
  await sync(hills.office)
  expect(saidIn(hills.office)).toEqual(saidIn(town.office))
  write(hills.office, "UPDATE evidence SET amount = 900 WHERE id = 'e1'")
  confirm(town.office, 'e1', 'hana')
  await sync(town.office)
  await sync(hills.office)
  expect(saidIn(hills.office).evidence).toMatchObject([{ amount: 900, confirmed_by: null }])
  const kept = hills.office.store.sql('SELECT document_id, code FROM central_quarantine').all()
  expect(kept).toEqual([{ document_id: 'evidence:e1', code: 'central.record-rewritten' }])
})

it('what is said goes out by itself', async () => {
  const { office } = await central.office('valley')
  await central.join(office, 'valley', { live: true })
  await addOfficer(office, 'approver', ['approver'])
  await putManager(office, managerDraft('manager'))
  const at = (id: string) => central.records.find(id) !== undefined
  await until('the manager is there', () => at('paymentManager:manager'))
  write(office, "INSERT INTO evidence VALUES ('quiet', 'p', 'paid', 100, 'S1', '', 'approver', ?, NULL, NULL)", MOMENT)
  office.store.transaction('approver', (tx) => {
    tx.touch('said')
    tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
  })
  await until('the evidence is there', () => at('evidence:quiet'))
})
