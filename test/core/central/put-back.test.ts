import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Office } from '../../../electron/core/office.ts'
import type { Transmission } from '../../../shared/model/payment.ts'
import { until } from '../dispatch/sending-office.ts'
import type { District } from '../district.ts'
import { contentOf, type MemberOffice, sync } from './central-district.ts'
import { openPayingDistrict, type PayingDistrict, prepareAndApprove } from './paying-district.ts'

/*
 * An office sends a batch, its store is put back to before that, and it takes part in the district again.
 */

const HOUSEHOLDS = 3

let district: PayingDistrict
let first: District
let hills: MemberOffice

beforeEach(async () => {
  district = await openPayingDistrict(HOUSEHOLDS)
  ;({ first, hills } = district)
})

afterEach(() => district.close())

async function approvedBatch(office: Office): Promise<string> {
  const batchId = await prepareAndApprove(office, first.cycleId, { clerk: 'clerk-hills', approver: 'approver-hills' })
  await sync(office)
  return batchId
}

/** Closes the office, does something to its store, and opens it again. */
async function reopen(work: (stores: (from: string) => string[]) => void): Promise<void> {
  const { directory: folder } = hills
  await hills.close()
  work((from) => readdirSync(from).filter((name) => name.startsWith('office.db')))
  hills = await district.central.office('hills', { directory: folder })
}

const keepStore = () =>
  reopen((stores) => {
    for (const name of stores(hills.directory)) cpSync(join(hills.directory, name), join(district.directory, name))
  })

const putStoreBack = () =>
  reopen((stores) => {
    for (const name of stores(hills.directory)) rmSync(join(hills.directory, name))
    for (const name of stores(district.directory)) cpSync(join(district.directory, name), join(hills.directory, name))
  })

async function sendAndSettle(batchId: string): Promise<void> {
  hills.office.dispatch.send('clerk-hills', [batchId])
  await until('it left', async () => (await district.system.ledger()).length === HOUSEHOLDS)
  await settled(batchId)
}

const settled = (batchId: string) =>
  until('the batch is settled', async () => {
    await hills.office.dispatch.checkBatch(batchId, new AbortController().signal)
    return hills.office.store.get('batch', batchId).state === 'settled'
  })

async function confirm(): Promise<void> {
  expect(hills.office.dispatch.status().doubt?.code).toBe('dispatch.restored')
  await hills.office.dispatch.confirmRestored('administrator-hills')
}

const bodies = ({ store }: Office): unknown[] => store.sql("SELECT body ->> '$.body' FROM transmission").pluck().all()

async function meet(): Promise<void> {
  for (const office of [hills.office, first.office, hills.office, first.office]) await sync(office)
}

/** Records as they are the same everywhere: who wrote down last what follows from others is not. */
function saidBy(office: Office): unknown {
  const content = contentOf(office)
  for (const [name, record] of Object.entries(content)) {
    if (name.startsWith('batch:')) content[name] = { ...(record as object), changedAt: '', changedBy: '' }
  }
  return content
}

/** Both offices and the server have the same, nothing is kept aside or refused, and everybody was paid once. */
async function expectAgreement(batchId: string): Promise<void> {
  await settled(batchId)
  await meet()
  expect(saidBy(hills.office)).toEqual(saidBy(first.office))
  for (const { store } of [hills.office, first.office]) {
    for (const table of ['central_quarantine', 'central_refusal']) {
      expect(store.sql(`SELECT * FROM ${table}`).all()).toEqual([])
    }
  }
  expect((await district.system.ledger()).map(({ paidCount }) => paidCount)).toEqual(Array(HOUSEHOLDS).fill(1))
}

describe('an office whose store was put back to before a batch left', () => {
  test('takes the transmission that the server has for the one that it put back from its journal', async () => {
    const batchId = await approvedBatch(hills.office)
    await keepStore()
    await sendAndSettle(batchId)
    await sync(hills.office)
    await putStoreBack()
    await confirm()
    expect(bodies(hills.office)).toEqual([''])
    await meet()
    expect(bodies(hills.office)).toEqual([expect.stringContaining('"message"')])
    expect(bodies(first.office)).toEqual(bodies(hills.office))
    await expectAgreement(batchId)
  })

  test('twice over writes the same in its place each time, and others get it', async () => {
    const batchId = await approvedBatch(hills.office)
    await keepStore()
    hills.office.dispatch.send('clerk-hills', [batchId])
    await until('it left', async () => (await district.system.ledger()).length === HOUSEHOLDS)
    await putStoreBack()
    await confirm()
    await sync(hills.office)
    await sync(first.office)
    expect(bodies(first.office)).toHaveLength(1)
    await putStoreBack()
    await confirm()
    await expectAgreement(batchId)
  })

  test('gets the bytes from an office that has them, also where the server heard of it without them first', async () => {
    const original: Transmission = {
      id: 'transmission-1',
      changedAt: first.office.store.transaction('clerk', (tx) => tx.moment),
      changedBy: 'office',
      batchId: 'batch-1',
      submissionId: 'submission-1',
      part: '1',
      envelope: 1,
      messageId: 'message-1',
      transactionId: 'exchange-1',
      messageDigest: 'a'.repeat(64),
      count: 1,
      madeAt: 1_770_000_000_000,
      openedAs: '',
      validUntil: null,
      body: '{"message":{}}',
      headers: {},
      message: '',
    }
    const adopt = ({ store }: Office, transmission: Transmission): void =>
      store.transaction('office', (tx) => {
        tx.adopt('transmission', transmission)
        tx.audit({ action: 'test.adopted', subjectKind: 'batch', subjectId: 'batch-1' })
      })
    adopt(hills.office, { ...original, body: '', headers: {}, validUntil: 0 })
    await sync(hills.office)
    adopt(first.office, original)
    await meet()
    for (const { store } of [hills.office, first.office]) {
      expect(store.get('transmission', original.id)).toEqual(original)
      expect(store.sql('SELECT count(*) FROM central_quarantine').pluck().get()).toBe(0)
    }
    expect(hills.office.central.receiptOf('transmission', original.id)).toBeDefined()
  })
})
