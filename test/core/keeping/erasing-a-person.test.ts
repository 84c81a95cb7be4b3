import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRegistrant } from '../../../electron/core/registry/registrant-commands.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { entitlementId, registrantId } from '../../../shared/model/ids.ts'
import { type District, household, openDistrict, PIN, put, putHousehold } from '../district.ts'
import { endCycle, findTraces, putPaidHousehold } from './paid-household.ts'

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work()
    return 'fine'
  } catch (error) {
    return error instanceof OfficeError ? error.fault.code : String(error)
  }
}

describe('erasing a person', () => {
  let district: District
  beforeEach(async () => {
    district = await openDistrict()
  })
  afterEach(() => district.close())

  const administrator = () => district.office.store.get('officer', 'administrator')
  const erase = (id: string): Promise<void> => district.office.keeping.erase(administrator(), PIN, id)

  it('leaves no word of them in any table, and the payment with its amount, day and references', async () => {
    const { office } = district
    const traces = putPaidHousehold(district, 1)
    const before = office.store.get('payment', traces.paymentId)
    expect(findTraces(office, traces.words).length).toBeGreaterThan(15)

    await erase(traces.personId)
    await erase(traces.groupId)

    expect(findTraces(office, traces.words)).toEqual([])
    const after = office.store.get('payment', traces.paymentId)
    expect(after).toMatchObject({
      state: 'paid',
      amount: before.amount,
      amountPaid: before.amountPaid,
      theirReference: 'T-1',
      stateAt: before.stateAt,
      batchId: before.batchId,
      entitlementId: before.entitlementId,
      payeeName: '',
      payeeAddress: '',
    })
    expect(office.store.get('submission', traces.submissionId).lines).toHaveLength(1)
    expect(office.keeping.status.owed).toBe(0)
    const page = await office.reader.run('registry.search', { text: 'Zewditu', limit: 10 })
    expect(page.rows).toEqual([])
  })

  it('leaves others as they are, also in the same batch and file', async () => {
    const { office } = district
    const one = putPaidHousehold(district, 1)
    const other = putPaidHousehold(district, 2)
    const before = findTraces(office, [`Abeba 2 Xq`])
    await erase(one.personId)
    // Of calls nobody can tell whom they name, so the other one's raw call goes as well.
    expect(findTraces(office, [`Abeba 2 Xq`])).toEqual(before.filter((row) => !row.startsWith('callback_inbox')))
    expect(office.store.get('payment', other.paymentId).payeeName).toContain('Zewditu')
  })

  it('is shown beforehand, and needs the PIN of an administrator', async () => {
    const { office } = district
    const { personId } = putPaidHousehold(district, 1)
    const preview = await office.keeping.person(personId)
    expect(preview.obstacles).toEqual([])
    expect(preview.goes).toMatchObject({ numbers: 1, contacts: 3, memberships: 1, consents: 1, messages: 1 })
    expect(preview.stays.payments).toBe(1)
    expect(await codeOf(() => office.keeping.erase(administrator(), '000000', personId))).toBe('identity.wrong-pin')
    expect(office.store.get('registrant', personId).removed).toBe(false)
    await erase(personId)
    expect(await codeOf(() => erase(personId))).toBe('keeping.erased-already')
  })

  it('is refused while anything about them is under way', async () => {
    const { office } = district
    const made = household(district, 7)
    putHousehold(district, made)
    expect(await codeOf(() => erase(made.group.id))).toBe('keeping.entitlement-open')
    endCycle(district)
    expect((await office.keeping.person(made.group.id)).obstacles).toEqual([])

    const paid = putPaidHousehold(district, 8)
    const { changedAt, changedBy, ...payment } = office.store.get('payment', paid.paymentId)
    for (const state of ['prepared', 'queued', 'sent', 'acknowledged', 'unknown', 'review', 'blocked'] as const) {
      put(office, 'payment', { ...payment, state })
      expect(await codeOf(() => erase(paid.personId)), state).toBe('keeping.payment-under-way')
      expect(await codeOf(() => erase(paid.groupId)), state).toBe('keeping.payment-under-way')
    }
    put(office, 'payment', payment)
    const { changedAt: _at, changedBy: _by, ...batch } = office.store.get('batch', paid.batchId)
    put(office, 'batch', { ...batch, state: 'following' })
    expect(await codeOf(() => erase(paid.personId))).toBe('keeping.batch-open')
    put(office, 'batch', batch)
    office.store.housekeeping((sql) => sql('INSERT INTO look_up_owed VALUES (?, ?)').run(paid.paymentId, 'manager'))
    expect(await codeOf(() => erase(paid.personId))).toBe('keeping.look-up-owed')
    office.store.housekeeping((sql) => sql('DELETE FROM look_up_owed').run())
    office.store.housekeeping((sql) =>
      sql("INSERT INTO token_item VALUES ('r', 'run', NULL, 'c', ?, NULL, 'sent', '', '', '{}', 1, NULL, '', 1)").run(
        paid.personId,
      ),
    )
    expect(await codeOf(() => erase(paid.personId))).toBe('keeping.token-under-way')
  })

  it('keeps the id, so that whoever comes back under the same number is not paid again for the same cycle', async () => {
    const { office } = district
    const traces = putPaidHousehold(district, 3)
    await erase(traces.groupId)
    const facts = { ...factsOf('H3'), name: 'Household three', groupKind: 'household' }
    const first = createRegistrant(office.store, 'clerk', { kind: 'group', facts })
    expect(first).toMatchObject({ outcome: 'problems', problems: [{ code: 'keeping.number-of-erased' }] })
    const again = createRegistrant(office.store, 'clerk', { kind: 'group', facts, anew: true })
    expect(again.outcome).toBe('saved')

    const there = office.store.get('registrant', registrantId('H3'))
    expect(there).toMatchObject({ id: traces.groupId, removed: false, name: 'Household three', address: '' })
    expect(there.erasedAt).toBeDefined()
    // The same person in the same cycle is the same entitlement, and that was paid.
    const entitlement = entitlementId(district.cycleId, there.id, 'cash')
    expect(entitlement).toBe(traces.entitlementId)
    expect(office.store.get('payment', traces.paymentId).state).toBe('paid')
    // What was entered anew is not taken for what was erased.
    await office.keeping.settle()
    expect(office.store.get('registrant', there.id).name).toBe('Household three')
  })

  it('is not undone by bringing the record back', async () => {
    const { office } = district
    const { personId } = putPaidHousehold(district, 4)
    await erase(personId)
    const { setRemoved } = await import('../../../electron/core/registry/registrant-commands.ts')
    expect(await codeOf(() => setRemoved(office.store, 'clerk', personId, false))).toBe('keeping.is-erased')
  })
})

const factsOf = (registryNumber: string) => ({
  registryNumber,
  name: '',
  givenName: '',
  familyName: '',
  additionalName: '',
  groupKind: '',
  gender: '' as const,
  birthdate: null,
  address: '',
  area: '',
  modeOfPayment: 'digital' as const,
  tags: [],
  registrationDate: '2026-01-01',
})
