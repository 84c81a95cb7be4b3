import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { standingTransmission } from '../../../shared/rules/transmission-versions.ts'

const original = {
  id: 't1',
  changedAt: '0mq0000001-0000-abc',
  changedBy: 'office',
  batchId: 'b1',
  submissionId: 's1',
  part: '1',
  envelope: 1,
  messageId: 'm1',
  transactionId: 'x1',
  messageDigest: 'a'.repeat(64),
  count: 3,
  madeAt: 1_770_000_000_000,
  openedAs: '',
  validUntil: null,
  body: '{"message":{}}',
  headers: { signature: 'abc' },
  message: '',
}
const standIn = { ...original, body: '', headers: {}, validUntil: 0 }

it('the original stands over what was put in for it, whichever comes first', () => {
  expect(standingTransmission(standIn, original)).toBe('theirs')
  expect(standingTransmission(original, standIn)).toBe('here')
  expect(standingTransmission(original, { ...original })).toBe('same')
  expect(standingTransmission(standIn, { ...standIn })).toBe('same')
})

it('no other bytes stand over an original', () => {
  expect(standingTransmission(original, { ...original, body: '{"message":{"sum":9}}' })).toBeUndefined()
  expect(standingTransmission(original, { ...original, headers: {} })).toBeUndefined()
})

it('what is of another message takes nobody’s place', () => {
  const ofTheMessage = Object.keys(original).filter(
    (field) => !['body', 'headers', 'message', 'validUntil', 'changedAt', 'changedBy'].includes(field),
  )
  fc.assert(
    fc.property(fc.constantFrom(...ofTheMessage), fc.string({ minLength: 20 }), (field, other) => {
      expect(standingTransmission(standIn, { ...original, [field]: other })).toBeUndefined()
      expect(standingTransmission({ ...original, [field]: other }, standIn)).toBeUndefined()
    }),
  )
})
