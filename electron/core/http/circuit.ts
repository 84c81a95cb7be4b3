import type { HttpClock } from './exchange-types.ts'

/** Leaves an endpoint alone that failed several times in a row, and lets one request through from time to time. */
export interface Circuits {
  /** Moment (epoch milliseconds) to try again, or null when a request may go out; the caller must then `report`. */
  waitUntil(endpoint: string): number | null
  /** `alive` when the endpoint answered sensibly, `failed` when not, `unknown` when the request says nothing about it. */
  report(endpoint: string, outcome: 'alive' | 'failed' | 'unknown'): void
  /** Every endpoint may be tried again at once: the line is back, or an officer said so. */
  closeAll(): void
}

interface Circuit {
  failures: number
  openUntil: number
  openFor: number
  probing: boolean
}

const FAILURES_TO_OPEN = 5
const FIRST_REST = 30_000
const LONGEST_REST = 600_000
/** How long others wait while one request finds out whether the endpoint is back. */
const WHILE_PROBING = 5_000

export function createCircuits(clock: HttpClock): Circuits {
  const circuits = new Map<string, Circuit>()
  return {
    waitUntil(endpoint) {
      const circuit = circuits.get(endpoint)
      if (circuit === undefined || circuit.failures < FAILURES_TO_OPEN) return null
      const now = clock.now()
      if (circuit.probing) return now + WHILE_PROBING
      // A clock that was set back must not keep the endpoint resting for years.
      if (now < circuit.openUntil && circuit.openUntil - now <= circuit.openFor) return circuit.openUntil
      circuit.probing = true
      return null
    },
    report(endpoint, outcome) {
      const circuit = circuits.get(endpoint) ?? { failures: 0, openUntil: 0, openFor: 0, probing: false }
      circuit.probing = false
      if (outcome === 'alive') {
        circuits.delete(endpoint)
        return
      }
      if (outcome === 'unknown') return
      circuits.set(endpoint, circuit)
      circuit.failures += 1
      if (circuit.failures < FAILURES_TO_OPEN) return
      circuit.openFor = Math.min(LONGEST_REST, circuit.openFor === 0 ? FIRST_REST : circuit.openFor * 2)
      circuit.openUntil = clock.now() + circuit.openFor
    },
    closeAll() {
      circuits.clear()
    },
  }
}
