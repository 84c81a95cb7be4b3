import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Fault, fail } from '../../../shared/contract/result.ts'
import { entitlementId, newId } from '../../../shared/model/ids.ts'
import type { Cycle, Enrolment, Entitlement, Programme } from '../../../shared/model/programme.ts'
import { parseAmount } from '../../../shared/rules/money.ts'
import { today } from '../clock/today.ts'
import type { Office } from '../office.ts'
import { refuseDuringImport } from '../registry/half-imported.ts'
import type { TableRow } from '../registry/import/csv.ts'
import type { SealedFile } from '../registry/import/table.ts'
import { Uploads } from '../registry/import/uploads.ts'
import type { Store, Transaction } from '../store/store.ts'
import { enrolOne, SLICE } from './enrolments.ts'
import { addMaker, getOpenCycle } from './entitlements.ts'
import { RULE_CODE } from './generation.ts'
import { withListFile } from './list-file.ts'
import { forgetCutOff, forgetOpenList, noteOpenList } from './open-lists.ts'
import { getActiveProgramme } from './programmes.ts'
import type { RunControl } from './runs.ts'
import { enrolmentObstacleOf, payObstacleOf } from './standing.ts'

/** What a list of registry numbers is for: enrolling them in a programme, or entitling them in a cycle. */
export type ListPurpose =
  | { readonly subject: 'enrolments'; readonly programmeId: string }
  | {
      readonly subject: 'entitlements'
      readonly cycleId: string
      /** BCP 47; decides what `1,234` means. */
      readonly locale: string
    }

/** Which column (from 0) holds what; null where the list has none. */
export interface ListColumns {
  readonly number: number
  readonly amount: number | null
  readonly code: number | null
}

export interface ListProblem {
  /** The row's number in the file, as a spreadsheet counts. */
  readonly row: number
  readonly number: string
  readonly fault: Fault
}

export interface ListReport {
  readonly rows: number
  readonly taken: number
  /** Minor units; 0 for enrolments. */
  readonly sum: number
  /** Every row that is not taken. */
  readonly problems: readonly ListProblem[]
  /** Names the import, so that it can be taken back. */
  readonly importId: string
}

/** A row of the list that is in order. */
interface Entry {
  readonly registrantId: string
  readonly amount: number
  readonly code: string
}

const MOST_PROBLEMS = 5_000

/** Lists of registry numbers on their way into programmes; the files lie sealed until they are used or replaced. */
export class ListImports {
  readonly uploads: Uploads

  constructor(officeDirectory: string) {
    this.uploads = new Uploads(join(officeDirectory, 'lists'))
  }

  close(): void {
    this.uploads.clear()
  }
}

const HEADINGS: Readonly<Record<keyof ListColumns, RegExp>> = {
  number: /(registry|registration|household|hh|ref|number|no\.?$|^id$|رقم)/i,
  amount: /(amount|sum|value|benefit|مبلغ)/i,
  code: /(code|kind|type|رمز)/i,
}

/** The heading of a list, and which column most likely holds what. */
export async function inspectList(
  file: SealedFile,
): Promise<{ header: readonly string[]; columns: ListColumns; sample: readonly (readonly string[])[] }> {
  return withListFile(file, async ({ header, pages }) => {
    const find = (what: keyof ListColumns): number | null => {
      const found = header.findIndex((heading) => HEADINGS[what].test(heading))
      return found === -1 ? null : found
    }
    const { value: first } = await pages().next()
    const sample = ((first as readonly TableRow[] | undefined) ?? []).slice(0, 5).map(({ cells }) => cells)
    return { header, columns: { number: find('number') ?? 0, amount: find('amount'), code: find('code') }, sample }
  })
}

/** Reads a list without changing anything: what it would do, and every row that is not in order. */
export function checkList(
  office: Office,
  file: SealedFile,
  purpose: ListPurpose,
  columns: ListColumns,
): Promise<ListReport> {
  return goThrough(office.store, file, purpose, columns, async () => undefined)
}

/**
 * Takes a list in, slice by slice. Rows that are not in order are left out and reported. What was stopped or failed is
 * taken back, now or, if the process was killed, at the next start.
 *
 * @throws OfficeError of the file, `cycle.not-open`, `programme.ended`, `registry.import-running`, `api.cancelled`
 */
