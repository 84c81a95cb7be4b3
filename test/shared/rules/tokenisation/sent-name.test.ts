import { expect, test } from 'vitest'
import { usualConnector } from '../../../../shared/rules/tokenisation/defaults.ts'
import { authDataOf, localCheckOf } from '../../../../shared/rules/tokenisation/demographics.ts'
import { findMapping } from '../../../../shared/rules/tokenisation/mapping.ts'

const { fields, mapping } = usualConnector('registry')

const person = (names: Partial<Parameters<typeof authDataOf>[0]>): Parameters<typeof authDataOf>[0] => ({
  name: 'Amina Yusuf',
  givenName: '',
  familyName: '',
  additionalName: '',
  gender: 'female',
  birthdate: '1976-01-01',
  address: '12 Lake Road',
  area: 'North',
  phoneNumbers: [],
  emails: [],
  ...names,
})

test('somebody whose name nobody has split is sent under the whole name, as forms bring them', () => {
  const sent = authDataOf(person({}), fields, '2014391641351279', 'ref')
  expect(sent).toMatchObject({ given_name: 'Amina Yusuf' })
  const read = findMapping(mapping)
  if (read === undefined) throw new Error('the usual mapping is none')
  expect(localCheckOf(read)(sent)).toBeUndefined()
})

test('where parts of the name are known, they alone are sent', () => {
  const sent = authDataOf(person({ familyName: 'Yusuf' }), fields, '2014391641351279', 'ref')
  expect(sent).toMatchObject({ family_name: 'Yusuf' })
  expect(sent).not.toHaveProperty('given_name')
})
