import Database from 'better-sqlite3-multiple-ciphers'
import { compile, type Domain, FOLD_FUNCTION, fold, type SqlTables } from '../../../../shared/rules/filter/index.ts'
import { type Payment, type Person, payment, type Village } from './sample.ts'

/** Real columns, a JSON body, an expression and a table that holds several kinds: every way a store may keep a field. */
const tables: SqlTables = {
  payment: {
    from: 'payment',
    id: 'id',
    json: 'body',
    columns: {
      state: 'state',
      amount: 'amount',
      held: 'held',
      personId: 'person_id',
      attempt: (row) => `(${row}.attempt)`,
    },
  },
  person: { from: 'document', id: 'id', where: (row) => `${row}.kind = 'person'`, json: 'body' },
  village: {
    from: 'document',
    id: 'id',
    where: (row) => `${row}.kind = 'village'`,
    json: 'body',
    columns: { name: 'name' },
    foldedColumns: { name: 'folded_name' },
  },
}

/** An in-memory SQLite with the records; answers with the positions of the payments a filter takes. */
export function sampleStore() {
  const database = new Database(':memory:')
  database.function(FOLD_FUNCTION, { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null))
  database.exec(`
    CREATE TABLE payment (id INTEGER PRIMARY KEY, state TEXT, amount INTEGER, held INTEGER, person_id TEXT, attempt, body TEXT);
    CREATE INDEX payment_state ON payment (state);
    CREATE TABLE document (kind TEXT, id TEXT, name TEXT, folded_name TEXT, body TEXT, PRIMARY KEY (kind, id));
  `)
  const insertPayment = database.prepare('INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?)')
  const insertDocument = database.prepare('INSERT INTO document VALUES (?, ?, ?, ?, ?)')

  return {
    fill: database.transaction((records: { payments: Payment[]; persons: Person[]; villages: Village[] }) => {
      database.exec('DELETE FROM payment; DELETE FROM document')
      for (const [index, each] of records.payments.entries()) {
        const held = each.held === null ? null : Number(each.held)
        insertPayment.run(index, each.state, each.amount, held, each.personId, each.attempt, JSON.stringify(each))
      }
      for (const each of records.persons) insertDocument.run('person', each.id, null, null, JSON.stringify(each))
      for (const each of records.villages) {
        insertDocument.run('village', each.id, each.name, fold(each.name), JSON.stringify(each))
      }
    }),
    taken(domain: Domain): number[] {
      const compiled = compile(domain, payment, tables, 'p')
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
      const select = database.prepare(`SELECT id FROM payment AS p WHERE ${compiled.sql} ORDER BY id`).pluck()
      return select.all(...compiled.params) as number[]
    },
    plan(domain: Domain): string {
      const compiled = compile(domain, payment, tables, 'p')
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
      const rows = database
        .prepare(`EXPLAIN QUERY PLAN SELECT id FROM payment AS p WHERE ${compiled.sql}`)
        .all(...compiled.params)
      return JSON.stringify(rows)
    },
    close: () => database.close(),
  }
}
