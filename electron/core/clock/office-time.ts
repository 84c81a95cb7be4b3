/** Time as the office's services see it, so that tests can hold it, hasten it and make it jump. */
export interface OfficeTime {
  /** The machine's clock, epoch milliseconds; may be wrong and may jump. */
  now(): number
  /**
   * Milliseconds that only grow, across restarts of this process too. The difference of two readings never exceeds the
   * time that really went by, whatever happened to the clock or the machine in between.
   */
  elapsed(): number
  /** Calls back once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, callback: () => void): () => void
  /** Evenly spread in [0, 1). */
  random(): number
  /** How long a minute of waiting lasts, in milliseconds. */
  readonly minute: number
}

export const systemTime: OfficeTime = {
  now: () => Date.now(),
  // Counts from the start of the machine. A reading stored before a restart of the machine is larger than life, so the
  // difference to it comes out too small, never too large.
  elapsed: () => Number(process.hrtime.bigint() / 1_000_000n),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  minute: 60_000,
}
