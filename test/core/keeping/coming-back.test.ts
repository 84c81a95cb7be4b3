import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenOffice } from '../open-office.ts'
import { ADMIN_PIN } from '../open-office.ts'
import { bringIn, CLERK, clerkOffice, list, problemsOf, record } from '../registry/clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

const HEAD = 'Number,Name,Area,Phone\r\n'

test('somebody who comes back in a file is entered anew under the same id, with a warning, and others are not hindered', async () => {
  // The second row is not taken: the number stands there twice.
  await bringIn(office, `${HEAD}1,Almaz Desta,Adama,+251911234567\r\n2,Bekele Worku,Jimma,\r\n1,Almaz Desta,Adama,\r\n`)
  const [almaz] = (await list(office)).rows.filter(({ name }) => name === 'Almaz Desta')
  const id = almaz?.id as string
  const erase = { id, pin: ADMIN_PIN }
  expect(await office.codeOf('keeping.erase', erase, CLERK)).toBe('api.not-your-role')
  expect(await office.codeOf('keeping.erase', { id, pin: '000000' })).toBe('identity.wrong-pin')
  expect(await office.codeOf('keeping.erase', erase)).toBe('fine')
  expect((await list(office)).rows.map(({ name }) => name)).toEqual(['Bekele Worku'])
  expect(await office.codeOf('registry.restore', { id }, CLERK)).toBe('keeping.is-erased')
  const { store } = office.core.getOffice()
  expect(store.sql("SELECT count(*) FROM import_problem WHERE cells LIKE '%Almaz%'").pluck().get()).toBe(0)
  expect(store.sql("SELECT count(*) FROM revision WHERE changes LIKE '%Almaz%'").pluck().get()).toBe(0)

  const again = await bringIn(office, `${HEAD}1,Almaz D.,Hawassa,\r\n3,Chaltu Tola,Adama,\r\n`)
  expect(again.counts).toMatchObject({ added: 2, refused: 0 })
  const problems = await problemsOf(office, again.id)
  expect(problems.map(({ reasons }) => reasons.map(({ code }) => code))).toContainEqual(['keeping.number-of-erased'])
  const { view } = await record(office, id)
  expect(view).toMatchObject({ id, name: 'Almaz D.', area: 'Hawassa', removed: false, phoneHints: [] })
  expect(view.registrationDate > '2000').toBe(true)
  expect(view.erasedAt).toBeDefined()
  // It is a record like any other from then on.
  expect(await office.codeOf('registry.edit', { id, base: view.changedAt, facts: { area: 'Jimma' } }, CLERK)).toBe(
    'fine',
  )
})
