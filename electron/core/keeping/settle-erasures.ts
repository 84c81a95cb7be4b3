import { setImmediate as breathe } from 'node:timers/promises'
import type { Moment } from '../../../shared/model/record.ts'
import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { emptiedDelivery, emptiedTransmission, erasedForm, type IsErased } from '../../../shared/rules/erasure.ts'
import { collections } from '../store/collections.ts'
import type { Reader } from '../store/reader.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { eraseNumbers, oweErasure } from './erase-registrant.ts'
import { forgetVersions, type VersionedKind } from './forget-versions.ts'
import { isNamed } from './naming-hashes.ts'
import { ENDED_PAYMENT } from './obstacles.ts'

export interface KeepingParts {
  readonly store: Store
  readonly reader: Reader
}

interface Owed {
  readonly id: string
  readonly at: Moment
  readonly hashes: string | null
}

/** People looked after together: what they are frozen in is read once for all of them. */
const AT_ONCE = 200
/** Milliseconds of a transaction. */
const SLICE_TIME = 40
const PROBLEM_ROWS = 500
/** How far what arrived was looked through for people who were erased. */
const LOOKED = 'keeping-looked-until'

/** Rows of a kind that are about somebody, other than identity numbers and what is written once. */
const about: readonly (readonly [VersionedKind, string])[] = [
  [
    'membership',
    'SELECT body FROM membership WHERE group_id = ?1 UNION SELECT body FROM membership WHERE individual_id = ?1',
  ],
  ['enrolment', 'SELECT body FROM enrolment WHERE registrant_id = ?1'],
  ['entitlement', 'SELECT body FROM entitlement WHERE registrant_id = ?1'],
  ['consent', 'SELECT body FROM consent WHERE registrant_id = ?1'],
]
const PAYMENTS = `SELECT body FROM payment WHERE registrant_id = ?1 UNION SELECT body FROM payment WHERE payee_id = ?1`
const ENDED: ReadonlySet<string> = new Set(['paid', 'rejected', 'reversed', 'cancelled'])

/** What this office alone keeps of somebody. */
const OWN = [
  'DELETE FROM mapper_answer WHERE manager_id IN (SELECT id FROM payment_manager) AND registrant_id = ?',
  'DELETE FROM token_person WHERE registrant_id = ?',
  'DELETE FROM kyc_proposal WHERE registrant_id = ?',
  'UPDATE odk_submission SET proposal = NULL WHERE registrant_id = ? AND proposal IS NOT NULL',
  "UPDATE token_duplicate SET note = '' WHERE one_id = ?",
  "UPDATE token_duplicate SET note = '' WHERE other_id = ?",
]

/**
 * Settles what is owed to erasures: takes people out of everything that is kept beside their own record. Done again, or after
 * having been cut off, it goes on where something is left. Who is in a payment that has not come to its end stays owed.
 *
 * @param which `fresh`: only who was not looked after yet, or about whom something came since
 * @returns people of whom nothing is left
 */
export async function settleErasures(
  parts: KeepingParts,
  signal: AbortSignal,
  which: 'fresh' | 'all' = 'all',
): Promise<number> {
  await oweWhatArrived(parts, signal)
  let settled = 0
  for (let after = ''; !signal.aborted; ) {
    const owed = parts.store
      .sql(
        `SELECT registrant_id AS id, at, hashes FROM erasure_owed WHERE registrant_id > ? AND (hashes IS NOT NULL OR ?)
         ORDER BY registrant_id LIMIT ?`,
      )
      .all(after, which === 'all' ? 1 : 0, AT_ONCE) as Owed[]
    const last = owed.at(-1)
    if (last === undefined) break
    after = last.id
    await blotProblemRows(parts.store, owed, signal)
    const waiting = await eraseFrozen(parts, owed, signal)
    settled += await eraseAll(parts.store, owed, waiting, signal)
  }
  if (settled > 0) await forgetWords(parts.store, signal)
  return settled
}

/** Pages of the search index written in one go. */
const MERGED_PAGES = 64

/** The search index only marks what left it; the words themselves go when its parts are merged. */
async function forgetWords(store: Store, signal: AbortSignal): Promise<void> {
  const merge = (pages: number): number =>
    store.housekeeping((sql) => {
      const changes = sql('SELECT total_changes()').pluck()
      const before = changes.get() as number
      sql("INSERT INTO registrant_search (registrant_search, rank) VALUES ('merge', ?)").run(pages)
      return (changes.get() as number) - before
    })
  // A negative number puts all parts up for merging; fewer than two changes say that nothing is left to do (FTS5 §6.8).
  merge(-MERGED_PAGES)
  while (!signal.aborted) {
    await breathe()
    if (merge(MERGED_PAGES) < 2) break
  }
}

