import fc from 'fast-check'
import { expect, test } from 'vitest'
import { against, median, percentile } from './bench-line.ts'

test('a figure stands beside what it is held against, with their ratio', () => {
  expect(against('import', 3_000.456, 'ms', { what: 'bare limit', value: 2_000 })).toEqual({
    name: 'import',
    value: 3000.46,
    unit: 'ms',
    against: 'bare limit: 2000 ms',
    ratio: 1.5,
  })
})

test.each([
  [[5], 5],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (samples, middle) => {
  expect(median(samples)).toBe(middle)
})

test('the 95th percentile of 1 to 100 is 95, and of one sample that sample', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(samples, 0.95)).toBe(95)
  expect(percentile([7], 0.95)).toBe(7)
})

test('at least the given share of samples is no larger than the percentile, which is one of them', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 })
  fc.assert(
    fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (times, share) => {
      const limit = percentile(times, share)
      expect(times).toContain(limit)
      expect(times.filter((time) => time <= limit).length).toBeGreaterThanOrEqual(Math.floor(share * times.length))
    }),
  )
})

test('the median does not depend on the order, and lies between the ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (samples) => {
      const middle = median(samples)
      expect(median([...samples].reverse())).toBe(middle)
      expect(middle).toBeGreaterThanOrEqual(Math.min(...samples))
      expect(middle).toBeLessThanOrEqual(Math.max(...samples))
    }),
  )
})
