/** Minutes of the longest pause between two tries. */
const LONGEST = 15
/** Minutes of the first one. */
const FIRST = 1 / 12

/**
 * Pause after so many failed tries, in milliseconds: evenly spread between nothing and a bound that doubles up to 15
 * minutes, so that many offices do not come back at the same moment ("full jitter").
 */
export function backOff(attempts: number, random: number, minute: number): number {
  const bound = Math.min(LONGEST, FIRST * 2 ** Math.min(attempts, 20))
  return Math.floor(random * bound * minute)
}
