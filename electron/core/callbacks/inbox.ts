import type { OfficeTime } from '../clock/office-time.ts'
import type { Store } from '../store/store.ts'
import type { CallResult, RawCall } from './caller.ts'

/** Calls that wait to be applied, at most; more are told to come again later. */
const MOST_WAITING = 2_000
/** Bytes of them together. */
const LARGEST_WAITING = 100_000_000
/** Minutes that headers and body of an applied call are kept, for whoever has to find out what happened: 7 days. */
const KEPT_RAW = 7 * 24 * 60
/** Applied calls that the screen can count; older ones are forgotten. */
const MOST_APPLIED = 10_000
/** Minutes that a message is known again: 180 days. By then its time alone gives it away as stale. */
const KNOWN_AGAIN = 180 * 24 * 60

interface Row {
  readonly id: string
  readonly came_at: number
  readonly caller: string
  readonly owner: string
  readonly path: string
  readonly method: string
  readonly headers: string | null
  readonly body: Uint8Array | null
}

/** A call as the screen shows it: nothing of what it said. */
export interface ListedCall {
  readonly id: string
  readonly cameAt: number
  readonly caller: string
  readonly owner: string
  readonly path: string
  /** Empty while it waits. */
  readonly outcome: CallResult['outcome'] | ''
  readonly code: CallResult['code']
  readonly payments: number
}

/** What is remembered of a call that told nothing that could be believed: no more than that it came. */
const WORTHLESS: ReadonlySet<CallResult['outcome']> = new Set(['refused', 'repeated', 'asked'])

/** Raw calls in the store, from their arrival until they are forgotten. */
export class CallbackInbox {
  readonly #store: Store
  readonly #time: Pick<OfficeTime, 'now' | 'minute'>

  constructor(store: Store, time: Pick<OfficeTime, 'now' | 'minute'>) {
    this.#store = store
    this.#time = time
  }

  /** Keeps a call durably; one that is there already is kept once. */
  keep(call: RawCall): 'kept' | 'full' {
    const { waiting, bytes } = this.#store
      .sql('SELECT count(*) AS waiting, coalesce(sum(size), 0) AS bytes FROM callback_inbox WHERE applied_at IS NULL')
      .get() as { waiting: number; bytes: number }
    if (waiting >= MOST_WAITING || bytes + call.body.byteLength > LARGEST_WAITING) return 'full'
    const { id, cameAt, caller, owner, path, method, headers, body } = call
    this.#store.housekeeping((sql) =>
      sql(
        `INSERT INTO callback_inbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', 0) ON CONFLICT (id) DO NOTHING`,
      ).run(id, cameAt, caller, owner, path, method, JSON.stringify(headers), Buffer.from(body), body.byteLength),
    )
    return 'kept'
  }

  /** The first call after this one that waits to be applied. */
  findWaiting(afterId: string): RawCall | undefined {
    const row = this.#store
      .sql('SELECT * FROM callback_inbox WHERE applied_at IS NULL AND id > ? ORDER BY id LIMIT 1')
      .get(afterId) as Row | undefined
    if (row === undefined) return undefined
    const { id, came_at: cameAt, caller, owner, path, method, headers, body } = row
    return { id, cameAt, caller, owner, path, method, headers: JSON.parse(headers ?? '{}'), body: body ?? Buffer.of() }
  }

  /** Writes down how applying a call ended; it never waits again. */
  end(id: string, { outcome, code, payments, forget }: CallResult): void {
    const raw = WORTHLESS.has(outcome) || forget ? ', headers = NULL, body = NULL' : ''
    this.#store.housekeeping((sql) =>
      sql(
        `UPDATE callback_inbox SET applied_at = ?, outcome = ?, code = ?, payments = ?${raw}
         WHERE id = ? AND applied_at IS NULL`,
      ).run(this.#time.now(), outcome, code, payments, id),
    )
  }

  /** Forgets what was kept long enough. */
  purge(): void {
    const ago = (minutes: number): number => this.#time.now() - minutes * this.#time.minute
    this.#store.housekeeping((sql) => {
      sql('UPDATE callback_inbox SET headers = NULL, body = NULL WHERE applied_at < ? AND body IS NOT NULL').run(
        ago(KEPT_RAW),
      )
      sql(
        `DELETE FROM callback_inbox WHERE applied_at IS NOT NULL AND id IN
         (SELECT id FROM callback_inbox WHERE applied_at IS NOT NULL ORDER BY applied_at DESC LIMIT -1 OFFSET ?)`,
      ).run(MOST_APPLIED)
      sql('DELETE FROM callback_seen WHERE came_at < ?').run(ago(KNOWN_AGAIN))
    })
  }

  /** The newest calls, and how many there are of each outcome. */
  summary(limit: number): { readonly last: ListedCall[]; readonly counts: Readonly<Record<string, number>> } {
    const last = this.#store
      .sql(
        `SELECT id, came_at AS cameAt, caller, owner, path, outcome, code, payments
         FROM callback_inbox ORDER BY id DESC LIMIT ?`,
      )
      .all(limit) as ListedCall[]
    const counts = this.#store.sql(`SELECT outcome, count(*) AS n FROM callback_inbox GROUP BY outcome`).all() as {
      outcome: string
      n: number
    }[]
    return { last, counts: Object.fromEntries(counts.map(({ outcome, n }) => [outcome || 'waiting', n])) }
  }
}
