import type { HttpClock } from './exchange-types.ts'

/** Whether the line is up, learnt from what really happens to requests; the system's own word is only a hint. */
export interface Line {
  isUp(): boolean
  onChange(listener: (up: boolean) => void): () => void
  /** Moment (epoch milliseconds) to try again, or null when a request to that origin may go out now. */
  waitUntil(origin: string, loopback: boolean): number | null
  /** What a request to that origin has shown. */
  learn(origin: string, loopback: boolean, evidence: 'down' | 'maybe' | 'up'): void
  reportPowerEvent(event: 'suspend' | 'resume' | 'line-up' | 'line-down'): void
  cut(isCut: boolean): void
  isCut(): boolean
}

/** While the line is down, one request in this time goes out to find out whether it is back. */
const PROBE_MILLISECONDS = 15_000
/** So many failures in a row without any success before "maybe down" becomes "down". */
const FAILURES_TO_BELIEVE = 2

export function createLine(clock: HttpClock): Line {
  const listeners = new Set<(up: boolean) => void>()
  const lastOutcome = new Map<string, boolean>()
  let up = true
  let isCut = false
  let asleep = false
  let failures = 0
  let nextProbe = 0
  let told = true

  const isUp = (): boolean => up && !isCut && !asleep
  const tell = (): void => {
    if (told === isUp()) return
    told = isUp()
    for (const listener of [...listeners]) listener(told)
  }
  const goDown = (): void => {
    up = false
    nextProbe = clock.now() + PROBE_MILLISECONDS
    tell()
  }
  const startAfresh = (): void => {
    up = true
    failures = 0
    lastOutcome.clear()
    tell()
  }

  return {
    isUp,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    waitUntil(_origin, loopback) {
      const now = clock.now()
      if (isCut || asleep) return now + PROBE_MILLISECONDS
      if (up || loopback) return null
      // A clock that was set back must not put the probe off for years.
      if (nextProbe - now > PROBE_MILLISECONDS) nextProbe = now
      if (now < nextProbe) return nextProbe
      nextProbe = now + PROBE_MILLISECONDS
      return null
    },
    learn(origin, loopback, evidence) {
      if (loopback || isCut) return
      if (evidence === 'up') {
        lastOutcome.set(origin, true)
        failures = 0
        up = true
        tell()
        return
      }
      lastOutcome.set(origin, false)
      failures += 1
      // One dead endpoint is not a dead line: as long as another one answered last time, the line is up.
      const nobodyAnswers = [...lastOutcome.values()].every((answered) => !answered)
      if (evidence === 'down' || (nobodyAnswers && failures >= FAILURES_TO_BELIEVE)) goDown()
    },
    reportPowerEvent(event) {
      if (event === 'suspend') asleep = true
      else if (event === 'resume') asleep = false
      if (event === 'line-down') goDown()
      else if (event !== 'suspend') startAfresh()
      tell()
    },
    isCut: () => isCut,
    cut(value) {
      if (isCut === value) return
      isCut = value
      if (!isCut) startAfresh()
      tell()
    },
  }
}
