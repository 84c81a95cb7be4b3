/** One figure with what it is held against, measured in the same run. */
export interface BenchLine {
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 'MB' | 'bytes' | 'per second'
  /** What the ratio is taken against, in words and with its own figure. */
  readonly against: string
  /** `value` over the figure of `against`; for a limit, the share of it that is used. */
  readonly ratio: number
}

/** A figure against another one of the same unit. */
export function against(
  name: string,
  value: number,
  unit: BenchLine['unit'],
  other: { readonly what: string; readonly value: number },
): BenchLine {
  const rounded = (figure: number): number => Math.round(figure * 100) / 100
  return {
    name,
    value: rounded(value),
    unit,
    against: `${other.what}: ${rounded(other.value)} ${unit}`,
    ratio: rounded(value / other.value),
  }
}

/** The value below which the given share of samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** The middle one; between the two middle ones where their number is even. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((one, other) => one - other)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}
