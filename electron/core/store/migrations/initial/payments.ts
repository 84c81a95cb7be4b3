import { appendOnly, neverDeleted } from './append-only.ts'

/* Payments and batches, and the append-only records from which their states are worked out. */

/** Written once; what may follow is the form in which something of a person was erased, in its place and under its names. */
const erasableOnly = (table: string, names: readonly string[]): string => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table}
WHEN NEW.body ->> '$.erasedAt' IS NULL OR OLD.id <> NEW.id OR OLD.seq <> NEW.seq OR OLD.changed_at <> NEW.changed_at
  OR ${names.map((name) => `OLD.${name} <> NEW.${name}`).join(' OR ')}
BEGIN SELECT RAISE(ABORT, 'append-only: ${table}'); END;
${neverDeleted(table)}
`

export const paymentTables = `
CREATE TABLE batch (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  cycle_id TEXT NOT NULL, programme_id TEXT NOT NULL, manager_id TEXT NOT NULL, state TEXT NOT NULL, held INTEGER NOT NULL,
  attention TEXT NOT NULL, state_at TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX batch_seq ON batch (seq, id);
CREATE INDEX batch_cycle ON batch (cycle_id, state);
CREATE INDEX batch_state ON batch (state, state_at);

CREATE TABLE payment (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  entitlement_id TEXT NOT NULL, attempt INTEGER NOT NULL, cycle_id TEXT NOT NULL, programme_id TEXT NOT NULL,
  registrant_id TEXT NOT NULL, payee_id TEXT NOT NULL, address_key TEXT NOT NULL, batch_id TEXT NOT NULL,
  manager_id TEXT NOT NULL,
  amount INTEGER NOT NULL, amount_paid INTEGER, state TEXT NOT NULL, reason_code TEXT NOT NULL, held INTEGER NOT NULL,
  state_at TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX payment_seq ON payment (seq, id);
CREATE UNIQUE INDEX payment_attempt ON payment (entitlement_id, attempt);
CREATE INDEX payment_batch ON payment (batch_id, state);
CREATE INDEX payment_cycle ON payment (cycle_id, state, amount, amount_paid);
CREATE INDEX payment_programme ON payment (programme_id, state, amount);
CREATE INDEX payment_registrant ON payment (registrant_id);
CREATE INDEX payment_payee ON payment (payee_id);
-- Who else is paid to an address: spellings that mean the same share a key.
CREATE INDEX payment_address ON payment (address_key);
CREATE INDEX payment_open ON payment (manager_id, state) WHERE state IN ('sent', 'acknowledged', 'unknown', 'review');

CREATE TABLE submission (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  batch_id TEXT NOT NULL, number INTEGER NOT NULL, head TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX submission_seq ON submission (seq, id);
-- Not unique: two offices can submit one batch before they hear of each other; the later submission counts.
CREATE INDEX submission_batch ON submission (batch_id, number);
${erasableOnly('submission', ['batch_id', 'number'])}
CREATE TABLE decision (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  batch_id TEXT NOT NULL, submission_id TEXT NOT NULL, officer_id TEXT NOT NULL, verdict TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX decision_seq ON decision (seq, id);
CREATE INDEX decision_batch ON decision (batch_id);
${appendOnly('decision')}
CREATE TABLE claim (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  batch_id TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL
);
-- Not unique: a claim that was not whole yet may name another submission later; what was written down last counts.
CREATE INDEX claim_batch ON claim (batch_id, generation);
${appendOnly('claim')}
CREATE TABLE transmission (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  batch_id TEXT NOT NULL, part TEXT NOT NULL, envelope INTEGER NOT NULL, valid_until INTEGER,
  message_id TEXT NOT NULL, body TEXT NOT NULL
);
-- Not unique: after a take-over two offices can have made the first envelope of a part before they hear of each other.
CREATE INDEX transmission_batch ON transmission (batch_id, part, envelope);
CREATE INDEX transmission_message ON transmission (message_id);
-- Written once; only the original takes the place of what a restored office put in for it from its journal, and once its
-- batch has settled it may be emptied, for good.
CREATE TRIGGER transmission_no_update BEFORE UPDATE ON transmission
WHEN OLD.id <> NEW.id OR OLD.body ->> '$.messageDigest' <> NEW.body ->> '$.messageDigest'
  OR OLD.body ->> '$.erasedAt' IS NOT NULL
  OR (NEW.body ->> '$.erasedAt' IS NULL AND (OLD.body ->> '$.body' <> '' OR NEW.body ->> '$.body' = ''))
BEGIN SELECT RAISE(ABORT, 'append-only: transmission'); END;
${neverDeleted('transmission')}
CREATE TABLE delivery (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  transmission_id TEXT NOT NULL, batch_id TEXT NOT NULL, part TEXT NOT NULL, post INTEGER NOT NULL,
  outcome TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX delivery_transmission ON delivery (transmission_id, post);
CREATE INDEX delivery_batch ON delivery (batch_id);
${erasableOnly('delivery', ['transmission_id', 'batch_id', 'part', 'post', 'outcome'])}
CREATE TABLE observation (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  payment_id TEXT NOT NULL, batch_id TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX observation_payment ON observation (payment_id);
${erasableOnly('observation', ['payment_id', 'batch_id', 'status'])}

-- What officers did with the file of a part: copies taken, or the proof that none ever was.
CREATE TABLE file_deed (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  batch_id TEXT NOT NULL, part TEXT NOT NULL, deed TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX file_deed_seq ON file_deed (seq, id);
CREATE INDEX file_deed_batch ON file_deed (batch_id, part);
${appendOnly('file_deed')}
-- Files of results that were taken in, so that the same file is told from another one.
CREATE TABLE results_file (
  batch_id TEXT NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL, lines INTEGER NOT NULL, changed INTEGER NOT NULL,
  officer_id TEXT NOT NULL, moment TEXT NOT NULL, PRIMARY KEY (batch_id, digest)
) WITHOUT ROWID;

-- What officers wrote at a pay table, tick by tick, and what a second one confirmed.
CREATE TABLE collection (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  payment_id TEXT NOT NULL, batch_id TEXT NOT NULL, entry TEXT NOT NULL, confirms TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX collection_seq ON collection (seq, id);
CREATE INDEX collection_payment ON collection (payment_id, changed_at);
CREATE INDEX collection_confirms ON collection (confirms) WHERE confirms <> '';
${erasableOnly('collection', ['payment_id', 'batch_id', 'entry', 'confirms'])}
CREATE TABLE conformance_report (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL,
  manager_id TEXT NOT NULL, endpoint_digest TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX conformance_report_manager ON conformance_report (manager_id, seq);
CREATE INDEX conformance_report_endpoint ON conformance_report (endpoint_digest, seq);
${appendOnly('conformance_report')}
-- Look-ups that did not find a payment since its part was last posted. Times are elapsed milliseconds, which never
-- run ahead of the time that really went by.
CREATE TABLE absence (
  payment_id TEXT PRIMARY KEY, first INTEGER NOT NULL, latest INTEGER NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;

-- An approver's leave to send a part once more after so many posts.
CREATE TABLE resend_approval (
  batch_id TEXT NOT NULL, part TEXT NOT NULL, posts INTEGER NOT NULL, officer_id TEXT NOT NULL, moment TEXT NOT NULL,
  PRIMARY KEY (batch_id, part, posts)
) WITHOUT ROWID;
${appendOnly('resend_approval')}
-- What officers know of a payment from outside the payment system's answers; it counts once a second one has confirmed.
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, payment_id TEXT NOT NULL, finding TEXT NOT NULL CHECK (finding IN ('paid', 'not-paid', 'reversed')),
  amount INTEGER, reference TEXT NOT NULL, document TEXT NOT NULL,
  recorded_by TEXT NOT NULL, recorded_at TEXT NOT NULL, confirmed_by TEXT, confirmed_at TEXT
) WITHOUT ROWID;
CREATE INDEX evidence_payment ON evidence (payment_id);

-- After a restore: payments that must be looked up before their manager sends anything, and payments that left this
-- office according to the journal while the restored store knows nothing of it.
CREATE TABLE look_up_owed (payment_id TEXT PRIMARY KEY, manager_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sent_before_restore (payment_id TEXT PRIMARY KEY, manager_id TEXT NOT NULL) WITHOUT ROWID;
`
