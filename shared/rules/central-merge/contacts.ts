import { sameValue } from '../three-way.ts'
import { mergeFields } from './fields.ts'
import { type Fields, type Outcome, onlyChanged, type Side, stable, take, type Versions } from './versions.ts'

interface Element extends Fields {
  readonly id: string
}

const withoutIds = (list: readonly Element[]): unknown => list.map(({ id, ...rest }) => rest)

/** A list of contacts, element by element. */
export function mergeList(versions: Versions, field: string, most: number, outcome: Outcome): void {
  const only = onlyChanged(versions, [field])
  if (only !== undefined) {
    take(outcome, versions[only], [field])
    return
  }
  const of = (side: Fields): readonly Element[] => side[field] as readonly Element[]
  const mine = of(versions.mine)
  const theirs = of(versions.theirs)
  const later = of(versions[versions.later])
  const conflict = (value: readonly Element[]): void => {
    outcome.values[field] = value
    outcome.conflicts.add(field)
  }
  if (versions.base === undefined) {
    // Entered at both offices: the same accounts under other ids are no news.
    if (!sameValue(withoutIds(mine), withoutIds(theirs))) {
      conflict(later)
      return
    }
    outcome.values[field] = stable(mine) < stable(theirs) ? mine : theirs
    return
  }
  const base = of(versions.base)
  const find = (list: readonly Element[], id: string) => list.find((element) => element.id === id)
  const known = new Set(base.map(({ id }) => id))
  const added = [...mine, ...theirs].map(({ id }) => id).filter((id) => !known.has(id))
  let disputed = false
  const merged: Element[] = []
  for (const id of [...known, ...[...new Set(added)].sort()]) {
    const at: [Element | undefined, Element | undefined, Element | undefined] = [
      find(base, id),
      find(mine, id),
      find(theirs, id),
    ]
    const { element, conflicts } = mergeElement(at, find(later, id), versions.later)
    disputed ||= conflicts
    if (element !== undefined) merged.push(element)
  }
  if (merged.length > most) {
    conflict(later)
    return
  }
  const preferred = merged.filter((element) => element.preferred === true)
  if (preferred.length > 1) {
    const chosen = later.find((element) => element.preferred === true)?.id ?? preferred[0]?.id
    conflict(merged.map((element) => ({ ...element, preferred: element.id === chosen })))
    return
  }
  outcome.values[field] = merged
  if (disputed) outcome.conflicts.add(field)
}

function mergeElement(
  [base, mine, theirs]: readonly [Element | undefined, Element | undefined, Element | undefined],
  later: Element | undefined,
  laterSide: Side,
): { element: Element | undefined; conflicts: boolean } {
  if (sameValue(mine, theirs) || sameValue(base, mine)) return { element: theirs, conflicts: false }
  if (sameValue(base, theirs)) return { element: mine, conflicts: false }
  if (mine === undefined || theirs === undefined) return { element: later, conflicts: true }
  const outcome: Outcome = { values: {}, conflicts: new Set(), ruled: new Set() }
  mergeFields({ base, mine, theirs, later: laterSide }, Object.keys(mine), outcome, 'conflicts')
  return { element: outcome.values as Element, conflicts: outcome.conflicts.size > 0 }
}
