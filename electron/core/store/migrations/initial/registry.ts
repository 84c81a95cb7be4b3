/** Registrants, who belongs to which group, identity numbers, and imports. */
export const registryTables = `
CREATE TABLE registrant (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  registry_number TEXT NOT NULL,
  name TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  additional_name TEXT NOT NULL,
  group_kind TEXT NOT NULL,
  gender TEXT NOT NULL,
  birthdate TEXT,
  deceased_on TEXT,
  address TEXT NOT NULL,
  area TEXT NOT NULL,
  mode_of_payment TEXT NOT NULL,
  tags TEXT NOT NULL,
  registration_date TEXT NOT NULL,
  import_id TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  erased_at TEXT,
  -- Without case, for filters; NULL where the text is plain ASCII, which SQLite folds by itself.
  folded_name TEXT,
  folded_given_name TEXT,
  folded_family_name TEXT,
  folded_additional_name TEXT,
  folded_address TEXT,
  folded_area TEXT,
  body TEXT NOT NULL
);
-- Names sort by sort_name, equal ones by rowid, which every index holds anyway.
CREATE INDEX registrant_seq ON registrant (seq, id, removed);
CREATE INDEX registrant_list ON registrant (removed, sort_name, birthdate);
CREATE INDEX registrant_kind_list ON registrant (removed, kind, sort_name);
CREATE INDEX registrant_number ON registrant (registry_number, removed);
CREATE INDEX registrant_area ON registrant (removed, area, sort_name);
-- Holds every fact that a filter can ask about, so that filters never read the bodies; slices go by seq and rowid.
CREATE INDEX registrant_facts ON registrant (
  seq, removed, kind, registry_number, name, given_name, family_name, additional_name, group_kind, gender,
  birthdate, deceased_on, address, area, mode_of_payment, tags, registration_date, import_id, changed_at, changed_by,
  folded_name, folded_given_name, folded_family_name, folded_additional_name, folded_address, folded_area
);
CREATE INDEX registrant_import ON registrant (import_id) WHERE import_id <> '';
CREATE INDEX registrant_erased ON registrant (id, erased_at, removed) WHERE erased_at IS NOT NULL;

-- Prefix search over names and registry numbers; rowid is the registrant's.
CREATE VIRTUAL TABLE registrant_search USING fts5 (
  words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2', detail=none
);
CREATE TRIGGER registrant_search_insert AFTER INSERT ON registrant WHEN NEW.removed = 0 BEGIN
  INSERT INTO registrant_search (rowid, words) VALUES (NEW.rowid, NEW.name || ' ' || NEW.registry_number);
END;
CREATE TRIGGER registrant_search_update AFTER UPDATE OF name, registry_number, removed ON registrant
WHEN OLD.name <> NEW.name OR OLD.registry_number <> NEW.registry_number OR OLD.removed <> NEW.removed BEGIN
  DELETE FROM registrant_search WHERE rowid = OLD.rowid;
  INSERT INTO registrant_search (rowid, words)
    SELECT NEW.rowid, NEW.name || ' ' || NEW.registry_number WHERE NEW.removed = 0;
END;
CREATE TRIGGER registrant_search_delete AFTER DELETE ON registrant BEGIN
  DELETE FROM registrant_search WHERE rowid = OLD.rowid;
END;

CREATE TABLE membership (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  group_id TEXT NOT NULL, individual_id TEXT NOT NULL, import_id TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX membership_seq ON membership (seq, id);
CREATE INDEX membership_group ON membership (group_id, removed, individual_id);
CREATE INDEX membership_individual ON membership (individual_id);
CREATE INDEX membership_import ON membership (import_id) WHERE import_id <> '';

CREATE TABLE identity_number (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  registrant_id TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, import_id TEXT NOT NULL, body TEXT NOT NULL
);
-- Tells which types somebody has without the rows, which lie all over the file.
CREATE INDEX identity_number_registrant ON identity_number (registrant_id, type, removed);
-- A number that was given up is looked for by nobody.
CREATE INDEX identity_number_value ON identity_number (type, value) WHERE removed = 0;
CREATE INDEX identity_number_import ON identity_number (import_id) WHERE import_id <> '';

-- What makes two registrants look alike or share money: phone, account, IBAN, e-mail.
CREATE TABLE contact_key (
  kind TEXT NOT NULL, value TEXT NOT NULL, registrant_id TEXT NOT NULL, PRIMARY KEY (kind, value, registrant_id)
) WITHOUT ROWID;

CREATE TABLE import_run (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL, file_name TEXT NOT NULL, started_at INTEGER NOT NULL, officer_id TEXT NOT NULL,
  state TEXT NOT NULL, report TEXT NOT NULL
);
-- What a record was before an import changed it; NULL where the import made it. Undo puts it back.
CREATE TABLE import_before (
  import_id TEXT NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL, before TEXT,
  PRIMARY KEY (import_id, kind, record_id)
) WITHOUT ROWID;
-- Of a number that is given up nothing is put back.
CREATE INDEX import_before_number ON import_before (record_id) WHERE kind = 'identityNumber';
-- Rows of the file that were not taken, as they stood in it, with the reasons.
CREATE TABLE import_problem (
  import_id TEXT NOT NULL, row INTEGER NOT NULL, line INTEGER NOT NULL, taken INTEGER NOT NULL, cells TEXT NOT NULL,
  reasons TEXT NOT NULL, PRIMARY KEY (import_id, row)
) WITHOUT ROWID;
CREATE TABLE import_mapping (
  subject TEXT NOT NULL, header_key TEXT NOT NULL, mapping TEXT NOT NULL, used_at INTEGER NOT NULL,
  PRIMARY KEY (subject, header_key)
) WITHOUT ROWID;
`
