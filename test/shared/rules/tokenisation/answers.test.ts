import { describe, expect, test } from 'vitest'
import {
  classOfRefusal,
  namedFact,
  pauseAfter,
  recordErrors,
} from '../../../../shared/rules/tokenisation/answer-class.ts'
import { findPath, quotedKey, valueAt } from '../../../../shared/rules/tokenisation/mapping.ts'

describe('what a refusal means', () => {
  test.each([
    ['invalid', 'ATS-REQ-011', '', 'data'],
    ['error', 'IDA-MLC-009', '', 'identifier'],
    ['error', 'IDA-MLC-018', '', 'identifier'],
    ['error', 'IDA-MLC-003', '', 'new-vid'],
    ['error', 'IDA-IDV-005', '', 'new-vid'],
    ['error', 'IDA-DEA-001', '', 'demographics'],
    ['error', 'AUT_BAS_001', '', 'later'],
    ['error', 'ATS-REQ-100', '', 'later'],
    ['error', 'XYZ-NEW-001', '', 'later'],
    ['invalid', 'XYZ-NEW-001', '', 'data'],
    ['error', 'ATS-REQ-103', 'IDA-DEA-001::name did not match,IDA-MLC-003::VID expired', 'new-vid'],
  ])('%s %s', (status, code, text, expected) => expect(classOfRefusal(status, code, text).class).toBe(expected))

  test('several errors of one person are taken apart, whatever commas their texts hold', () => {
    expect(
      recordErrors('ATS-REQ-103', 'IDA-DEA-001::name, in eng, did not match,IDA-DEA-002::gender did not match'),
    ).toEqual([
      { code: 'IDA-DEA-001', text: 'name, in eng, did not match' },
      { code: 'IDA-DEA-002', text: 'gender did not match' },
    ])
    expect(namedFact('Demographic data fullAddress did not match')).toBe('fullAddress')
  })

  test('pauses grow and end at a week', () => {
    expect([1, 2, 3, 20].map(pauseAfter)).toEqual([60, 120, 240, 10_080])
  })
})

describe('keys of a mapping', () => {
  test.each([
    ['vid', 'vid'],
    ['identity.vid', 'identity.vid'],
    ['Voter ID', '"Voter ID"'],
    ['identity.voter-id', 'identity["voter-id"]'],
    ['identity["voter-id"]', 'identity["voter-id"]'],
    ['"a.b".c', '"a.b".c'],
  ])('%s is sent as %s', (key, sent) => expect(quotedKey(key)).toBe(sent))

  test('what does not close is refused, what is there is found', () => {
    expect(['a..b', 'a.', '"a', 'a]', 'a["b'].map(findPath)).toEqual(Array(5).fill(undefined))
    expect(valueAt({ identity: { 'voter-id': '7' } }, 'identity["voter-id"]')).toBe('7')
    expect(valueAt({ identity: null }, 'identity.vid')).toBe(null)
  })
})
