/** Connectors and consents, which travel; and the runs of connectors, which never leave the office. */
export const tokenisationTables = `
CREATE TABLE connector (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  state TEXT NOT NULL, runs_at TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX connector_seq ON connector (seq, id);

CREATE TABLE consent (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  registrant_id TEXT NOT NULL, purpose TEXT NOT NULL, given INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX consent_seq ON consent (seq, id);
CREATE INDEX consent_registrant ON consent (registrant_id, purpose, given, removed);

CREATE TABLE token_run (
  id TEXT PRIMARY KEY,
  connector_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('choosing', 'sending', 'waiting', 'done', 'stopped', 'failed')),
  started_by TEXT NOT NULL,
  officer_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- Answers that nobody could be found for.
  unusable INTEGER NOT NULL DEFAULT 0,
  fault TEXT
) WITHOUT ROWID;
CREATE INDEX token_run_connector ON token_run (connector_id, started_at);
CREATE INDEX token_run_open ON token_run (connector_id, id) WHERE ended_at IS NULL;

-- One request to the seeder: a chunk of a run, or a part of one that made the seeder fail.
CREATE TABLE token_request (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  -- Of the chunk that it is a part of; its own where it is whole.
  root INTEGER,
  -- The seeder's own name for it; empty until it answered.
  identifier TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'posting', 'taken', 'suspect', 'over')),
  tries INTEGER NOT NULL,
  -- Epoch milliseconds.
  posted_at INTEGER,
  deadline INTEGER,
  looked_at INTEGER
);
CREATE INDEX token_request_open ON token_request (run_id, state, id) WHERE state <> 'over';
CREATE INDEX token_request_root ON token_request (root);

-- One person of a run. The reference is random and says nothing; the VID that was sent is here as a keyed hash only.
CREATE TABLE token_item (
  ref TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  request_id INTEGER,
  connector_id TEXT NOT NULL,
  registrant_id TEXT NOT NULL,
  vid_hash BLOB,
  state TEXT NOT NULL CHECK (state IN ('chosen', 'sent', 'tokenised', 'refused', 'unanswered', 'skipped')),
  class TEXT NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_try INTEGER,
  -- What the person's record was when this came of it: whoever is as before is not sent again.
  basis TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX token_item_run ON token_item (run_id, state, class, ref);
CREATE INDEX token_item_request ON token_item (request_id) WHERE request_id IS NOT NULL;
-- Who is in a run that has not come to its end is in no other.
CREATE INDEX token_item_open ON token_item (registrant_id) WHERE state IN ('chosen', 'sent');
CREATE INDEX token_item_day ON token_item (changed_at) WHERE state = 'tokenised';

-- What came of a person last, by whichever run; nobody is in it whose token was stored since.
CREATE TABLE token_person (
  registrant_id TEXT PRIMARY KEY, ref TEXT NOT NULL, state TEXT NOT NULL, class TEXT NOT NULL, basis TEXT NOT NULL,
  tries INTEGER NOT NULL, next_try INTEGER
) WITHOUT ROWID;
CREATE INDEX token_person_class ON token_person (state, class, registrant_id);

-- Log-ins of the seeder that showed the run's own password, by what it shows from then on.
CREATE TABLE token_session (id TEXT PRIMARY KEY, run_id TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE token_duplicate (
  id TEXT PRIMARY KEY, token_type TEXT NOT NULL, one_id TEXT NOT NULL, other_id TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'same-person', 'different-people')),
  decided_by TEXT NOT NULL, decided_at INTEGER, note TEXT NOT NULL,
  UNIQUE (token_type, one_id, other_id)
) WITHOUT ROWID;
CREATE INDEX token_duplicate_open ON token_duplicate (found_at) WHERE state = 'open';

-- Submissions of ODK Central that this office saw itself, by their two names.
CREATE TABLE odk_submission (
  connector_id TEXT NOT NULL, submission_id TEXT NOT NULL, instance_id TEXT NOT NULL,
  submitted_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  -- Random; names it on screens and in runs.
  ref TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('seen', 'registered', 'doubtful', 'tokenised', 'refused', 'ignored')),
  registrant_id TEXT NOT NULL,
  -- What the form said, until an officer decided whose it is; NULL afterwards.
  proposal TEXT,
  reason TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (connector_id, submission_id, instance_id)
) WITHOUT ROWID;
CREATE INDEX odk_submission_state ON odk_submission (connector_id, state, changed_at);
CREATE INDEX odk_submission_registrant ON odk_submission (registrant_id);

-- What came along with an authentication and is other than the record; field by field, until an officer decided.
CREATE TABLE kyc_proposal (
  id TEXT PRIMARY KEY, registrant_id TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
  found_at INTEGER NOT NULL, UNIQUE (registrant_id, field)
) WITHOUT ROWID;
`
