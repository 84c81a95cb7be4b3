import { changed, type Fields, type Outcome, onlyChanged, stable, take, type Versions } from './versions.ts'

/* Rules for a field, or for a few that belong together. */

/** Field by field; what both changed goes by the later moment. */
export function mergeFields(
  versions: Versions,
  fields: readonly string[],
  outcome: Outcome,
  into: 'conflicts' | 'ruled',
): void {
  for (const field of fields) {
    const only = onlyChanged(versions, [field])
    take(outcome, versions[only ?? versions.later], [field])
    if (only === undefined) outcome[into].add(field)
  }
}

/** Off the registry on one side and edited on the other. */
export function mergeRemoval(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { base, mine, theirs, later } = versions
  const rest = fields.filter((field) => field !== 'removed')
  mergeFields(versions, ['removed'], outcome, 'conflicts')
  if (base === undefined || base.removed === true || mine.removed === theirs.removed) return
  if (!changed(base, mine.removed === true ? theirs : mine, rest)) return
  take(outcome, versions[later], ['removed'])
  outcome.conflicts.add('removed')
}

/** Words of which each is there or not: what one side added or took away counts. */
export function mergeSet(versions: Versions, field: string, most: number, outcome: Outcome): void {
  const only = onlyChanged(versions, [field])
  if (only !== undefined) {
    take(outcome, versions[only], [field])
    return
  }
  const of = (side: Fields | undefined) => (side?.[field] ?? []) as readonly string[]
  const [base, mine, theirs] = [of(versions.base), of(versions.mine), of(versions.theirs)]
  const kept = base.filter((word) => mine.includes(word) && theirs.includes(word))
  const added = [...new Set([...mine, ...theirs])].filter((word) => !base.includes(word)).sort()
  const merged = [...kept, ...added]
  if (merged.length <= most) {
    outcome.values[field] = merged
  } else {
    take(outcome, versions[versions.later], [field])
    outcome.conflicts.add(field)
  }
}

/** Officers who made something: nobody is ever taken off (I7). */
export function unite({ mine, theirs }: Versions, field: string, { values }: Outcome): void {
  const of = (side: Fields) => (side[field] ?? []) as readonly string[]
  const [one, other] = [of(mine), of(theirs)]
  const covers = (all: readonly string[], some: readonly string[]) => some.every((id) => all.includes(id))
  if (covers(one, other) && covers(other, one)) values[field] = stable(one) < stable(other) ? one : other
  else if (covers(one, other)) values[field] = one
  else if (covers(other, one)) values[field] = other
  else values[field] = [...new Set([...one, ...other])].sort()
}

/** A state and what belongs to it; where both moved it, the one further on stands. */
export function mergeLife(
  versions: Versions,
  fields: readonly [string, ...string[]],
  rank: Readonly<Record<string, number>>,
  outcome: Outcome,
): void {
  const only = onlyChanged(versions, fields)
  if (only !== undefined) {
    take(outcome, versions[only], fields)
    return
  }
  const [state] = fields
  const at = (side: Fields): number => rank[String(side[state])] ?? 0
  const ahead = at(versions.mine) - at(versions.theirs)
  if (ahead === 0) {
    mergeFields(versions, fields, outcome, 'conflicts')
    return
  }
  take(outcome, ahead > 0 ? versions.mine : versions.theirs, fields)
  outcome.ruled.add(state)
}

/** A mark that is set or not: a change of it counts; without a base set stands over not set. */
export function mergeFlag({ base, mine, theirs }: Versions, field: string): boolean {
  if (mine[field] === theirs[field]) return mine[field] === true
  return base === undefined || base[field] !== true
}
