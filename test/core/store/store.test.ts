import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3-multiple-ciphers'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditBreak, verifyAudit } from '../../../electron/core/audit/audit-log.ts'
import { collections } from '../../../electron/core/store/collections.ts'
import { openDatabase, rekeyCopy } from '../../../electron/core/store/database.ts'
import { migrations } from '../../../electron/core/store/migrations/index.ts'
import { type Change, type Draft, OFFICE, Store } from '../../../electron/core/store/store.ts'
import { type RecordKind, records } from '../../../shared/model/records.ts'
import { codeOf } from '../code-of.ts'

const key = { bytes: new Uint8Array(32).fill(7) }
let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-store-'))
  file = join(directory, 'office.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const programme = (id: string, name = 'School meals'): Draft<'programme'> => ({
  id,
  removed: false,
  name,
  state: 'active',
  currency: 'ETB',
  target: 'group',
  entitlementRule: { kind: 'none' },
  fund: null,
  alternateRecipientAllowed: false,
  twoApproversAbove: null,
  paymentManagerId: '',
})
const entry = { action: 'test.wrote', subjectKind: 'programme', subjectId: 'p' }

describe('the file', () => {
  test('is encrypted and opens with its key only', () => {
    const store = new Store({ file, key })
    store.transaction(OFFICE, (tx) => {
      tx.put('programme', programme('p', 'A name to look for'))
      tx.audit(entry)
    })
    store.close()
    expect(readFileSync(file).includes('A name to look for')).toBe(false)
    expect(codeOf(() => new Store({ file, key: { bytes: new Uint8Array(32).fill(8) } }))).toBe('store.wrong-key')
    const again = new Store({ file, key })
    expect(again.get('programme', 'p').name).toBe('A name to look for')
    again.close()
  })

  test('of an earlier cipher stays in it: it opens with its key only, is copied, and goes on', () => {
    const older = new SQLite(file)
    older.pragma("cipher='chacha20'")
    older.key(Buffer.from(`raw:${Buffer.from(key.bytes).toString('hex')}`))
    older.pragma('journal_mode = WAL')
    older.exec('CREATE TABLE word (text TEXT)')
    // As after a power cut: the last words stand in the journal only.
    older.prepare('INSERT INTO word VALUES (?)').run('Not folded yet')
    for (const ending of ['', '-wal']) cpSync(file + ending, `${file}.cut${ending}`)
    older.close()
    for (const ending of ['', '-wal']) renameSync(`${file}.cut${ending}`, file + ending)
    expect(codeOf(() => openDatabase(file, { bytes: new Uint8Array(32).fill(8) }, 'write'))).toBe('store.wrong-key')
    const database = openDatabase(file, key, 'write')
    database.prepare('INSERT INTO word VALUES (?)').run('A name to look for')
    const copy = join(directory, 'copy.db')
    database.prepare('VACUUM INTO ?').run(copy)
    database.close()
    const next = { bytes: new Uint8Array(32).fill(9) }
    rekeyCopy(copy, key, next)
    expect(codeOf(() => openDatabase(copy, key, 'read'))).toBe('store.wrong-key')
    for (const [where, by] of [
      [file, key],
      [copy, next],
    ] as const) {
      expect(readFileSync(where).includes('A name to look for')).toBe(false)
      const again = openDatabase(where, by, 'read')
      expect(again.prepare('SELECT text FROM word').pluck().all()).toEqual(['Not folded yet', 'A name to look for'])
      again.close()
    }
  })

  test('is written through to the disk at every commit', () => {
    const store = new Store({ file, key })
    const check = openDatabase(file, key, 'read')
    expect(check.pragma('journal_mode', { simple: true })).toBe('wal')
    const synchronous = () => store.sql('PRAGMA synchronous').pluck().get()
    expect(synchronous()).toBe(2)
    // But for what may be lost; what comes after it waits for the disk again, whether that went well or not.
    expect(store.housekeeping(synchronous, 'later')).toBe(1)
    const refuse = (): never => {
      throw new Error('refused')
    }
    expect(() => store.housekeeping(refuse, 'later')).toThrow('refused')
    expect(store.housekeeping(synchronous)).toBe(2)
    check.close()
    store.close()
  })

  test('of a newer version is refused and left untouched', () => {
    new Store({ file, key }).close()
    const database = openDatabase(file, key, 'write')
    database.pragma('user_version = 99')
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
    const before = readFileSync(file)
    expect(codeOf(() => new Store({ file, key }))).toBe('store.from-the-future')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('that was cut short is reported as damaged or not readable, never opened empty', () => {
    const store = new Store({ file, key })
    store.transaction(OFFICE, (tx) => {
      for (let n = 0; n < 200; n += 1) tx.put('programme', programme(`p${n}`))
      tx.audit(entry)
    })
    store.close()
    const whole = readFileSync(file)
    whole.fill(0x5a, 4096, 8192)
    writeFileSync(file, whole)
    expect(['store.damaged', 'store.wrong-key']).toContain(codeOf(() => new Store({ file, key })))
  })
})

describe('migrations', () => {
  test('have numbers without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('1 makes a table with the columns that each kind of record is written to', () => {
    const store = new Store({ file, key })
    for (const kind of Object.keys(records) as RecordKind[]) {
      const { table, columns } = collections[kind]
      const found = store.sql(`SELECT name FROM pragma_table_info('${table}')`).pluck().all()
      expect(new Set(found), kind).toEqual(new Set(['id', 'seq', 'changed_at', ...Object.keys(columns), 'body']))
    }
    store.close()
  })

  test('copy a store that holds data before they change it, and the copy opens with the same key', () => {
    const first = new Store({ file, key })
    first.transaction(OFFICE, (tx) => {
      tx.put('programme', programme('p'))
      tx.audit(entry)
    })
    first.close()
    const second = {
      number: migrations.length + 1,
      name: 'later',
      run: (db: { exec(sql: string): unknown }) => void db.exec('CREATE TABLE later (a)'),
    }
    const store = new Store({ file, key, migrations: [...migrations, second] })
    expect(store.migratedFrom).toBeDefined()
    store.close()
    const copy = new Store({ file: store.migratedFrom as string, key })
    expect(copy.get('programme', 'p').name).toBe('School meals')
    copy.close()
  })

  test('that fail leave the store as it was', () => {
    new Store({ file, key }).close()
    const broken = {
      number: migrations.length + 1,
      name: 'broken',
      run: (db: { exec(sql: string): unknown }) => void db.exec('CREATE TABLE half (a); SELECT * FROM nowhere'),
    }
    expect(() => new Store({ file, key, migrations: [...migrations, broken] })).toThrow()
    const store = new Store({ file, key })
    expect(store.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0)
    store.close()
  })
})

describe('a transaction', () => {
  let store: Store
  beforeEach(() => {
    store = new Store({ file, key })
  })
  afterEach(() => store.close())

  test('lands whole or not at all', () => {
    expect(() =>
      store.transaction(OFFICE, (tx) => {
        tx.put('programme', programme('p'))
        tx.audit(entry)
        throw new Error('half way')
      }),
    ).toThrow('half way')
    expect(store.find('programme', 'p')).toBeUndefined()
    expect(store.sql('SELECT count(*) FROM audit').pluck().get()).toBe(0)
  })

  test('that changes nothing has no number, so that none is given twice across a restart', () => {
    const store = new Store({ file, key })
    store.transaction(OFFICE, (tx) => {
      tx.put('programme', programme('p'))
      tx.audit(entry)
    })
    const { sequence } = store
    store.transaction(OFFICE, () => undefined)
    expect(store.sequence).toBe(sequence)
    store.close()
    const again = new Store({ file, key })
    expect(again.sequence).toBe(sequence)
    again.close()
  })

  test('that changes something without an audit entry is undone (I10)', () => {
    expect(() => store.transaction(OFFICE, (tx) => tx.put('programme', programme('p')))).toThrow(
      'without an audit entry',
    )
    expect(store.find('programme', 'p')).toBeUndefined()
  })

  test('announces what it touched after the commit, and nothing when it fails', () => {
    const changes: Change[] = []
    store.onChange((change) => void changes.push(change))
    expect(() =>
      store.transaction(OFFICE, (tx) => {
        tx.put('programme', programme('p'))
        tx.audit(entry)
        throw new Error('no')
      }),
    ).toThrow()
    store.transaction(OFFICE, (tx) => {
      tx.put('programme', programme('p'))
      tx.audit(entry)
    })
    expect(changes).toEqual([{ sequence: store.sequence, kinds: ['programme'] }])
  })

  test('keeps the history of edits field by field', () => {
    store.transaction(OFFICE, (tx) => {
      tx.put('programme', programme('p'))
      tx.audit(entry)
    })
    store.transaction('officer-1', (tx) => {
      tx.put('programme', programme('p', 'Winter help'))
      tx.audit(entry)
    })
    const rows = store.sql('SELECT officer_id, changes FROM revision').all() as {
      officer_id: string
      changes: string
    }[]
    expect(rows.map((row) => ({ ...row, changes: JSON.parse(row.changes) }))).toEqual([
      { officer_id: 'officer-1', changes: { name: { from: 'School meals', to: 'Winter help' } } },
    ])
  })

  test('refuses a record that does not fit its schema', () => {
    expect(
      codeOf(() =>
        store.transaction(OFFICE, (tx) => {
          tx.put('programme', { ...programme('p'), fund: -5 })
          tx.audit(entry)
        }),
      ),
    ).toBe('store.invalid-record')
  })

  test('never writes an append-only record twice, whichever way it is tried', () => {
    const delivery: Draft<'delivery'> = {
      id: 'd',
      transmissionId: 't',
      batchId: 'b',
      part: '1',
      post: 1,
      outcome: 'posting',
      httpStatus: null,
      code: '',
      text: '',
      correlationId: '',
    }
    const write = (): void =>
      store.transaction(OFFICE, (tx) => {
        tx.put('delivery', delivery)
        tx.audit(entry)
      })
    write()
    expect(write).toThrow()
    for (const sql of ["UPDATE delivery SET outcome = 'refused'", 'DELETE FROM delivery', 'DELETE FROM audit']) {
      expect(
        codeOf(() =>
          store.transaction(OFFICE, (tx) => {
            tx.audit(entry)
            tx.sql(sql).run()
          }),
        ),
      ).toBe('store.append-only')
    }
  })

  test('moments only grow, whatever the wall clock does and across restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 12 }), (walls) => {
        const path = join(directory, `${Math.random()}.db`)
        let last = ''
        for (const wall of walls) {
          const reopened = new Store({ file: path, key, now: () => wall })
          const { changedAt } = reopened.transaction(OFFICE, (tx) => {
            tx.audit(entry)
            return tx.put('programme', programme('p'))
          })
          reopened.close()
          expect(changedAt > last).toBe(true)
          last = changedAt
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('the audit chain', () => {
  const filled = (count: number): void => {
    const store = new Store({ file, key })
    for (let n = 1; n <= count; n += 1) {
      store.transaction('officer-1', (tx) => tx.audit({ ...entry, detail: { n } }))
    }
    store.close()
  }
  const verify = (expected?: { position: number; hash: string }): AuditBreak | undefined => {
    const database = openDatabase(file, key, 'read')
    const walk = verifyAudit(database, expected === undefined ? [] : [expected], 7)
    try {
      for (;;) {
        const step = walk.next()
        if (step.done) return step.value
      }
    } finally {
      database.close()
    }
  }
  const tamper = (sql: string): void => {
    const database = openDatabase(file, key, 'write')
    database.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete')
    database.exec(sql)
    database.close()
  }

  test('is whole after ordinary work', () => {
    filled(40)
    expect(verify()).toBeUndefined()
  })

  test.each([
    ['UPDATE audit SET detail = \'{"n":99}\' WHERE position = 12', { position: 12, kind: 'altered' }],
    ["UPDATE audit SET officer_id = 'somebody' WHERE position = 3", { position: 3, kind: 'altered' }],
    ['DELETE FROM audit WHERE position = 20', { position: 20, kind: 'missing' }],
    ['UPDATE audit SET previous = hash WHERE position = 30', { position: 30, kind: 'unlinked' }],
  ])('shows where it was tampered with: %s', (sql, expected) => {
    filled(40)
    tamper(sql)
    expect(verify()).toEqual(expected)
  })

  test('shows a cut tail against a head that is known from elsewhere', () => {
    filled(10)
    const database = openDatabase(file, key, 'read')
    const head = database.prepare('SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1').get() as {
      position: number
      hash: string
    }
    database.close()
    tamper('DELETE FROM audit WHERE position > 7')
    expect(verify(head)).toEqual({ position: 8, kind: 'tail-cut' })
  })
})