export async function runList(
  office: Office,
  officerId: string,
  file: SealedFile,
  purpose: ListPurpose,
  columns: ListColumns,
  control: RunControl,
): Promise<ListReport> {
  const importId = newId()
  const { store } = office
  const subjectId = purpose.subject === 'enrolments' ? purpose.programmeId : purpose.cycleId
  noteOpenList(store, importId, { officerId, subjectId })
  try {
    const report = await goThrough(office.store, file, purpose, columns, async (entries, seen) => {
      if (entries.length > 0) {
        office.store.transaction(officerId, (transaction) => {
          refuseDuringImport(transaction.sql)
          if (purpose.subject === 'enrolments') enrolEntries(transaction, purpose.programmeId, entries, importId)
          else entitleEntries(transaction, purpose.cycleId, entries, importId, officerId)
        })
      }
      await control.pause(seen)
    })
    forgetOpenList(store, importId)
    forgetCutOff(store, subjectId)
    return { ...report, importId }
  } catch (error) {
    await undoList(store, officerId, importId)
    forgetOpenList(store, importId)
    throw error
  }
}

/**
 * Takes an import of a list back: what it made is removed, drafts it changed get their amount back. Enrolments that moved
 * and entitlements that were submitted since stay.
 *
 * @returns how many were taken back
 */
export async function undoList(store: Store, officerId: string, importId: string): Promise<number> {
  let undone = 0
  for (;;) {
    const count = store.transaction(officerId, (transaction) => undoSlice(transaction, importId))
    if (count === 0) return undone
    undone += count
    await nextTurn()
  }
}

function undoSlice(transaction: Transaction, importId: string): number {
  const idsIn = (table: 'enrolment' | 'entitlement', state: string): string[] =>
    transaction
      .sql(`SELECT id FROM ${table} WHERE import_id = ? AND removed = 0 AND state = ? LIMIT ?`)
      .pluck()
      .all(importId, state, SLICE) as string[]
  const enrolments = idsIn('enrolment', 'enrolled')
  for (const id of enrolments) {
    const before = transaction.get('enrolment', id)
    const earlier = findBefore<Enrolment>(transaction, 'enrolment', before) ?? { removed: true }
    transaction.put('enrolment', { ...before, ...earlier })
  }
  const entitlements = idsIn('entitlement', 'draft')
  for (const id of entitlements) {
    const before = transaction.get('entitlement', id)
    const earlier = findBefore<Entitlement>(transaction, 'entitlement', before) ?? { removed: true }
    transaction.put('entitlement', { ...before, ...earlier })
  }
  const count = enrolments.length + entitlements.length
  if (count > 0) {
    transaction.audit({ action: 'list.undone', subjectKind: 'import', subjectId: importId, detail: { count } })
  }
  return count
}

function findBefore<T>(
  transaction: Transaction,
  kind: string,
  { id, changedAt }: { readonly id: string; readonly changedAt: string },
): Partial<T> | undefined {
  const changes = transaction
    .sql('SELECT changes FROM revision WHERE kind = ? AND record_id = ? AND moment = ?')
    .pluck()
    .get(kind, id, changedAt) as string | undefined
  if (changes === undefined) return undefined
  const fields = Object.entries(JSON.parse(changes) as Record<string, { from: unknown }>)
  return Object.fromEntries(fields.map(([field, { from }]) => [field, from])) as Partial<T>
}

function enrolEntries(
  transaction: Transaction,
  programmeId: string,
  entries: readonly Entry[],
  importId: string,
): void {
  const programme = getActiveProgramme(transaction, programmeId)
  const day = today()
  for (const { registrantId } of entries) enrolOne(transaction, programme, registrantId, { day, importId })
  transaction.audit({
    action: 'enrolment.imported',
    subjectKind: 'programme',
    subjectId: programmeId,
    detail: { count: entries.length, run: importId },
  })
}