/** What came from other offices or in a file about people who were erased, written by somebody who did not know. */
async function oweWhatArrived({ store, reader }: KeepingParts, signal: AbortSignal): Promise<void> {
  const until = store.sequence
  const after = Number(store.findMark(LOOKED) ?? 0)
  if (until <= after) return
  const found = await reader.run('keeping.arrived', { after, until }, { signal })
  store.housekeeping((sql, mark) => {
    const owing = { sql, findMark: (key: string) => store.findMark(key) }
    for (const { id, at } of found) oweErasure(owing, id, at)
    mark(LOOKED, String(until))
  })
}

/** Rows of files that were not taken and that name one of them say nothing any more. */
async function blotProblemRows(store: Store, owed: readonly Owed[], signal: AbortSignal): Promise<void> {
  const hashes = new Set(owed.flatMap((one) => (one.hashes === null ? [] : (JSON.parse(one.hashes) as string[]))))
  if (hashes.size > 0) {
    const salt = store.findMark('installation') ?? ''
    const page = store.sql(
      `SELECT import_id AS importId, row, cells FROM import_problem WHERE (import_id, row) > (?, ?)
       ORDER BY import_id, row LIMIT ${PROBLEM_ROWS}`,
    )
    for (let [importId, row] = ['', -1]; !signal.aborted; ) {
      const rows = page.all(importId, row) as { importId: string; row: number; cells: string }[]
      const named = rows.filter(({ cells }) => textsOf(cells).some((text) => isNamed(salt, text, hashes)))
      store.housekeeping((sql) => {
        const blot = sql('UPDATE import_problem SET cells = ? WHERE import_id = ? AND row = ?')
        for (const one of named) blot.run(blotted(one.cells), one.importId, one.row)
      })
      const last = rows.at(-1)
      if (last === undefined || rows.length < PROBLEM_ROWS) break
      ;[importId, row] = [last.importId, last.row]
      await breathe()
    }
  }
  if (signal.aborted) return
  store.housekeeping((sql) => {
    for (const { id } of owed) sql('UPDATE erasure_owed SET hashes = NULL WHERE registrant_id = ?').run(id)
    // Calls that were applied are kept for whoever looks for a fault; nobody can tell whom they name.
    sql('UPDATE callback_inbox SET headers = NULL, body = NULL WHERE applied_at IS NOT NULL AND body IS NOT NULL').run()
  })
}

