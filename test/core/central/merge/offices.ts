import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyIncoming, type Incoming } from '../../../../electron/core/central/merge/apply.ts'
import { collections } from '../../../../electron/core/store/collections.ts'
import { Store } from '../../../../electron/core/store/store.ts'
import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'

/*
 * Offices that share records through a central server which is a map here: a document has a revision, and only who names
 * the newest one may write the next.
 */

export const START = Date.parse('2026-03-10T08:00:00Z')

const KINDS: readonly RecordKind[] = [
  'officer',
  'paymentManager',
  'programme',
  'cycle',
  'registrant',
  'membership',
  'identityNumber',
  'enrolment',
  'entitlement',
  'batch',
  'payment',
  'observation',
  'submission',
  'decision',
]

const DERIVED = ['count', 'sum', 'state', 'stateAt', 'attention']

interface Document {
  readonly rev: string
  readonly deleted: boolean
  readonly record: unknown
}

export interface TestOffice {
  readonly store: Store
  /** The office's own clock, epoch milliseconds. */
  now: number
}

export class TestDistrict {
  readonly offices: readonly TestOffice[]
  readonly documents = new Map<string, Document>()
  /** The server's clock, epoch milliseconds. */
  now = START
  readonly #directory = mkdtempSync(join(tmpdir(), 'field-office-merge-'))

  constructor(offices = 2) {
    this.offices = Array.from({ length: offices }, (_, n) => {
      const office = { now: START + n, store: undefined as unknown as Store }
      const file = join(this.#directory, `office-${n}.db`)
      office.store = new Store({ file, key: { bytes: new Uint8Array(32).fill(7) }, now: () => office.now })
      return office
    })
  }

  close(): void {
    for (const { store } of this.offices) store.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  /** An hour goes by for everybody. */
  later(): void {
    this.now += 3_600_000
    for (const office of this.offices) office.now += 3_600_000
  }

  /** Writes a document as the server would take it from somebody else. */
  put(kind: RecordKind, id: string, record: unknown, deleted = false): void {
    const name = `${kind}:${id}`
    const generation = Number.parseInt(this.documents.get(name)?.rev ?? '0', 10) + 1
    this.documents.set(name, { rev: `${generation}-x`, deleted, record })
  }

  /** Everything that the server holds, as a page. */
  page(filter: (kind: RecordKind, id: string) => boolean = () => true): Incoming[] {
    return [...this.documents].flatMap(([name, { rev, deleted, record }]) => {
      const at = name.indexOf(':')
      const [kind, id] = [name.slice(0, at) as RecordKind, name.slice(at + 1)]
      return filter(kind, id) ? [{ kind, id, rev, deleted, record: structuredClone(record), conflicts: [] }] : []
    })
  }

  pull({ store }: TestOffice, page = this.page()) {
    return applyIncoming({ store, now: () => this.now }, page)
  }

  /** Sends what the server does not have; what stands there otherwise stays. @returns how many it took */
  push({ store }: TestOffice): number {
    let sent = 0
    for (const kind of KINDS) {
      const rows = store
        .sql(
          `SELECT t.id, t.seq, t.body, r.rev FROM ${collections[kind].table} t
           LEFT JOIN central_receipt r ON r.kind = ? AND r.id = t.id WHERE t.seq IS NOT r.seq`,
        )
        .all(kind) as { id: string; seq: number; body: string; rev: string | null }[]
      for (const { id, seq, body, rev } of rows) {
        const there = this.documents.get(`${kind}:${id}`)
        if ((there?.rev ?? null) !== rev) continue
        const record = JSON.parse(body) as Record<string, unknown>
        if (kind === 'batch') for (const field of DERIVED) delete record[field]
        this.put(kind, id, record)
        const now = this.documents.get(`${kind}:${id}`) as Document
        store.housekeeping((sql) => {
          sql('INSERT OR REPLACE INTO central_receipt VALUES (?, ?, ?, ?, ?)').run(kind, id, seq, now.rev, this.now)
          sql('DELETE FROM central_base WHERE kind = ? AND id = ?').run(kind, id)
        })
        sent += 1
      }
    }
    return sent
  }

  /** One office after the other, until nobody has anything to send. */
  async meet(order: readonly TestOffice[] = this.offices): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      let sent = 0
      for (const office of order) {
        await this.pull(office)
        sent += this.push(office)
      }
      if (sent === 0) return
    }
    throw new Error('the offices never agree')
  }

  /** How each office has a record. */
  everywhere<K extends RecordKind>(kind: K, id: string): (RecordOf<K> | undefined)[] {
    return this.offices.map(({ store }) => store.find(kind, id))
  }
}
