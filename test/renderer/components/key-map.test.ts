import { expect, test } from 'vitest'
import { eventMatches, letterOf } from '../../../renderer/components/key-map.ts'

const press = (key: string, code: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

test('a shortcut is its keys, no more and no fewer', () => {
  expect(eventMatches(press('k', 'KeyK', { ctrlKey: true }), 'mod+k', '')).toBe(true)
  expect(eventMatches(press('k', 'KeyK'), 'mod+k', '')).toBe(false)
  expect(eventMatches(press('k', 'KeyK', { ctrlKey: true, altKey: true }), 'mod+k', '')).toBe(false)
  expect(eventMatches(press('?', 'Slash', { shiftKey: true }), '?', '')).toBe(true)
})

test('the second key of a sequence counts only after the first', () => {
  expect(eventMatches(press('r', 'KeyR'), 'g r', 'g')).toBe(true)
  expect(eventMatches(press('r', 'KeyR'), 'g r', '')).toBe(false)
})

test('letters are found by their place on keyboards of other scripts', () => {
  expect(eventMatches(press('ن', 'KeyK', { ctrlKey: true }), 'mod+k', '')).toBe(true)
  expect(eventMatches(press('لا', 'KeyB'), 'g b', letterOf(press('ل', 'KeyG')))).toBe(true)
})
