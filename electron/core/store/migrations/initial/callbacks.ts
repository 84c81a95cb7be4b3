/** Calls from outside: kept raw until they were applied, and what has to be remembered of them. */
export const callbackTables = `
CREATE TABLE callback_inbox (
  id TEXT PRIMARY KEY,
  came_at INTEGER NOT NULL,
  caller TEXT NOT NULL,
  owner TEXT NOT NULL,
  path TEXT NOT NULL,
  method TEXT NOT NULL,
  -- NULL once the call was applied and its time to be kept is over: they hold personal data.
  headers TEXT,
  body BLOB,
  size INTEGER NOT NULL,
  applied_at INTEGER,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  payments INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX callback_inbox_waiting ON callback_inbox (id, size) WHERE applied_at IS NULL;
CREATE INDEX callback_inbox_applied ON callback_inbox (applied_at) WHERE applied_at IS NOT NULL;
CREATE TRIGGER callback_inbox_no_update
BEFORE UPDATE OF id, came_at, caller, owner, path, method, size ON callback_inbox
BEGIN SELECT RAISE(ABORT, 'append-only: callback_inbox'); END;

-- What was said once is not heard again: the digest of what a call says, and the call that said it first.
CREATE TABLE callback_seen (
  owner TEXT NOT NULL, digest TEXT NOT NULL, call_id TEXT NOT NULL, came_at INTEGER NOT NULL, PRIMARY KEY (owner, digest)
) WITHOUT ROWID;
CREATE INDEX callback_seen_age ON callback_seen (came_at);
-- The time (epoch milliseconds) of the newest message that was applied to a payment.
CREATE TABLE callback_newest (payment_id TEXT PRIMARY KEY, message_at INTEGER NOT NULL) WITHOUT ROWID;
-- Payments that somebody called about who cannot be believed: the payment system is asked.
CREATE TABLE look_up_wanted (payment_id TEXT PRIMARY KEY, manager_id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX look_up_wanted_manager ON look_up_wanted (manager_id);
`
