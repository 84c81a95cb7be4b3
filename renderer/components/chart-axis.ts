/** Pixels that the values beside an axis take. Ticks are a little longer than the values when they are rounded up. */
export const axisWidthOf = (texts: readonly string[]): number =>
  Math.min(140, Math.max(48, (Math.max(...texts.map(({ length }) => length)) + 1) * 7))
