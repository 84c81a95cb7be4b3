import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealHead } from '../../../../electron/core/audit/head-seal.ts'
import type { ClaimsServer } from '../../../../electron/core/central/claims/claims-server.ts'
import {
  findChainFinding,
  forgetOfficeHeads,
  watchOfficeChains,
} from '../../../../electron/core/central/claims/office-chains.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { success } from '../../../../shared/contract/result.ts'
import { newDirectory, openSendingOffice, removeDirectory, type SendingOffice } from '../../dispatch/sending-office.ts'

type Told = Parameters<typeof findChainFinding>[1]

const hills = 'the-hills'
const head = (position: number, hash = `hash ${position}`) => ({ position, hash })
const told = (auditHead: Told['auditHead'], previousHead: Told['previousHead'], restores = 0): Told => ({
  installationId: hills,
  epoch: restores + 1,
  sequence: 1,
  reportedAt: 1,
  auditHead,
  previousHead,
  restores: Array.from({ length: restores }, (_, index) => ({
    epoch: index + 2,
    sequence: 1,
    head: head(1),
    officerId: 'administrator',
    at: 1,
    token: '',
  })),
})

let directory: string
let office: SendingOffice
beforeEach(() => {
  directory = newDirectory()
  office = openSendingOffice(directory)
})
afterEach(async () => {
  await office.shut()
  removeDirectory(directory)
})

/** A contact at which the server tells this of the other office. */
async function see(...documents: Told[]): Promise<void> {
  const found = documents.map((document) => ({ kind: 'found', document }))
  const server = { database: { readAll: async () => success(found) } } as unknown as ClaimsServer
  await watchOfficeChains({ store: office.store }, server, new AbortController().signal)
}
const findingOf = (document: Told) => findChainFinding(office.store, document)
const audited = () => office.store.sql("SELECT action FROM audit WHERE action LIKE 'central.chain-%'").pluck().all()

test.each<[string, Told, ReturnType<typeof findingOf>]>([
  ['that goes on', told(head(12), head(10)), null],
  ['that stands', told(head(10), head(10)), null],
  ['that went on in several steps', told(head(20), head(15)), null],
  ['that is shorter', told(head(9), head(10)), 'cut'],
  ['that has another entry in the same place', told(head(10, 'other'), head(9)), 'forked'],
  ['that was shorter in between', told(head(12), head(8)), 'cut'],
  ['that goes on from another entry', told(head(12), head(10, 'other')), 'forked'],
  ['that is shorter after a confirmed restore', told(head(9), head(10), 1), null],
])('a chain %s', async (_, next, finding) => {
  await see(told(head(10), head(7)))
  expect(findingOf(next)).toBe(finding)
  await see(next)
  expect(findingOf(next)).toBe(finding)
  expect(audited()).toEqual(finding === null ? [] : [`central.chain-${finding}`])
})

test('what was found stays found, once in the trail, until a restore was confirmed', async () => {
  await see(told(head(10), head(7)))
  await see(told(head(4), head(10)))
  await see(told(head(30), head(4)))
  expect(findingOf(told(head(30), head(4)))).toBe('cut')
  expect(audited()).toHaveLength(1)
  await see(told(head(31), head(30), 1))
  expect(findingOf(told(head(31), head(30), 1))).toBeNull()
})

test('a server that an administrator confirmed may know less of the other offices', async () => {
  await see(told(head(10), head(7)))
  office.store.transaction(OFFICE, (transaction) => {
    forgetOfficeHeads(transaction)
    transaction.audit({ action: 'central.server-confirmed', subjectKind: 'office', subjectId: 'office' })
  })
  await see(told(head(5), head(4)))
  expect(findingOf(told(head(5), head(4)))).toBeNull()
  await see(told(head(3), head(5)))
  expect(findingOf(told(head(3), head(5)))).toBe('cut')
})

/** As the device of this office would sign it; any device has a key. */
const signed = (document: Told): Told => ({ ...document, headSeal: sealHead(office.store, document) })

test('a head that its device signed has to go on being signed by it', async () => {
  await see(told(head(10), head(7)))
  await see(signed(told(head(11), head(10))))
  expect(findingOf(signed(told(head(12), head(11))))).toBeNull()
  expect(findingOf(told(head(12), head(11)))).toBe('unsigned')
  const sealed = signed(told(head(12), head(11)))
  expect(findingOf({ ...sealed, auditHead: head(12, 'another') })).toBe('unsigned')
  expect(findingOf({ ...sealed, sequence: 2 })).toBe('unsigned')
  await see({ ...sealed, auditHead: head(13) })
  expect(audited()).toEqual(['central.chain-unsigned'])
  expect(findingOf(sealed)).toBe('unsigned')
})

test('another device does not speak for it, not even after a restore', async () => {
  await see(signed(told(head(11), head(10))))
  const elsewhere = newDirectory()
  const other = openSendingOffice(elsewhere)
  try {
    const document = told(head(12), head(11), 1)
    expect(findingOf({ ...document, headSeal: sealHead(other.store, document) })).toBe('unsigned')
    expect(findingOf(signed(document))).toBeNull()
  } finally {
    await other.shut()
    removeDirectory(elsewhere)
  }
})
