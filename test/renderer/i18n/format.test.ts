import { expect, test } from 'vitest'
import { createFormat, localeOf, millisecondsOf } from '../../../renderer/i18n/format.ts'

test("the system's own variant of the language decides digits and dates", () => {
  expect(localeOf('ar', ['en-US', 'ar-EG'])).toBe('ar-EG')
  expect(localeOf('ar', ['en-US'])).toBe('ar')
  expect(localeOf('en', ['fr-FR', 'en-KE', 'en'])).toBe('en-KE')
})

test('a moment of the hybrid clock is read from its first nine digits', () => {
  const milliseconds = Date.UTC(2026, 10, 21, 12)
  const moment = `${milliseconds.toString(36).padStart(9, '0')}-0004-office1`
  expect(millisecondsOf(moment)).toBe(milliseconds)
  expect(millisecondsOf(milliseconds)).toBe(milliseconds)
})

test('distances are told in the largest unit that fits', () => {
  const { ago } = createFormat('en-GB')
  const now = Date.UTC(2026, 10, 21)
  expect(ago(now - 5 * 60_000, now)).toBe('5 minutes ago')
  expect(ago(now + 2 * 86_400_000, now)).toBe('in 2 days')
  expect(ago(now - 400, now)).toBe('now')
})

test('a calendar day does not move with the time zone', () => {
  expect(createFormat('en-GB').day('2026-03-01')).toBe('1 Mar 2026')
})

test('Egypt writes its own digits', () => {
  expect(createFormat('ar-EG').number(125)).toBe('١٢٥')
})
