/**
 * SQL condition on `token_person p` and its registrant `r`: whether the record is still what it was when that came of it. Who was
 * corrected since is taken by the next run. `vidType`: SQL text.
 */
export const isAsBefore = (vidType: string): string =>
  `(p.basis = '' OR p.basis GLOB r.changed_at || '|' || coalesce((SELECT v.changed_at FROM identity_number v
     WHERE v.registrant_id = r.id AND v.type = ${vidType} AND v.removed = 0), '') || '|*')`
