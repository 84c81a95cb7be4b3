/** What is still owed to an erasure: people whose own record is erased already, and what of them lies elsewhere. */
export const keepingTables = `
CREATE TABLE erasure_owed (
  registrant_id TEXT PRIMARY KEY,
  -- The moment of the erasure, as it stands in the registrant's record.
  at TEXT NOT NULL,
  -- JSON: keyed hashes of what named the person, for finding rows of files that were not taken; NULL once those were
  -- looked through, so that only what a payment under way holds up is left.
  hashes TEXT
) WITHOUT ROWID;
`
