/** Records that the store is asked for, and over which line to it. */
export interface Question {
  readonly ids: readonly string[]
  readonly line: number
}

/**
 * Which records of one collection this page holds. What is in the replica is always pinned, so it is always live; what
 * nobody uses any more stays until there is no room, the longest unused goes first.
 */
export class Pins {
  readonly #capacity: number
  /** How many hold it. In order of last use: the first was unused longest. */
  readonly #held = new Map<string, number>()
  /** Waiting to be asked of the store. */
  readonly #asking = new Set<string>()
  /** Waiting to be taken out of the replica. */
  readonly #leaving = new Set<string>()
  /** Another one after every break. */
  #line = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Holds records; those that are new have to be asked for. @returns whether there is anything to ask for or take out */
  hold(ids: readonly string[]): boolean {
    for (const id of ids) {
      const users = this.#held.get(id)
      if (users === undefined) this.#asking.add(id)
      this.#leaving.delete(id)
      this.#held.delete(id)
      this.#held.set(id, (users ?? 0) + 1)
    }
    this.#makeRoom()
    return this.#asking.size + this.#leaving.size > 0
  }

  /** @returns whether something has to be taken out */
  release(ids: readonly string[]): boolean {
    for (const id of ids) {
      const users = this.#held.get(id)
      if (users !== undefined) this.#held.set(id, Math.max(0, users - 1))
    }
    this.#makeRoom()
    return this.#leaving.size > 0
  }

  has(id: string): boolean {
    return this.#held.has(id)
  }

  get size(): number {
    return this.#held.size
  }

  /** Asked of the store and answered. */
  isLive(id: string): boolean {
    return this.#held.has(id) && !this.#asking.has(id)
  }

  nextToAsk(limit: number): Question {
    return { ids: [...this.#asking].slice(0, limit), line: this.#line }
  }

  /**
   * The store answered. An answer that was under way when the line broke counts for nothing: the store pinned the records
   * for a follower that is gone, and would never tell of their changes.
   */
  asked({ ids, line }: Question): void {
    if (line === this.#line) for (const id of ids) this.#asking.delete(id)
  }

  nextToLeave(limit: number): string[] {
    return [...this.#leaving].slice(0, limit)
  }

  left(ids: readonly string[]): void {
    for (const id of ids) this.#leaving.delete(id)
  }

  /** The store has forgotten what is pinned (a new line to it): everything is asked for again. */
  askAllAgain(): void {
    this.#line += 1
    for (const id of this.#held.keys()) this.#asking.add(id)
  }

  #makeRoom(): void {
    if (this.#held.size <= this.#capacity) return
    for (const [id, users] of this.#held) {
      if (users > 0) continue
      this.#held.delete(id)
      // One that never came need not go.
      if (!this.#asking.delete(id)) this.#leaving.add(id)
      if (this.#held.size <= this.#capacity) return
    }
  }
}
