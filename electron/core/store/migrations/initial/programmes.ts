/** Programmes, who is enrolled, cycles, and what each registrant is entitled to. */
export const programmeTables = `
CREATE TABLE programme (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  name TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX programme_seq ON programme (seq, id);

CREATE TABLE enrolment (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  programme_id TEXT NOT NULL, registrant_id TEXT NOT NULL, state TEXT NOT NULL, import_id TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX enrolment_seq ON enrolment (seq, id);
CREATE INDEX enrolment_programme ON enrolment (programme_id, removed, state, registrant_id);
-- Covering, or the planner would rather walk a whole programme to find one registrant in it.
CREATE INDEX enrolment_registrant ON enrolment (registrant_id, programme_id, removed, state);
CREATE INDEX enrolment_changed ON enrolment (programme_id, changed_at);
CREATE INDEX enrolment_import ON enrolment (import_id) WHERE import_id <> '';

CREATE TABLE cycle (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  programme_id TEXT NOT NULL, sequence INTEGER NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX cycle_seq ON cycle (seq, id);
CREATE INDEX cycle_programme ON cycle (programme_id, sequence);

CREATE TABLE entitlement (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  cycle_id TEXT NOT NULL, programme_id TEXT NOT NULL, registrant_id TEXT NOT NULL, code TEXT NOT NULL,
  amount INTEGER NOT NULL, state TEXT NOT NULL, import_id TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX entitlement_seq ON entitlement (seq, id);
CREATE INDEX entitlement_cycle ON entitlement (cycle_id, removed, state, registrant_id, amount);
-- What a programme's fund has been granted, without touching the rows.
CREATE INDEX entitlement_programme ON entitlement (programme_id, removed, state, cycle_id, amount);
CREATE INDEX entitlement_registrant ON entitlement (registrant_id);
CREATE INDEX entitlement_import ON entitlement (import_id) WHERE import_id <> '';
`
