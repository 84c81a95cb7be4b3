import { expect, test } from 'vitest'
import { allOf, isComplete, isOpen, sideOf } from '../../../../renderer/features/central/choices.ts'

const fields = [{ name: 'area' }, { name: 'address' }]

test('a decision is complete when every field was chosen, from one side or from both', () => {
  expect(isComplete(fields, {})).toBe(false)
  expect(isComplete(fields, { area: 'earlier' })).toBe(false)
  expect(isComplete(fields, { area: 'earlier', address: 'later' })).toBe(true)
  expect(isComplete(fields, allOf(fields, 'later'))).toBe(true)
})

test('the side is named only while everything comes from it', () => {
  expect(sideOf(fields, allOf(fields, 'earlier'))).toBe('earlier')
  expect(sideOf(fields, { area: 'earlier', address: 'later' })).toBeUndefined()
  expect(sideOf(fields, { area: 'earlier' })).toBeUndefined()
  expect(sideOf(fields, {})).toBeUndefined()
})

test('only what waits for an officer can be decided', () => {
  expect(isOpen({ settled: null, decidedBy: 'officer' })).toBe(true)
  expect(isOpen({ settled: null, decidedBy: 'rule' })).toBe(false)
  expect(isOpen({ settled: { at: 1, officerName: '' }, decidedBy: 'officer' })).toBe(false)
})
