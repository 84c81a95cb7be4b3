import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RULE_CODE } from '../../../electron/core/programmes/generation.ts'
import { entitlementId } from '../../../shared/model/ids.ts'
import type { Entitlement } from '../../../shared/model/programme.ts'
import {
  cycleSettings,
  enter,
  faultOf,
  openPracticeOffice,
  type Person,
  PINS,
  type PracticeOffice,
  programmeSettings,
} from './practice-office.ts'

let practice: PracticeOffice
let trial = 0

beforeAll(async () => {
  practice = await openPracticeOffice()
})
afterAll(() => practice.close())

const person = fc.record({
  kind: fc.constantFrom<'individual' | 'group'>('group', 'group', 'group', 'individual'),
  deceased: fc.boolean(),
  removed: fc.boolean(),
  members: fc.nat({ max: 4 }),
  formerMembers: fc.nat({ max: 3 }),
  enrolment: fc.constantFrom<'enrolled' | 'paused' | 'exited' | 'never'>(
    'enrolled',
    'enrolled',
    'paused',
    'exited',
    'never',
  ),
})
const rule = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 0, max: 90_000 }) }),
  fc.record({
    kind: fc.constant('perMember' as const),
    base: fc.constantFrom(0, 10_000),
    perMember: fc.integer({ min: 0, max: 7_000 }),
    maximumMembers: fc.integer({ min: 1, max: 3 }),
  }),
)

const draftsOf = (cycleId: string): Entitlement[] =>
  (
    practice.office.store
      .sql('SELECT body FROM entitlement WHERE cycle_id = ? AND removed = 0 ORDER BY id')
      .pluck()
      .all(cycleId) as string[]
  ).map((body) => JSON.parse(body))

