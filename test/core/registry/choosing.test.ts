import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenOffice } from '../open-office.ts'
import { bringIn, CLERK, clerkOffice, list } from './clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

test('whoever is on a list is chosen, searched or filtered or whole, but for those who are left out', async () => {
  await bringIn(office, 'Number,Name,Area\r\n1,Almaz Desta,Adama\r\n2,Bekele Worku,Jimma\r\n3,Chaltu Abebe,Jimma\r\n')
  const [almaz, bekele, chaltu] = (await list(office)).rows.map(({ id }) => id)
  const ids = (input: object): Promise<string[]> => office.get('registry.ids', { except: [], ...input }, CLERK)
  expect(await ids({})).toEqual([almaz, bekele, chaltu])
  expect(await ids({ except: [bekele] })).toEqual([almaz, chaltu])
  expect(await ids({ filter: '[["area","=","Jimma"]]' })).toEqual([bekele, chaltu])
  expect(await ids({ search: 'alma' })).toEqual([almaz])
  expect(await ids({ kind: 'group' })).toEqual([])
})
