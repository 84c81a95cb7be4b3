/** The office itself: its marks, officers, managers, secrets, jobs, audit chain and the history of edits. */
export const officeTables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE officer (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  login TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX officer_seq ON officer (seq, id);

CREATE TABLE payment_manager (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX payment_manager_seq ON payment_manager (seq, id);

CREATE TABLE sign_in_provider (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX sign_in_provider_seq ON sign_in_provider (seq, id);

-- Who signed in at a provider and is not known yet, until an administrator has decided; never leaves the office.
CREATE TABLE sign_in_applicant (
  id TEXT PRIMARY KEY, provider_id TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
  -- Set where an officer of this office asks to be linked.
  officer_id TEXT,
  name TEXT NOT NULL, signing_key TEXT, asked_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_applicant_subject ON sign_in_applicant (provider_id, issuer, subject);

-- Never replicated and never read by a list: wrapped signing keys of officers, secrets of managers and connectors.
CREATE TABLE secret (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, value BLOB NOT NULL, changed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  input TEXT NOT NULL,
  needs TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'attention', 'done')),
  run_at INTEGER NOT NULL,
  every INTEGER,
  attempts INTEGER NOT NULL,
  deferred_by TEXT NOT NULL,
  lease_until INTEGER,
  fault TEXT,
  last_result TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
);
CREATE UNIQUE INDEX job_key ON job (kind, key) WHERE state <> 'done';
CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE audit (
  position INTEGER PRIMARY KEY,
  moment TEXT NOT NULL,
  officer_id TEXT NOT NULL,
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, position);
CREATE INDEX audit_action ON audit (action, position);
CREATE INDEX audit_officer ON audit (officer_id, position);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;

-- What an edit changed, field by field, without sealed values.
CREATE TABLE revision (
  kind TEXT NOT NULL, record_id TEXT NOT NULL, moment TEXT NOT NULL, officer_id TEXT NOT NULL, changes TEXT NOT NULL,
  PRIMARY KEY (kind, record_id, moment)
) WITHOUT ROWID;
`