test('the rule grants exactly the payable people what it says, and running it again changes nothing', async () => {
  const { as, office } = practice
  await fc.assert(
    fc.asyncProperty(fc.array(person, { maxLength: 12 }), rule, async (people, entitlementRule) => {
      trial += 1
      const numbered = people.map((one, index) => ({ ...one, number: `G${trial}-${index}` }))
      const ids = enter(
        office,
        // Everybody is alive and there when they are enrolled.
        numbered.map(({ number, kind, members, formerMembers }): Person => ({ number, kind, members, formerMembers })),
      )
      const programme = await as.administrator.programmes.programme.create(
        programmeSettings({ name: `Programme ${trial}`, entitlementRule }),
      )
      const enrolled = ids.filter((_, index) => numbered[index]?.enrolment !== 'never')
      if (enrolled.length > 0) {
        await as.clerk.programmes.enrolments.enrol({ programmeId: programme.id, registrantIds: enrolled })
      }
      for (const [state, move] of [
        ['paused', 'pause'],
        ['exited', 'exit'],
      ] as const) {
        const registrantIds = ids.filter((_, index) => numbered[index]?.enrolment === state)
        if (registrantIds.length === 0) continue
        const choice = { registrantIds }
        await as.clerk.programmes.enrolments.move({ programmeId: programme.id, move, reason: 'reason', choice })
      }
      office.store.transaction('officer-clerk', (transaction) => {
        for (const [index, { deceased, removed }] of numbered.entries()) {
          const before = transaction.get('registrant', ids[index] as string)
          transaction.put('registrant', { ...before, removed, deceasedOn: deceased ? '2026-01-01' : null })
        }
        transaction.audit({ action: 'test.changed', subjectKind: 'registrant', subjectId: '' })
      })
      const cycle = await as.clerk.programmes.cycles.create({ programmeId: programme.id, settings: cycleSettings() })

      const expected = new Map<string, number>()
      for (const [index, { kind, deceased, removed, members, enrolment }] of numbered.entries()) {
        if (kind !== 'group' || deceased || removed || enrolment !== 'enrolled') continue
        const amount =
          entitlementRule.kind === 'fixed'
            ? entitlementRule.amount
            : entitlementRule.base + entitlementRule.perMember * Math.min(members, entitlementRule.maximumMembers)
        if (amount > 0) expected.set(entitlementId(cycle.id, ids[index] as string, RULE_CODE), amount)
      }

      const first = await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
      const drafts = draftsOf(cycle.id)
      expect(new Map(drafts.map(({ id, amount }) => [id, amount]))).toEqual(expected)
      expect(first.made).toBe(expected.size)
      const { facts, entitlements, cycle: after } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
      expect(facts.drafts).toBe(expected.size)
      expect(entitlements.reduce((all, { sum }) => all + sum, 0)).toBe(
        [...expected.values()].reduce((a, b) => a + b, 0),
      )
      expect(after).toMatchObject({ generationUnfinished: false, makers: ['officer-clerk'] })

      const again = await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
      expect(again).toMatchObject({ made: 0, changed: 0, kept: expected.size, withdrawn: 0 })
      expect(draftsOf(cycle.id)).toEqual(drafts)
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('after people leave and the rule changes, another run leaves exactly what holds now', async () => {
  const { as, office } = practice
  trial += 1
  const ids = enter(
    office,
    [1, 2, 3].map((index) => ({ number: `C${trial}-${index}`, members: index })),
  )
  const settings = programmeSettings({
    name: `Programme ${trial}`,
    entitlementRule: { kind: 'perMember', base: 0, perMember: 1_000, maximumMembers: 5 },
  })
  const programme = await as.administrator.programmes.programme.create(settings)
  await as.clerk.programmes.enrolments.enrol({ programmeId: programme.id, registrantIds: ids })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId: programme.id, settings: cycleSettings() })
  const generate = () => as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  await generate()
  const [leaver = '', emptied = ''] = ids
  const undo = await as.clerk.programmes.enrolments.move({
    programmeId: programme.id,
    move: 'pause',
    reason: 'visit',
    choice: { registrantIds: [leaver] },
  })
  office.store.transaction('officer-clerk', (transaction) => {
    const rows = transaction.sql('SELECT id FROM membership WHERE group_id = ?').pluck().all(emptied) as string[]
    for (const id of rows)
      transaction.put('membership', { ...transaction.get('membership', id), endedDate: '2025-12-01' })
    transaction.audit({ action: 'test.left', subjectKind: 'registrant', subjectId: emptied })
  })
  expect(await generate()).toMatchObject({ made: 0, changed: 0, kept: 1, withdrawn: 2 })
  expect(draftsOf(cycle.id).map(({ amount }) => amount)).toEqual([3_000])
  await as.clerk.programmes.enrolments.undo(undo.undo)
  expect(await generate()).toMatchObject({ made: 1, kept: 1 })
})

test('a run that was stopped leaves the cycle unfinished, and running it again completes it', async () => {
  const { as, office } = practice
  trial += 1
  const ids = enter(
    office,
    Array.from({ length: 1_200 }, (_, index) => ({ number: `S${trial}-${index}` })),
  )
  const programme = await as.administrator.programmes.programme.create(
    programmeSettings({ name: `Programme ${trial}` }),
  )
  await as.clerk.programmes.enrolments.enrol({ programmeId: programme.id, registrantIds: ids })
  const cycle = await as.clerk.programmes.cycles.create({ programmeId: programme.id, settings: cycleSettings() })
  const running = as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  // While it runs nobody else begins, and the clerk calls it off.
  const second = faultOf(as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' }))
  const stopped = as.clerk.programmes.programme.stop({ subjectId: cycle.id })
  expect(await faultOf(running)).toMatchObject({ code: 'api.cancelled' })
  expect(await second).toMatchObject({ code: 'cycle.busy' })
  await stopped
  expect(draftsOf(cycle.id).length).toBeLessThan(1_200)
  const submit = { cycleId: cycle.id, move: 'submit' as const, reason: '', pin: '', acknowledgedOpen: null }
  expect(await faultOf(as.clerk.programmes.cycles.move(submit))).toMatchObject({ code: 'cycle.generation-unfinished' })
  await as.clerk.programmes.cycles.generate({ cycleId: cycle.id, source: 'rule' })
  expect(draftsOf(cycle.id)).toHaveLength(1_200)
  await as.clerk.programmes.cycles.move(submit)
  const { facts } = await as.clerk.programmes.cycles.view({ cycleId: cycle.id })
  expect(facts).toMatchObject({ drafts: 0, pending: 1_200 })
}, 60_000)

test('a cycle can begin with what the one before granted, for those who are still paid', async () => {
  const { as, office } = practice
  trial += 1
  const ids = enter(
    office,
    [1, 2].map((index) => ({ number: `P${trial}-${index}` })),
  )
  const programme = await as.administrator.programmes.programme.create(
    programmeSettings({ name: `Programme ${trial}` }),
  )
  const programmeId = programme.id
  await as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: ids })
  const first = await as.clerk.programmes.cycles.create({ programmeId, settings: cycleSettings() })
  expect(await faultOf(as.clerk.programmes.cycles.generate({ cycleId: first.id, source: 'previous' }))).toMatchObject({
    code: 'cycle.no-previous',
  })
  await as.clerk.programmes.cycles.generate({ cycleId: first.id, source: 'rule' })
  const step = { reason: '', acknowledgedOpen: null }
  await as.clerk.programmes.cycles.move({ ...step, cycleId: first.id, move: 'submit', pin: '' })
  await as.approver.programmes.cycles.move({ ...step, cycleId: first.id, move: 'approve', pin: PINS.approver })
  await as.clerk.programmes.enrolments.move({
    programmeId,
    move: 'exit',
    reason: 'moved',
    choice: { registrantIds: [ids[0] as string] },
  })
  const second = await as.clerk.programmes.cycles.create({ programmeId, settings: cycleSettings({ name: 'February' }) })
  expect(await as.clerk.programmes.cycles.generate({ cycleId: second.id, source: 'previous' })).toMatchObject({
    made: 1,
    leftOut: { 'enrolment.exited': 1 },
  })
  expect(draftsOf(second.id)).toMatchObject([{ registrantId: ids[1], amount: 50_000, code: RULE_CODE }])
})
