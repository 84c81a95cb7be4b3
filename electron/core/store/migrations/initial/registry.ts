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
  group_kind TEXT NOT NULL,
  gender TEXT NOT NULL,
  birthdate TEXT,
  deceased_on TEXT,
  area TEXT NOT NULL,
  mode_of_payment TEXT NOT NULL,
  tags TEXT NOT NULL,
  registration_date TEXT NOT NULL,
  import_id TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX registrant_seq ON registrant (seq, id);
CREATE INDEX registrant_list ON registrant (removed, sort_name, id);
CREATE INDEX registrant_kind_list ON registrant (removed, kind, sort_name, id);
CREATE INDEX registrant_number ON registrant (registry_number);
CREATE INDEX registrant_area ON registrant (removed, area, sort_name, id);
CREATE INDEX registrant_import ON registrant (import_id) WHERE import_id <> '';

-- Prefix search over names and registry numbers; rowid is the registrant's.
CREATE VIRTUAL TABLE registrant_search USING fts5 (
  words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
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
CREATE INDEX membership_group ON membership (group_id);
CREATE INDEX membership_individual ON membership (individual_id);
CREATE INDEX membership_import ON membership (import_id) WHERE import_id <> '';

CREATE TABLE identity_number (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, changed_at TEXT NOT NULL, removed INTEGER NOT NULL,
  registrant_id TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, import_id TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX identity_number_registrant ON identity_number (registrant_id);
CREATE INDEX identity_number_value ON identity_number (type, value);
CREATE INDEX identity_number_import ON identity_number (import_id) WHERE import_id <> '';

-- What makes two registrants look alike or share money: phone, account, IBAN, e-mail.
CREATE TABLE contact_key (
  kind TEXT NOT NULL, value TEXT NOT NULL, registrant_id TEXT NOT NULL, PRIMARY KEY (kind, value, registrant_id)
) WITHOUT ROWID;
CREATE INDEX contact_key_registrant ON contact_key (registrant_id);

CREATE TABLE import_run (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL, file_name TEXT NOT NULL, started_at INTEGER NOT NULL, officer_id TEXT NOT NULL,
  state TEXT NOT NULL, report TEXT NOT NULL
);
CREATE TABLE import_mapping (
  subject TEXT NOT NULL, header_key TEXT NOT NULL, mapping TEXT NOT NULL, used_at INTEGER NOT NULL,
  PRIMARY KEY (subject, header_key)
) WITHOUT ROWID;
`
