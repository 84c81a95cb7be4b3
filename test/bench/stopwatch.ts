/** What a piece of work took, in milliseconds. */
export interface Lap {
  readonly time: number
  /** Processor time of this process with all its threads; tells more than the clock where others use the machine too. */
  readonly work: number
}

/** @returns what went by since the last call */
export function stopwatch(): () => Lap {
  let last = performance.now()
  let used = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(used)
    const now = performance.now()
    const lap = { time: now - last, work: (user + system) / 1000 }
    last = now
    used = process.cpuUsage()
    return lap
  }
}
