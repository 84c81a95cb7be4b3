/** Milliseconds that a request should take: long enough that waiting for its answer weighs little, short enough to be lost. */
const AIM = 10_000
const SMALLEST = 16_000
const LARGEST = 1_000_000
const FIRST = 64_000

/**
 * How much one request carries, in bytes: more after each that went well within the aim, less after one that was slow, half
 * after one that was cut. Sizes are those before folding, since what folding saves is in the time already.
 */
export class Pace {
  readonly #largest: number
  #bytes = FIRST
  /** Bytes of an item, over the latest ones. */
  #item = 600

  constructor(largest = LARGEST) {
    this.#largest = largest
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Items that make about so many bytes. */
  get items(): number {
    return Math.max(10, Math.min(10_000, Math.round(this.#bytes / this.#item)))
  }

  wentWell({ bytes, items, took }: { readonly bytes: number; readonly items: number; readonly took: number }): void {
    if (items > 0) this.#item = 0.7 * this.#item + 0.3 * (bytes / items)
    if (took > AIM * 1.5) this.#set((this.#bytes * AIM) / took)
    // What was not filled says nothing about what would have gone through.
    else if (took < AIM / 2 && bytes > this.#bytes / 2) this.#set(this.#bytes * 2)
  }

  /** The line gave way, or the server takes nothing as large. After waiting in vain for long the line is another one. */
  wasCut(inVain = false): void {
    this.#set(this.#bytes / (inVain ? 4 : 2))
  }

  #set(bytes: number): void {
    this.#bytes = Math.round(Math.max(SMALLEST, Math.min(this.#largest, bytes)))
  }
}
