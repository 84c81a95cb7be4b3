import { expect, test } from 'vitest'
import { noFilter, questionOf } from '../../../../renderer/features/audit/answers.ts'

test('an empty filter asks for everything', () => {
  expect(questionOf(noFilter)).toEqual({})
})

test('days are those of this office, the last one included', () => {
  const { from, until } = questionOf({ ...noFilter, fromDay: '2026-03-01', toDay: '2026-03-31' })
  expect(new Date(from ?? 0)).toEqual(new Date(2026, 2, 1))
  expect(new Date(until ?? 0)).toEqual(new Date(2026, 3, 1))
})
