/** JSON in which the order of keys says nothing. */
export const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )

/**
 * A record as it is the same everywhere. Who wrote a batch last, and when, is not: each office writes down what it works out
 * of it, and what is no news to others is not sent.
 */
export function canonical(kind: string, fields: object): string {
  if (kind !== 'batch') return stable(fields)
  const { changedAt, changedBy, ...rest } = fields as { changedAt: unknown; changedBy: unknown }
  return stable(rest)
}

/** Fields in which two records differ, with both values. */
export function difference(one: string, other: string): string {
  const [left, right] = [one, other].map((text) => JSON.parse(text) as Record<string, unknown>)
  return [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])]
    .filter((field) => stable(left?.[field]) !== stable(right?.[field]))
    .map((field) => `${field} ${stable(left?.[field])?.slice(0, 80)} / ${stable(right?.[field])?.slice(0, 80)}`)
    .join(', ')
}
