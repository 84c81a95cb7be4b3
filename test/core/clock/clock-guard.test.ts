import { describe, expect, test } from 'vitest'
import { ClockGuard } from '../../../electron/core/clock/clock-guard.ts'
import { HybridClock } from '../../../electron/core/clock/hybrid-clock.ts'

const HOUR = 3_600_000

function scene() {
  let now = 1_800_000_000_000
  let elapsed = 0
  const clock = new HybridClock('office', undefined, () => now)
  let last = clock.tick()
  return {
    guard: new ClockGuard({ now: () => now, elapsed: () => elapsed }, () => last),
    pass(milliseconds: number) {
      now += milliseconds
      elapsed += milliseconds
    },
    jump(milliseconds: number) {
      now += milliseconds
    },
    audit() {
      last = clock.tick()
    },
  }
}

describe('the clock guard', () => {
  test('trusts a clock about which nobody said anything', () => {
    expect(scene().guard.findFault()).toBeUndefined()
  })

  test('holds sending when servers tell another time by more than five minutes', () => {
    const { guard } = scene()
    guard.learn({ offset: 4 * 60_000, uncertainty: 600 })
    expect(guard.findFault()).toBeUndefined()
    guard.learn({ offset: -7 * 60_000, uncertainty: 600 })
    expect(guard.findFault()).toEqual({ code: 'clock.skewed', params: { minutes: 7 } })
  })

  test('notices a jump at once, without asking anybody again', () => {
    const { guard, jump, pass } = scene()
    guard.learn({ offset: 200, uncertainty: 600 })
    pass(10 * HOUR)
    expect(guard.findFault()).toBeUndefined()
    jump(2 * HOUR)
    expect(guard.findFault()?.code).toBe('clock.skewed')
  })

  test('holds sending behind the newest audit entry, until somebody outside confirms the time', () => {
    const { guard, jump, audit } = scene()
    jump(3 * HOUR)
    audit()
    jump(-3 * HOUR)
    expect(guard.findFault()).toEqual({ code: 'clock.behind', params: { minutes: 180 } })
    guard.learn({ offset: 100, uncertainty: 600 })
    expect(guard.findFault()).toBeUndefined()
  })
})