function entitleEntries(
  transaction: Transaction,
  cycleId: string,
  entries: readonly Entry[],
  importId: string,
  officerId: string,
): void {
  const cycle = addMaker(transaction, getOpenCycle(transaction, cycleId), officerId)
  const { currency } = transaction.get('programme', cycle.programmeId)
  for (const { registrantId, amount, code } of entries) {
    transaction.put('entitlement', {
      id: entitlementId(cycleId, registrantId, code),
      removed: false,
      cycleId,
      programmeId: cycle.programmeId,
      registrantId,
      code,
      amount,
      currency,
      state: 'draft',
      reason: '',
      importId,
    })
  }
  transaction.audit({
    action: 'entitlement.imported',
    subjectKind: 'cycle',
    subjectId: cycleId,
    detail: { count: entries.length, sum: entries.reduce((all, { amount }) => all + amount, 0), run: importId },
  })
}

async function goThrough(
  store: Store,
  file: SealedFile,
  purpose: ListPurpose,
  columns: ListColumns,
  take: (entries: readonly Entry[], seen: number) => Promise<void>,
): Promise<ListReport> {
  return withListFile(file, async ({ pages }) => {
    const target = findTarget(store, purpose)
    const seen = new Set<string>()
    const problems: ListProblem[] = []
    let rows = 0
    let taken = 0
    let sum = 0
    for await (const page of pages()) {
      const entries: Entry[] = []
      for (const { row, cells } of page) {
        const number = (cells[columns.number] ?? '').trim()
        const entry = readEntry(store, target, columns, cells, number, seen)
        if ('code' in entry && 'params' in entry) {
          if (problems.length < MOST_PROBLEMS) problems.push({ row, number: number.slice(0, 64), fault: entry })
        } else {
          entries.push(entry)
          sum += entry.amount
        }
      }
      rows += page.length
      taken += entries.length
      await take(entries, rows)
    }
    return { rows, taken, sum, problems, importId: '' }
  })
}

type Target =
  | { readonly subject: 'enrolments'; readonly programme: Programme }
  | { readonly subject: 'entitlements'; readonly programme: Programme; readonly cycle: Cycle; readonly locale: string }

function findTarget(store: Store, purpose: ListPurpose): Target {
  if (purpose.subject === 'enrolments') {
    return { subject: 'enrolments', programme: getActiveProgramme(store, purpose.programmeId) }
  }
  const cycle = store.get('cycle', purpose.cycleId)
  const programme = getActiveProgramme(store, cycle.programmeId)
  return { subject: 'entitlements', programme, cycle, locale: purpose.locale }
}

function readEntry(
  store: Store,
  target: Target,
  columns: ListColumns,
  cells: readonly string[],
  number: string,
  seen: Set<string>,
): Entry | Fault {
  const problem = (code: Fault['code'], params: Fault['params'] = {}): Fault => ({ code, params })
  const found = store
    .sql('SELECT id FROM registrant WHERE registry_number = ? AND removed = 0 LIMIT 2')
    .pluck()
    .all(number) as string[]
  const [registrantId] = found
  if (number === '' || registrantId === undefined || found.length > 1) return problem('enrolment.unknown-number')
  const { programme } = target
  if (target.subject === 'enrolments') {
    if (seen.has(registrantId)) return problem('enrolment.number-twice')
    seen.add(registrantId)
    const obstacle = enrolmentObstacleOf(store, programme, registrantId)
    return obstacle === undefined ? { registrantId, amount: 0, code: '' } : problem(obstacle)
  }
  const code = (columns.code === null ? '' : (cells[columns.code] ?? '').trim()) || RULE_CODE
  if (code.length > 40) return problem('entitlement.code-invalid')
  const amount = parseAmount(
    columns.amount === null ? '' : (cells[columns.amount] ?? ''),
    programme.currency,
    target.locale,
  )
  if (!amount.ok) return problem(amount.error.code, amount.error.params)
  if (amount.value === 0) return problem('amount.zero')
  const obstacle = payObstacleOf(store, programme, registrantId)
  if (obstacle !== undefined) return problem(obstacle)
  const id = entitlementId(target.cycle.id, registrantId, code)
  if (seen.has(id)) return problem('entitlement.twice')
  seen.add(id)
  const known = store.find('entitlement', id)
  if (known !== undefined && known.state !== 'draft') return problem('entitlement.already-decided')
  return { registrantId, amount: amount.value, code }
}

/** @throws OfficeError `registry.file-no-rows` when nothing was taken in */
export function refuseEmpty({ rows }: ListReport): void {
  if (rows === 0) fail('registry.file-no-rows')
}
