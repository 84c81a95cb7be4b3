import type { Moment } from '../../../shared/model/record.ts'

const MILLISECONDS_DIGITS = 9
const COUNTER_DIGITS = 4
const COUNTER_LIMIT = 36 ** COUNTER_DIGITS

/** The wall-clock part of a moment, epoch milliseconds. For showing only: order comes from the whole text. */
export const momentMilliseconds = (moment: Moment): number => Number.parseInt(moment.slice(0, MILLISECONDS_DIGITS), 36)

/**
 * A hybrid logical clock: moments that follow the wall clock while it goes forward, and still grow while it stands or
 * jumps back, so that order never depends on a laptop's clock (Kulkarni et al., "Logical Physical Clocks", 2014).
 */
export class HybridClock {
  readonly #now: () => number
  readonly #node: string
  #milliseconds = 0
  #counter = 0

  /**
   * @param node lower-case letters and digits that name this office, at most 12
   * @param last the latest moment known, so that a restart never goes back
   */
  constructor(node: string, last: Moment | undefined, now: () => number = Date.now) {
    this.#node = node
    this.#now = now
    if (last !== undefined) this.#advanceTo(last)
  }

  /** A new moment, later than every one made or received before. */
  tick(): Moment {
    const wall = Math.floor(this.#now())
    if (wall > this.#milliseconds) {
      this.#milliseconds = wall
      this.#counter = 0
    } else this.#count()
    return this.#text()
  }

  /** Take note of a moment made elsewhere, so that what follows here comes after it. */
  receive(moment: Moment): void {
    if (moment > this.#text()) this.#advanceTo(moment)
  }

  #advanceTo(moment: Moment): void {
    this.#milliseconds = momentMilliseconds(moment)
    this.#counter = Number.parseInt(moment.slice(MILLISECONDS_DIGITS + 1, MILLISECONDS_DIGITS + 1 + COUNTER_DIGITS), 36)
  }

  #count(): void {
    this.#counter += 1
    if (this.#counter === COUNTER_LIMIT) {
      this.#milliseconds += 1
      this.#counter = 0
    }
  }

  #text(): Moment {
    const milliseconds = this.#milliseconds.toString(36).padStart(MILLISECONDS_DIGITS, '0')
    return `${milliseconds}-${this.#counter.toString(36).padStart(COUNTER_DIGITS, '0')}-${this.#node}`
  }
}
