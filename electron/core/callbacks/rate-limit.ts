export interface Rate {
  readonly perMinute: number
  /** So many may come at once. */
  readonly burst: number
}

/** Names remembered at most; beyond, the one that was quiet longest is forgotten. */
const LARGEST = 10_000

/** Lets so many a minute through under each name. Keeps a bounded number of names, in memory only. */
export class RateLimit {
  readonly #rate: Rate
  readonly #elapsed: () => number
  readonly #buckets = new Map<string, { left: number; at: number }>()

  /** @param elapsed milliseconds that only grow */
  constructor(rate: Rate, elapsed: () => number) {
    this.#rate = rate
    this.#elapsed = elapsed
  }

  /** @returns 0 when this one may pass, else the seconds after which one may */
  take(name: string): number {
    const now = this.#elapsed()
    const { perMinute, burst } = this.#rate
    const known = this.#buckets.get(name) ?? { left: burst, at: now }
    const left = Math.min(burst, known.left + ((now - known.at) / 60_000) * perMinute)
    const passes = left >= 1
    // Taken out and put back: the map's order is the order of use.
    this.#buckets.delete(name)
    this.#buckets.set(name, { left: passes ? left - 1 : left, at: now })
    if (this.#buckets.size > LARGEST) {
      const oldest = this.#buckets.keys().next()
      if (!oldest.done) this.#buckets.delete(oldest.value)
    }
    return passes ? 0 : Math.max(1, Math.ceil(((1 - left) / perMinute) * 60))
  }
}
