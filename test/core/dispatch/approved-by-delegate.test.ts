import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkApproval } from '../../../electron/core/dispatch/approval-check.ts'
import { officerClaims, signClaims } from '../../../electron/core/identity/signatures.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { newOffice, type OpenOffice } from '../open-office.ts'
import { addOfficer, decide, furnish, submittedBatch, type TestOfficer, type World } from './approved-batches.ts'

/* A batch that somebody approved in another's place is sent, also after they stopped standing in; nobody checks their own. */

const DAY = 86_400_000

let office: OpenOffice
let world: World
beforeEach(async () => {
  office = (await newOffice()).office
  const nowhere = 'http://127.0.0.1:9/'
  world = await furnish(office.core.getOffice().store, { disburse: nowhere, status: nowhere })
})
afterEach(() => office.close())

/** An officer who stands in for the approver from one moment until another. */
async function standIn(begins: number, ends: number, from = 'approver', by = 'administrator'): Promise<TestOfficer> {
  const { store, root } = world
  const officer = await addOfficer(store, root, 'stand-in', ['auditor'], [from, by])
  const delegation = { id: 'one', from, role: 'approver' as const, begins, ends, by }
  const signed = { ...store.get('officer', officer.id), delegations: [delegation] }
  const signature = await signClaims('officer', officerClaims(signed), 'trust-root', root)
  store.transaction('office', (tx) => {
    tx.put('officer', { ...signed, signature })
    tx.audit({ action: 'test.delegated', subjectKind: 'officer', subjectId: officer.id })
  })
  return officer
}

async function outcome(officer: TestOfficer, decidedAt: number): Promise<string> {
  const { batchId, submission } = submittedBatch(world, { name: 'one', count: 2 })
  await decide(world, officer, submission, 'approve', decidedAt)
  try {
    await checkApproval(world.store, world.store.get('batch', batchId), Date.now())
    return 'sent'
  } catch (error) {
    if (error instanceof OfficeError) return error.fault.code
    throw error
  }
}

test('an approval counts that was given while the delegation held, and is good after it ended', async () => {
  const now = Date.now()
  expect(await outcome(await standIn(now - DAY, now - 1_000), now - 60_000)).toBe('sent')
})

test.each([
  ['before it began', (now: number) => [now - 1_000, now + DAY, now - 60_000]],
  ['after it ended', (now: number) => [now - DAY, now - 120_000, now - 60_000]],
])('an approval that was given %s is none', async (_, times) => {
  const [begins = 0, ends = 0, decidedAt = 0] = times(Date.now())
  expect(await outcome(await standIn(begins, ends), decidedAt)).toBe('dispatch.approval-invalid')
})

test('whoever stands in for the maker, or was asked to by the maker, approves nothing of theirs', async () => {
  const now = Date.now()
  // The clerk made the batch.
  expect(await outcome(await standIn(now - DAY, now + DAY, 'approver', 'clerk'), now - 60_000)).toBe(
    'dispatch.approval-invalid',
  )
})
