import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ImportedPeople, ListedPeople } from '../../../shared/contract/tokenisation.ts'
import type { OpenOffice } from '../open-office.ts'
import { bringIn, CLERK, clerkOffice, list } from '../registry/clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

const VID = { type: 'MOSIP VID', status: 'valid', expiresOn: null }
const idOf = async (name: string): Promise<string> => {
  const found = (await list(office)).rows.find((row) => row.name === name)
  if (found === undefined) throw new Error(`${name} is not there`)
  return found.id
}
const setNumber = async (name: string, value: string, type = VID.type): Promise<void> => {
  await office.get('registry.setIdentity', { ...VID, type, registrantId: await idOf(name), value }, CLERK)
}

describe('people of an imported file', () => {
  const imported = (importId: string) => office.get<ImportedPeople>('tokenisation.imported', { importId }, CLERK)

  test('those who can be sent are told apart from those who cannot, and from everybody else', async () => {
    await bringIn(office, 'Number,Name,Consent\r\n0,Abel Tesfaye,yes\r\n')
    await setNumber('Abel Tesfaye', '1000000000000000')
    const { id } = await bringIn(
      office,
      [
        'Number,Name,Consent',
        '1,Almaz Desta,yes',
        '2,Bekele Worku,no',
        '3,Chaltu Abebe,yes',
        '4,Dawit Haile,yes',
        '5,Eleni Kebede,yes',
      ].join('\r\n'),
    )
    await setNumber('Almaz Desta', '2000000000000001')
    await setNumber('Bekele Worku', '2000000000000002')
    await setNumber('Dawit Haile', '2000000000000004')
    await setNumber('Dawit Haile', 'token-of-dawit', 'MOSIP UIN TOKEN')
    await setNumber('Eleni Kebede', '2000000000000005')
    await office.get('registry.remove', { id: await idOf('Eleni Kebede') }, CLERK)
    expect(await imported(id)).toEqual({
      registrantIds: [await idOf('Almaz Desta')],
      tokenised: 1,
      withoutVid: 1,
      withoutConsent: 1,
    })
  })

  test('a file that brings consents only to people who were there names them too', async () => {
    await bringIn(office, 'Number,Name\r\n1,Almaz Desta\r\n2,Bekele Worku\r\n')
    await setNumber('Almaz Desta', '2000000000000001')
    const { id } = await bringIn(office, 'Number,Name,Consent\r\n1,Almaz Desta,yes\r\n', { existing: 'update' })
    expect(await imported(id)).toMatchObject({ registrantIds: [await idOf('Almaz Desta')], withoutConsent: 0 })
  })
})

test('people of a list are found by number, VID or id; what names nobody or several is told back as written', async () => {
  await bringIn(office, 'Number,Name\r\n1,Almaz Desta\r\n2,Bekele Worku\r\n2000000000000002,Chaltu Abebe\r\n')
  await setNumber('Almaz Desta', '2000000000000001')
  await setNumber('Bekele Worku', '2000000000000002')
  const [almaz, bekele] = [await idOf('Almaz Desta'), await idOf('Bekele Worku')]
  const entries = ['1', '2000 0000 0000 0001', bekele, '2000000000000002', 'Almaz Desta', '3']
  const found = await office.get<ListedPeople>('tokenisation.listed', { entries }, CLERK)
  expect(new Set(found.registrantIds)).toEqual(new Set([almaz, bekele]))
  expect(found).toMatchObject({ unknown: ['Almaz Desta', '3'], ambiguous: ['2000000000000002'] })
})
