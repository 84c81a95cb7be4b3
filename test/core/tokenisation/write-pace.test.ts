import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WritePace } from '../../../electron/core/tokenisation/runs/write-pace.ts'

/** Transactions one after the other, on a disk that wants so many milliseconds for each commit and each person. */
function settled(commit: number, person: number): number {
  const pace = new WritePace()
  for (let n = 0; n < 60; n += 1) pace.took(pace.people, commit + person * pace.people)
  return pace.people
}

test('a quick disk gets many people at once, a slow one as many as it takes in time, but never so few that only its wait counts', () => {
  expect(settled(2, 0.05)).toBe(500)
  const slow = settled(20, 0.4)
  expect(20 + 0.4 * slow).toBeLessThanOrEqual(120)
  expect(slow).toBeGreaterThan(100)
  expect(settled(400, 1)).toBe(100)
})

test('whatever the disk does, some people go and never too many', () => {
  const commits = fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { maxLength: 40 })
  fc.assert(
    fc.property(commits, (all) => {
      const pace = new WritePace()
      for (const took of all) {
        pace.took(pace.people, took)
        expect(pace.people).toBeGreaterThanOrEqual(100)
        expect(pace.people).toBeLessThanOrEqual(500)
      }
    }),
  )
})

test('a chunk with few people tells nothing about many', () => {
  const pace = new WritePace()
  const before = pace.people
  pace.took(5, 1)
  expect(pace.people).toBe(before)
})
