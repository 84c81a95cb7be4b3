/** What account mappers said of people; of this office alone, since every office asks for itself. */
export const mapperTables = `
CREATE TABLE mapper_answer (
  manager_id TEXT NOT NULL, registrant_id TEXT NOT NULL,
  -- Digest of the mapper's settings, and the version of the identity number, under which it was asked.
  settings TEXT NOT NULL, basis TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('linked', 'none', 'unresolved')),
  code TEXT NOT NULL, params TEXT NOT NULL,
  address TEXT NOT NULL, provider TEXT NOT NULL, reference TEXT NOT NULL,
  -- Epoch milliseconds.
  at INTEGER NOT NULL,
  -- The account that was named last, also while none is, and the day since which it is that one instead of another.
  last_address TEXT NOT NULL, changed_on TEXT,
  PRIMARY KEY (manager_id, registrant_id)
) WITHOUT ROWID;
`