const textsOf = (cells: string): string[] => {
  const texts: string[] = []
  JSON.parse(cells, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

const blotted = (cells: string): string =>
  JSON.stringify(JSON.parse(cells, (_, value: unknown) => (typeof value === 'string' && value !== '' ? '•' : value)))

/**
 * Lines of submissions, and the raw messages of batches whose people they are.
 *
 * @returns people in batches that have not come to their end here, of whom something stays for now
 */
async function eraseFrozen(
  { store, reader }: KeepingParts,
  owed: readonly Owed[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const waiting = new Set<string>()
  const moments = new Map(owed.map(({ id, at }) => [id, at]))
  const { submissions, batches } = await reader.run('keeping.frozen', { people: [...moments.keys()] }, { signal })
  for (const id of submissions) {
    if (signal.aborted) return waiting
    store.transaction(OFFICE, (tx) => eraseLines(tx, id, moments))
    await breathe()
  }
  for (const { id, people } of batches) {
    if (signal.aborted) return waiting
    if (!hasEnded({ sql: (text) => store.sql(text) }, id)) for (const person of people) waiting.add(person)
    else emptyMessages(store, id)
    await breathe()
  }
  return waiting
}

const OPEN_PAYMENT = `SELECT 1 FROM payment WHERE batch_id = ? AND state NOT IN ${ENDED_PAYMENT}`

/** Nothing is sent, repeated or asked about any more; also in an office that only heard how its payments ended. */
const hasEnded = ({ sql }: Pick<Transaction, 'sql'>, batchId: string): boolean =>
  sql("SELECT 1 FROM batch WHERE id = ? AND state IN ('settled', 'cancelled')").get(batchId) !== undefined ||
  sql(OPEN_PAYMENT).get(batchId) === undefined

function eraseLines(tx: Transaction, id: string, moments: ReadonlyMap<string, Moment>): void {
  const submission = tx.get('submission', id)
  const isErased: IsErased = (person) => (moments.get(person) ?? '') >= submission.changedAt
  const latest = submission.lines.reduce(
    (at, { payeeId }) => (isErased(payeeId) ? max(at, moments.get(payeeId)) : at),
    '',
  )
  if (latest === '') return
  tx.erase('submission', erasedForm('submission', submission, latest, isErased))
  tx.audit({
    action: 'keeping.lines-erased',
    subjectKind: 'submission',
    subjectId: id,
    detail: { batch: submission.batchId },
  })
}

const max = (one: string, other = ''): string => (one > other ? one : other)

/**
 * Empties the raw messages of a batch that has come to its end; what they were is still told by their digests.
 *
 * @returns messages that said something before
 */
export function emptyMessages(store: Store, batchId: string): number {
  return store.transaction(OFFICE, (tx) => {
    if (!hasEnded(tx, batchId)) return 0
    const full = bodiesOf<RecordOf<'transmission'>>(
      tx,
      "SELECT body FROM transmission WHERE batch_id = ? AND body ->> '$.erasedAt' IS NULL",
      batchId,
    )
    for (const transmission of full) tx.erase('transmission', emptiedTransmission(transmission, tx.moment))
    const told = bodiesOf<RecordOf<'delivery'>>(
      tx,
      "SELECT body FROM delivery WHERE batch_id = ? AND body ->> '$.text' <> ''",
      batchId,
    )
    for (const delivery of told) tx.erase('delivery', emptiedDelivery(delivery, tx.moment))
    if (full.length + told.length === 0) return 0
    tx.audit({
      action: 'keeping.messages-emptied',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { messages: full.length },
    })
    return full.length
  })
}

/** In transactions of some milliseconds, one person after the other. */
async function eraseAll(
  store: Store,
  owed: readonly Owed[],
  waiting: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<number> {
  let settled = 0
  for (let from = 0; from < owed.length && !signal.aborted; ) {
    const began = performance.now()
    from += store.transaction(OFFICE, (tx) => {
      let at = from
      while (at < owed.length && (at === from || performance.now() - began < SLICE_TIME)) {
        const one = owed[at] as Owed
        at += 1
        if (eraseAround(tx, one, waiting.has(one.id))) settled += 1
      }
      return at - from
    })
    await breathe()
  }
  return settled
}

const changesOf = (tx: Transaction): number => tx.sql('SELECT total_changes()').pluck().get() as number

/**
 * @param isWaiting something of the person stays in a batch for now
 * @returns whether nothing is left
 */
function eraseAround(tx: Transaction, { id, at }: Owed, isWaiting: boolean): boolean {
  const changes = changesOf(tx)
  const registrant = tx.find('registrant', id)
  // Who was entered anew since keeps what belongs to the new entry.
  const isOld = (changedAt: Moment): boolean => changedAt <= at || registrant?.removed !== false
  const isErased: IsErased = (person) => person === id || findErasure(tx, person) !== undefined
  eraseNumbers(tx, id, isOld)
  for (const [kind, question] of about) {
    for (const record of bodiesOf<RecordOf<VersionedKind>>(tx, question, id)) {
      if (isOld(record.changedAt) && (record.erasedAt ?? '') < at) writeErased(tx, kind, erasedForm(kind, record, at))
      else if (record.erasedAt !== undefined) forgetVersions(tx, kind, record.id)
    }
  }
  let open = isWaiting ? 1 : 0
  for (const payment of bodiesOf<RecordOf<'payment'>>(tx, PAYMENTS, id)) {
    if (!isOld(payment.changedAt) && payment.erasedAt === undefined && registrant?.removed === false) continue
    if (!ENDED.has(payment.state)) open += 1
    else erasePayment(tx, payment, at, isErased)
  }
  for (const statement of OWN) tx.sql(statement).run(id)
  if (open === 0) tx.sql('DELETE FROM erasure_owed WHERE registrant_id = ?').run(id)
  if (changesOf(tx) > changes)
    tx.audit({
      action: open === 0 ? 'registrant.erasure-settled' : 'registrant.erasure-waits',
      subjectKind: 'registrant',
      subjectId: id,
      detail: { open },
    })
  return open === 0
}

function erasePayment(tx: Transaction, payment: RecordOf<'payment'>, at: Moment, isErased: IsErased): void {
  const erased = erasedForm('payment', payment, at, isErased)
  if (!isSame(erased, payment)) writeErased(tx, 'payment', erased)
  if (isErased(payment.payeeId) || isErased(payment.registrantId)) {
    for (const kind of ['observation', 'collection'] as const) {
      const said = bodiesOf<RecordOf<typeof kind>>(
        tx,
        `SELECT body FROM ${collections[kind].table} WHERE payment_id = ? AND body ->> '$.erasedAt' IS NULL`,
        payment.id,
      )
      for (const record of said) tx.erase(kind, erasedForm(kind, record as never, at))
    }
  }
}

const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other)

function writeErased<K extends VersionedKind>(tx: Transaction, kind: K, record: RecordOf<K>): void {
  const { changedAt, changedBy, ...draft } = record
  tx.put(kind, draft as never)
  forgetVersions(tx, kind, record.id)
}

const findErasure = (tx: Transaction, id: string): Moment | undefined =>
  tx.sql('SELECT erased_at FROM registrant WHERE id = ? AND erased_at IS NOT NULL').pluck().get(id) as
    | Moment
    | undefined

const bodiesOf = <T extends RecordOf<RecordKind>>(tx: Transaction, question: string, id: string): T[] => {
  const rows = question.includes('?1') ? tx.sql(question).pluck().all({ 1: id }) : tx.sql(question).pluck().all(id)
  return (rows as string[]).map((body) => JSON.parse(body) as T)
}
