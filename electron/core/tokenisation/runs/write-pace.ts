/** Milliseconds that a transaction may hold the core thread, commit and all, and below which the next one takes more. */
const LONG = 120
const SHORT = 60
/** Fewer would not help: a commit waits for the disk whatever it carries. */
const FEWEST = 100
const MOST = 500

/**
 * How many people's answers go into one transaction. The commit waits for the disk, and nobody knows beforehand for how long, so
 * the last one tells how much the next may carry.
 */
export class WritePace {
  #people = 200

  get people(): number {
    return this.#people
  }

  /** @param milliseconds how long a transaction with so many people took, until it was on the disk */
  took(people: number, milliseconds: number): void {
    if (milliseconds > LONG) {
      this.#people = Math.max(FEWEST, Math.floor(Math.min(people, this.#people) * (LONG / milliseconds)))
    } else if (milliseconds < SHORT && people * 2 >= this.#people) {
      this.#people = Math.min(MOST, Math.ceil(this.#people * 1.5))
    }
  }
}
