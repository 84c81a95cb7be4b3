import { appendOnly } from './append-only.ts'

/**
 * What the office knows about the central server's copy of its records. A record is at the central server exactly when
 * its row's `seq` is the one of its receipt; a record that came from there is written with a receipt of its new `seq`.
 */
const MERGED = [
  'registrant',
  'membership',
  'identity_number',
  'programme',
  'enrolment',
  'cycle',
  'entitlement',
  'payment',
  'batch',
  'officer',
  'payment_manager',
  'connector',
  'sign_in_provider',
  'consent',
]

const KIND_OF: Readonly<Record<string, string>> = {
  identity_number: 'identityNumber',
  payment_manager: 'paymentManager',
  sign_in_provider: 'signInProvider',
}

/** Keeps the version that both sides had last, from the first change here until the server has the next one. */
const keepsBase = (table: string): string => {
  const kind = KIND_OF[table] ?? table
  return `
CREATE TRIGGER ${table}_central_base AFTER UPDATE OF seq ON ${table}
WHEN EXISTS (SELECT 1 FROM central_receipt WHERE kind = '${kind}' AND id = OLD.id AND seq = OLD.seq)
BEGIN INSERT OR IGNORE INTO central_base VALUES ('${kind}', OLD.id, OLD.body); END;
`
}

/** Kinds whose versions are told apart when changes come in a file; payments are joined by their progress instead. */
const WITH_LINEAGE = MERGED.filter((table) => table !== 'payment')
/** Of these the fields can be merged; the others stand as a whole, or are sealed. */
const WITHOUT_BODY: ReadonlySet<string> = new Set([
  'identity_number',
  'officer',
  'payment_manager',
  'connector',
  'sign_in_provider',
])

/** Keeps which versions came before the one that stands, of what others may have: what left in a file or by the line. */
const keepsPast = (table: string): string => {
  const kind = KIND_OF[table] ?? table
  return `
CREATE TRIGGER ${table}_central_past AFTER UPDATE OF seq ON ${table}
WHEN OLD.changed_at <> NEW.changed_at
  AND (OLD.seq <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'central-files-horizon')
    OR EXISTS (SELECT 1 FROM central_receipt WHERE kind = '${kind}' AND id = OLD.id))
BEGIN INSERT OR REPLACE INTO central_past VALUES
  ('${kind}', OLD.id, OLD.changed_at, ${WITHOUT_BODY.has(table) ? 'NULL' : 'OLD.body'}); END;
`
}

export const centralTables = `
CREATE TABLE central_receipt (
  kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, rev TEXT NOT NULL,
  -- When the server's answer came, epoch milliseconds.
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE central_base (
  kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Two versions of one record that a rule or an officer decides between; both are kept for good, at every office.
CREATE TABLE central_conflict (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL,
  -- JSON: the fields that differ.
  fields TEXT NOT NULL,
  -- NULL, all three: taken out, since somebody was erased or a number was given up for a token.
  base TEXT, earlier TEXT, later TEXT,
  -- Which of them stands until somebody has decided.
  standing TEXT NOT NULL CHECK (standing IN ('earlier', 'later', 'merged')),
  -- 'officer' waits for a decision; 'rule' was decided and is shown once in each office.
  decided_by TEXT NOT NULL CHECK (decided_by IN ('officer', 'rule')),
  found_at TEXT NOT NULL,
  -- By its settlements, or of what a rule decided who has seen it here.
  settled_by TEXT, settled_at TEXT
) WITHOUT ROWID;
CREATE INDEX central_conflict_open ON central_conflict (found_at) WHERE settled_at IS NULL;
CREATE INDEX central_conflict_record ON central_conflict (kind, record_id);

-- What officers decided between two versions. Written once; who decides again names what was decided before.
CREATE TABLE central_settlement (
  id TEXT PRIMARY KEY, conflict_id TEXT NOT NULL,
  -- JSON: the side of each field; the settlements that this one knew of.
  chosen TEXT NOT NULL, after TEXT NOT NULL,
  officer_id TEXT NOT NULL, moment TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX central_settlement_conflict ON central_settlement (conflict_id);
${appendOnly('central_settlement')}
-- What the central server refused to take from here, for the officer who wrote it.
CREATE TABLE central_refusal (
  kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, params TEXT NOT NULL,
  officer_id TEXT NOT NULL, at INTEGER NOT NULL, seen_by TEXT, seen_at TEXT,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Documents of the central server that are not applied (yet): what they wait for, or why they are refused.
CREATE TABLE central_quarantine (
  document_id TEXT PRIMARY KEY, rev TEXT NOT NULL, body TEXT NOT NULL,
  -- 1: still arriving, tried again by itself; 0: refused, with its sentence.
  arriving INTEGER NOT NULL, code TEXT NOT NULL, params TEXT NOT NULL, since INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX central_quarantine_refused ON central_quarantine (since) WHERE arriving = 0;

-- Parts of submissions that came before the others; what is complete leaves from here.
CREATE TABLE central_piece (
  document_id TEXT PRIMARY KEY, submission_id TEXT NOT NULL, rev TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX central_piece_submission ON central_piece (submission_id);

-- Other versions of a document that a cluster holds and that were merged here.
CREATE TABLE central_leaf (
  document_id TEXT NOT NULL, rev TEXT NOT NULL, PRIMARY KEY (document_id, rev)
) WITHOUT ROWID;

-- What was written since the central server last had everything is found by its sequence.
CREATE INDEX identity_number_seq ON identity_number (seq, id);
CREATE INDEX transmission_seq ON transmission (seq, id);
CREATE INDEX delivery_seq ON delivery (seq, id);
CREATE INDEX observation_seq ON observation (seq, id);

-- Versions that the one which stands came from, so that an old file is known for what it is. The body serves as base.
CREATE TABLE central_past (
  kind TEXT NOT NULL, id TEXT NOT NULL, changed_at TEXT NOT NULL, body TEXT, PRIMARY KEY (kind, id, changed_at)
) WITHOUT ROWID;

-- To whom changes can go in a file: other offices of the district, and the centre.
CREATE TABLE central_recipient (
  installation_id TEXT PRIMARY KEY, key_id TEXT NOT NULL, office_name TEXT NOT NULL, encryption_key TEXT NOT NULL,
  added_at TEXT NOT NULL
) WITHOUT ROWID;

-- Batches that were released to another office: nothing of them leaves from here again.
CREATE TABLE handed_over (
  batch_id TEXT PRIMARY KEY, submission_id TEXT NOT NULL, to_installation TEXT NOT NULL, release TEXT NOT NULL
) WITHOUT ROWID;

-- Batches that others released to this office, until they are claimed.
CREATE TABLE handed_here (
  batch_id TEXT PRIMARY KEY, submission_id TEXT NOT NULL, release TEXT NOT NULL
) WITHOUT ROWID;
${MERGED.map(keepsBase).join('')}${WITH_LINEAGE.map(keepsPast).join('')}`
