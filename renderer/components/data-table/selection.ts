/**
 * Which rows are chosen: some by id, or all that the list holds except some. "All" stays true for rows that were never
 * loaded, so commands get it as it is and the store works it out.
 */
export type Selection =
  | { readonly mode: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly mode: 'all'; readonly except: ReadonlySet<string> }

export const nothingSelected: Selection = { mode: 'some', ids: new Set() }
export const everythingSelected: Selection = { mode: 'all', except: new Set() }

export const isSelected = (selection: Selection, id: string): boolean =>
  selection.mode === 'all' ? !selection.except.has(id) : selection.ids.has(id)

/** How many of `total` rows are chosen. */
export const selectedCount = (selection: Selection, total: number): number =>
  selection.mode === 'all' ? Math.max(0, total - selection.except.size) : selection.ids.size

/** Chooses or drops these rows. */
export function select(selection: Selection, ids: Iterable<string>, chosen: boolean): Selection {
  const listed = new Set(selection.mode === 'all' ? selection.except : selection.ids)
  const add = chosen === (selection.mode === 'some')
  for (const id of ids) {
    if (add) listed.add(id)
    else listed.delete(id)
  }
  return selection.mode === 'all' ? { mode: 'all', except: listed } : { mode: 'some', ids: listed }
}
