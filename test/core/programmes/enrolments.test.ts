import { afterEach, beforeEach, expect, test } from 'vitest'
import { enter, faultOf, openPracticeOffice, type PracticeOffice, programmeSettings } from './practice-office.ts'

let practice: PracticeOffice
let programmeId: string
let ids: string[]

beforeEach(async () => {
  practice = await openPracticeOffice()
  ids = enter(practice.office, [
    { number: 'N-1', area: 'North' },
    { number: 'N-2', area: 'North' },
    { number: 'N-3', area: 'North', deceased: true },
    { number: 'N-4', area: 'North', kind: 'individual' },
    { number: 'N-5', area: 'North', removed: true },
    { number: 'S-1', area: 'South' },
  ])
  programmeId = (await practice.as.administrator.programmes.programme.create(programmeSettings())).id
})
afterEach(() => practice.close())

const north = "[('area', '=', 'North')]"
const everybody = { states: [], search: '', filter: '[]', offset: 0, limit: 50 }
const page = async (more: object = {}) =>
  practice.as.clerk.programmes.enrolments.page({ programmeId, ...everybody, ...more })

test('a filter is previewed with who would be left out and why, and enrols exactly those it announced', async () => {
  const { enrolments } = practice.as.clerk.programmes
  await enrolments.enrol({ programmeId, registrantIds: [ids[0] as string] })
  const preview = await enrolments.preview({ programmeId, filter: north })
  expect(preview).toMatchObject({
    enrol: 1,
    leftOut: { 'enrolment.already-enrolled': 1, 'enrolment.deceased': 1, 'enrolment.wrong-kind': 1 },
  })
  expect(preview.examples['enrolment.deceased']).toMatchObject([{ registryNumber: 'N-3' }])
  const outcome = await enrolments.enrolByFilter({ programmeId, filter: north, expected: preview.enrol })
  expect(outcome.done).toBe(1)
  expect((await page()).rows.map(({ registryNumber }) => registryNumber)).toEqual(['N-1', 'N-2'])
})

test('a filter with a mistake is refused with its place', async () => {
  expect(
    await faultOf(practice.as.clerk.programmes.enrolments.preview({ programmeId, filter: "[('colour', '=', 'x')]" })),
  ).toMatchObject({ code: 'filter.unknown-field', params: { offset: 3, length: 6 } })
})

test('nobody who has died, is removed or of the wrong kind is enrolled by hand either; each is told', async () => {
  const outcome = await practice.as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: ids })
  expect(outcome).toMatchObject({
    done: 3,
    leftOut: { 'enrolment.deceased': 1, 'enrolment.wrong-kind': 1, 'enrolment.removed': 1 },
  })
})

test('pausing, exiting and readmitting follow the table, carry the reason, and can be undone until somebody else changed it', async () => {
  const { enrolments } = practice.as.clerk.programmes
  const [one = '', two = ''] = ids
  await enrolments.enrol({ programmeId, registrantIds: [one, two] })
  const choice = { registrantIds: [one, two] }
  expect(await enrolments.move({ programmeId, move: 'resume', reason: 'x', choice })).toMatchObject({
    done: 0,
    leftOut: { 'enrolment.move-not-allowed': 2 },
  })
  const exit = await enrolments.move({ programmeId, move: 'exit', reason: 'moved away', choice })
  expect((await page({ states: ['exited'] })).rows).toMatchObject([{ reason: 'moved away' }, { reason: 'moved away' }])
  // Enrolling again by filter does not quietly bring back who exited.
  expect(await enrolments.enrol({ programmeId, registrantIds: [one] })).toMatchObject({
    done: 0,
    leftOut: { 'enrolment.exited': 1 },
  })
  await enrolments.move({ programmeId, move: 'readmit', reason: 'came back', choice: { registrantIds: [two] } })
  expect(await enrolments.undo(exit.undo)).toEqual({ undone: 1 })
  expect((await page()).rows).toMatchObject([
    { registrantId: one, state: 'enrolled', reason: '', endedOn: null },
    { registrantId: two, state: 'enrolled', reason: 'came back' },
  ])
})

test('undoing an enrolment takes the new ones away', async () => {
  const { enrolments } = practice.as.clerk.programmes
  const { undo } = await enrolments.enrolByFilter({ programmeId, filter: '[]', expected: 3 })
  expect((await page()).total).toBe(3)
  await enrolments.undo(undo)
  expect((await page()).total).toBe(0)
  expect(await enrolments.preview({ programmeId, filter: '[]' })).toMatchObject({ enrol: 3 })
})

test('everything a list shows can be moved at once', async () => {
  const { enrolments } = practice.as.clerk.programmes
  await enrolments.enrolByFilter({ programmeId, filter: '[]', expected: 3 })
  const choice = { states: [], search: '', filter: "[('partner_id.area', '=', 'North')]", except: [] }
  expect(await enrolments.move({ programmeId, move: 'pause', reason: 'flood', choice })).toMatchObject({ done: 2 })
  expect((await page({ states: ['enrolled'] })).rows.map(({ registryNumber }) => registryNumber)).toEqual(['S-1'])
})

test('only clerks enrol, and nobody in a programme that has ended', async () => {
  const { as } = practice
  expect(await faultOf(as.approver.programmes.enrolments.enrol({ programmeId, registrantIds: ids }))).toMatchObject({
    code: 'api.not-your-role',
  })
  await as.administrator.programmes.programme.setState({ id: programmeId, state: 'ended' })
  expect(await faultOf(as.clerk.programmes.enrolments.enrol({ programmeId, registrantIds: ids }))).toMatchObject({
    code: 'programme.ended',
  })
})
