import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditRow } from '../../../electron/core/audit/audit-log.ts'
import { hire, newOffice, type OpenOffice } from '../open-office.ts'

let office: OpenOffice
let admin: string
let clerk: string
let middle: number

interface Page {
  readonly rows: readonly AuditRow[]
  readonly total: number
}
const page = (filter: object): Promise<Page> => office.get('audit.page', { limit: 100, ...filter })

beforeAll(async () => {
  const made = await newOffice()
  office = made.office
  admin = made.admin
  clerk = await hire(office, 'clerk', ['clerk'], '605918')
  middle = Date.now() + 1
  while (Date.now() <= middle) await setTimeout(1)
  await office.get('setup.change', { officeName: 'Later', autoLockMinutes: 0 })
})
afterAll(() => office.close())

test('filters by officer, action, family of actions, record and period', async () => {
  const { rows, total } = await page({})
  expect(total).toBe(rows.length)
  expect((await page({ officerId: clerk })).rows.map(({ action }) => action)).toEqual([
    'officer.pin-changed',
    'session.signed-in',
  ])
  expect((await page({ action: 'officer.created' })).rows).toMatchObject([{ subjectId: clerk, officerId: admin }])
  expect((await page({ action: 'office.' })).rows.map(({ action }) => action)).toEqual([
    'office.changed',
    'office.created',
  ])
  expect((await page({ subjectKind: 'officer', subjectId: clerk })).total).toBe(3)
  expect((await page({ from: middle })).rows.map(({ action }) => action)).toEqual(['office.changed'])
  expect((await page({ until: middle })).total).toBe(total - 1)
})

test('pages by position and by offset give the same rows', async () => {
  const { rows } = await page({})
  const second = await page({ limit: 2, offset: 2 })
  expect(second.rows).toEqual(rows.slice(2, 4))
  expect((await page({ limit: 2, before: rows[1]?.position })).rows).toEqual(second.rows)
})

test('offers what occurs in the trail to choose from', async () => {
  const { rows } = await page({})
  const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort()
  expect(await office.get('audit.choices')).toEqual({
    actions: distinct(rows.map(({ action }) => action)),
    subjectKinds: distinct(rows.map(({ subjectKind }) => subjectKind)),
    officerIds: distinct(rows.map(({ officerId }) => officerId)),
  })
})

test('a clerk reads the history of one record, not the whole trail', async () => {
  for (const path of ['audit.page', 'audit.choices', 'audit.verify', 'upkeep.run']) {
    expect(await office.codeOf(path, { limit: 10 }, 'clerk'), path).toBe('api.not-your-role')
  }
  const subject = { subjectKind: 'officer', subjectId: clerk, limit: 10 }
  expect(await office.codeOf('audit.ofSubject', subject, 'clerk')).toBe('fine')
})
