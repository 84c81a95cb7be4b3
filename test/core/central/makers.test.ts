import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { settleConflict } from '../../../electron/core/central/merge/settle-conflict.ts'
import type { Office } from '../../../electron/core/office.ts'
import type { Draft } from '../../../electron/core/store/store.ts'
import { identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import { addOfficer, DAY, type District, household, openDistrict, PIN, phone, put } from '../district.ts'
import { CentralDistrict, sync } from './central-district.ts'

/*
 * Who put an amount or an address there approves it on no laptop (I7), whoever changed the record last and whichever office
 * the batch is made in.
 */

const HEAD = registrantId('P1')

let central: CentralDistrict
let first: District
let town: Office
let hills: Office

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  first = await openDistrict({ households: 2 })
  town = first.office
  await central.join(town, 'town')
  hills = (await central.member('hills')).office
  await addOfficer(hills, 'clerk-hills', ['clerk'])
  await meet()
})

afterEach(async () => {
  await first.close()
  await central.close()
})

async function meet(): Promise<void> {
  for (const office of [town, hills, town, hills]) await sync(office)
}

function edit(office: Office, change: Partial<Registrant>, officerId: string): void {
  const { changedAt, changedBy, ...draft } = office.store.get('registrant', HEAD)
  put(office, 'registrant', { ...draft, ...change } as Draft<'registrant'>, officerId)
}

/** Prepared and submitted in the hills; the word of an officer on it, as the code of what stands against it. */
async function submitInHills(): Promise<(officerId: string) => Promise<string>> {
  const { batchIds } = await prepareCycle(hills, { cycleId: first.cycleId, day: DAY, officerId: 'clerk-hills' })
  const [batchId = ''] = batchIds
  const { submission } = await submitBatch(hills, { batchId, day: DAY, officerId: 'clerk-hills', now: Date.now() })
  const word = { batchId, submissionId: submission.id, digest: submission.digest, verdict: 'approve' as const }
  return async (officerId) => {
    const officer = hills.store.get('officer', officerId)
    try {
      await decideBatch(hills, officer, { ...word, reason: '', pin: PIN }, Date.now(), () => undefined)
      return 'approved'
    } catch (error) {
      return (error as Error).message
    }
  }
}

describe('on another laptop nobody approves', () => {
  it('an address that they changed, although somebody else changed the person after them', async () => {
    edit(town, { phoneNumbers: phone(7) }, 'approver')
    edit(town, { address: 'Hill 3' }, 'clerk')
    await meet()
    const say = await submitInHills()
    expect(await say('approver')).toBe('decide.maker')
  })

  it('an amount that they changed', async () => {
    const { entitlement } = household(first, 1)
    put(town, 'entitlement', { ...entitlement, amount: 900_000 }, 'approver')
    put(town, 'entitlement', { ...entitlement, amount: 900_000, reason: 'checked' }, 'clerk')
    await meet()
    const say = await submitInHills()
    expect(await say('approver')).toBe('decide.maker')
  })

  it('a person whom they entered, or whose number they entered', async () => {
    const made = household(first, 9)
    put(town, 'registrant', made.group, 'clerk')
    put(town, 'registrant', made.head, 'approver')
    for (const kind of ['membership', 'enrolment', 'entitlement'] as const)
      put(town, kind, made[kind] as never, 'clerk')
    const number: Draft<'identityNumber'> = {
      id: identityNumberId(made.head.id, 'national'),
      removed: false,
      registrantId: made.head.id,
      type: 'national',
      value: 'AB-1',
      status: 'valid',
      expiresOn: null,
      importId: '',
    }
    put(town, 'identityNumber', number, 'approver-2')
    put(town, 'identityNumber', { ...number, value: 'AB-2' }, 'clerk')
    await meet()
    const say = await submitInHills()
    expect(await say('approver')).toBe('decide.maker')
    expect(await say('approver-2')).toBe('decide.maker')
  })

  it('an address that two offices changed apart, or that they decided between', async () => {
    edit(town, { phoneNumbers: phone(7) }, 'approver')
    edit(hills, { phoneNumbers: phone(8) }, 'clerk-hills')
    await meet()
    const conflicts = [town, hills].flatMap(({ store }) =>
      store
        .sql("SELECT id FROM central_conflict WHERE settled_at IS NULL AND decided_by = 'officer'")
        .pluck()
        .all()
        .map((id) => ({ store, id: String(id) })),
    )
    const [conflict] = conflicts
    if (conflict === undefined) throw new Error('nobody was asked')
    // Whichever value stood before, the other one is chosen.
    const standing = conflict.store.sql('SELECT standing FROM central_conflict').pluck().get()
    settleConflict(conflict.store, 'approver-2', conflict.id, standing === 'earlier' ? 'later' : 'earlier')
    await meet()
    for (const { store } of [town, hills]) {
      expect(store.get('registrant', HEAD).makers).toEqual(
        expect.arrayContaining(['approver', 'approver-2', 'clerk-hills']),
      )
    }
    const say = await submitInHills()
    expect(await say('approver')).toBe('decide.maker')
    expect(await say('approver-2')).toBe('decide.maker')
  })
})

it('whoever changed what money does not depend on may approve', async () => {
  await addOfficer(hills, 'approver', ['approver'])
  edit(town, { address: 'Hill 3' }, 'approver')
  await meet()
  const say = await submitInHills()
  expect(await say('approver')).toBe('approved')
})

it('nobody is taken off the makers of a record by what is written into it', () => {
  edit(town, { phoneNumbers: phone(7) }, 'approver')
  edit(town, { makers: [], address: 'Hill 3' }, 'clerk')
  expect(town.store.get('registrant', HEAD).makers).toEqual(['approver'])
})
