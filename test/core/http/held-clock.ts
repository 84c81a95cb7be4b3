import type { HttpClock } from '../../../electron/core/http/exchange-types.ts'

export interface HeldClock extends HttpClock {
  /** Lets time pass and calls back what is due. */
  pass(milliseconds: number): void
  /** The wall clock is set to another time; none has passed. */
  jump(milliseconds: number): void
}

/** A clock that stands still until told otherwise. */
export function heldClock(start = 1_000_000_000_000): HeldClock {
  let now = start
  let set = 0
  let due: { at: number; callback: () => void }[] = []
  return {
    now: () => now + set,
    elapsed: () => now - start,
    after(milliseconds, callback) {
      const entry = { at: now + milliseconds, callback }
      due.push(entry)
      return () => {
        due = due.filter((other) => other !== entry)
      }
    },
    jump(milliseconds) {
      set += milliseconds
    },
    pass(milliseconds) {
      now += milliseconds
      const ready = due.filter((entry) => entry.at <= now)
      due = due.filter((entry) => entry.at > now)
      for (const entry of ready) entry.callback()
    },
  }
}
