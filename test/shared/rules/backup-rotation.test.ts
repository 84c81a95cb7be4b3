import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backupsToKeep, lastCopyGone } from '../../../shared/rules/backup-rotation.ts'

const at = (text: string): number => Date.parse(`${text}:00Z`)
const textOf = (kept: ReadonlySet<number>): string[] =>
  [...kept].sort().map((moment) => new Date(moment).toISOString().slice(0, 16))

describe('which backups stay', () => {
  test('the newest of a day stands for the day', () => {
    const made = [at('2026-03-02T08:00'), at('2026-03-02T17:00'), at('2026-03-03T08:00')]
    expect(textOf(backupsToKeep(made, { daily: 7, weekly: 0, monthly: 0 }))).toEqual([
      '2026-03-02T17:00',
      '2026-03-03T08:00',
    ])
  })

  test('weeks and months reach further back than days', () => {
    const made = [
      at('2026-01-15T12:00'),
      at('2026-01-31T12:00'),
      at('2026-02-27T12:00'),
      // A Sunday and the Monday after it lie in two weeks.
      at('2026-03-01T12:00'),
      at('2026-03-02T12:00'),
      at('2026-03-03T12:00'),
    ]
    expect(textOf(backupsToKeep(made, { daily: 1, weekly: 2, monthly: 3 }))).toEqual([
      '2026-01-31T12:00',
      '2026-02-27T12:00',
      '2026-03-01T12:00',
      '2026-03-03T12:00',
    ])
  })

  const keep = fc.record({
    daily: fc.integer({ min: 1, max: 9 }),
    weekly: fc.integer({ min: 0, max: 6 }),
    monthly: fc.integer({ min: 0, max: 14 }),
  })
  const moments = fc.array(fc.integer({ min: at('2024-01-01T00:00'), max: at('2027-12-31T00:00') }), { maxLength: 60 })

  test('the newest always stays, never more than was asked for, and all that was made when there is room', () => {
    fc.assert(
      fc.property(moments, keep, (made, wanted) => {
        const kept = backupsToKeep(made, wanted)
        expect([...kept].every((moment) => made.includes(moment))).toBe(true)
        if (made.length > 0) expect(kept.has(Math.max(...made))).toBe(true)
        expect(kept.size).toBeLessThanOrEqual(wanted.daily + wanted.weekly + wanted.monthly)
        const days = new Set(made.map((moment) => Math.floor(moment / 86_400_000)))
        expect(kept.size).toBeGreaterThanOrEqual(Math.min(days.size, wanted.daily))
      }),
    )
  })

  test('rotating again takes nothing more away', () => {
    fc.assert(
      fc.property(moments, keep, (made, wanted) => {
        const kept = backupsToKeep(made, wanted)
        expect(backupsToKeep([...kept], wanted)).toEqual(kept)
      }),
    )
  })

  test('day by day, a month of work leaves what the settings say', () => {
    const wanted = { daily: 7, weekly: 4, monthly: 12 }
    let lying: number[] = []
    for (let day = 0; day < 400; day += 1) {
      lying = [...backupsToKeep([...lying, at('2025-01-01T12:00') + day * 86_400_000], wanted)]
    }
    // Seven days, of which the newest stands for its week and its month as well.
    expect(lying.length).toBeGreaterThanOrEqual(18)
    expect(lying.length).toBeLessThanOrEqual(21)
    expect(new Set(lying.map((moment) => new Date(moment).toISOString().slice(0, 7))).size).toBe(12)
  })
})

test('a backup has gone by the day on which it is said to be gone', () => {
  const usual = { daily: 7, weekly: 4, monthly: 12 }
  expect(lastCopyGone(at('2026-03-31T17:00'), usual)).toBe(at('2027-03-01T00:00'))
  expect(lastCopyGone(at('2026-03-31T17:00'), { ...usual, monthly: 1 })).toBe(at('2026-04-27T00:00'))
  expect(lastCopyGone(at('2026-03-31T17:00'), { daily: 7, weekly: 0, monthly: 0 })).toBe(at('2026-04-07T00:00'))
  const DAY = 86_400_000
  const keeps = fc.record({
    daily: fc.integer({ min: 1, max: 31 }),
    weekly: fc.integer({ min: 0, max: 9 }),
    monthly: fc.integer({ min: 0, max: 14 }),
  })
  fc.assert(
    fc.property(fc.integer({ min: 20_000, max: 21_000 }), keeps, (first, keep) => {
      const made = (last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => (first + n) * DAY)
      const gone = lastCopyGone(first * DAY, keep) / DAY
      expect(backupsToKeep(made(gone), keep).has(first * DAY)).toBe(false)
    }),
    { numRuns: 200 },
  )
})
