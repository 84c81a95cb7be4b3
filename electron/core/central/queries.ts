import type {
  CentralWaiting,
  ConflictField,
  ConflictPage,
  ConflictRow,
  QuarantineRow,
  Receipt,
  RefusalRow,
} from '../../../shared/contract/central.ts'
import { catalogue, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'
import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { maskIdentity } from '../../../shared/rules/contact.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import { collections } from '../store/collections.ts'
import type { ReadContext } from '../store/read-query.ts'
import { settlementsOf } from './merge/settlements.ts'
import { currencyOf, nameInBody, namesIn, recordName } from './record-names.ts'
import type { About } from './replication/side/side-table.ts'
import { sideTables } from './replication/side/side-tables.ts'
import { isSideKind } from './replication/side-records.ts'

interface Window {
  readonly offset: number
  readonly limit: number
}

interface StoredConflict {
  readonly id: string
  readonly kind: RecordKind
  readonly record_id: string
  readonly fields: string
  readonly base: string | null
  readonly earlier: string
  readonly later: string
  readonly standing: ConflictRow['standing']
  readonly decided_by: ConflictRow['decidedBy']
  readonly found_at: string
  readonly settled_by: string | null
  readonly settled_at: string | null
}

type Version = Readonly<Record<string, unknown>> & { readonly changedAt: string; readonly changedBy: string }

const parse = (text: string): Version => JSON.parse(text) as Version

const officerName = ({ sql }: ReadContext, id: string): string =>
  (sql("SELECT body ->> '$.name' FROM officer WHERE id = ?").pluck().get(id) as string | undefined) ?? ''

/** A version as screens may see it: what is sealed is shown by its hint, as in the history of a record. */
function shown(kind: RecordKind, version: Version): Readonly<Record<string, unknown>> {
  if (kind === 'identityNumber') return { ...version, value: maskIdentity(String(version.value ?? '')) }
  if (kind === 'payment') {
    const address = String(version.payeeAddress ?? '')
    return { ...version, payeeAddress: address === '' ? '' : maskFinancialAddress(address) }
  }
  if (kind !== 'registrant') return version
  const { history } = collections.registrant
  return history === undefined ? version : history(version as unknown as RecordOf<'registrant'>)
}

function toRow(context: ReadContext, row: StoredConflict): ConflictRow {
  const side = (text: string): ConflictRow['later'] => {
    const { changedAt, changedBy } = parse(text)
    return { changedAt, changedBy, officerName: officerName(context, changedBy) }
  }
  return {
    id: row.id,
    kind: row.kind,
    recordId: row.record_id,
    // Decisions of one submission are told of their batch.
    recordName: recordName(context, row.kind === 'decision' ? 'batch' : row.kind, row.record_id),
    foundAt: momentMilliseconds(row.found_at),
    standing: row.standing,
    decidedBy: row.decided_by,
    earlier: side(row.earlier),
    later: side(row.later),
    settled:
      row.settled_at === null
        ? null
        : { at: momentMilliseconds(row.settled_at), officerName: officerName(context, row.settled_by ?? '') },
    fieldNames: JSON.parse(row.fields) as string[],
  }
}

/** A fault of a newer version is told as one that nobody foresaw. */
function faultOf(code: string, params: string): Fault {
  return Object.hasOwn(catalogue, code)
    ? { code: code as ErrorCode, params: JSON.parse(params) as Fault['params'] }
    : { code: 'api.unexpected', params: {} }
}

/** What a refused document is called, and on which page it is found. */
function whatRefused(
  context: ReadContext,
  { kind, id }: Pick<RefusalRow, 'kind' | 'id'>,
): Pick<RefusalRow, 'recordName' | 'about' | 'offeredAgain'> {
  const isAside = isSideKind(kind)
  const about = isAside ? (sideTables[kind].about(context.sql, id) ?? null) : { kind, id }
  const name = about === null ? '' : recordName(context, about.kind, about.id)
  return { recordName: name, about: about === null ? null : pageOf(context, about), offeredAgain: isAside }
}

/** A payment is seen on the page of its batch. */
function pageOf({ sql }: ReadContext, about: About): About {
  if (about.kind !== 'payment') return about
  const batchId = sql('SELECT batch_id FROM payment WHERE id = ?').pluck().get(about.id) as string | undefined
  return batchId === undefined || batchId === '' ? about : { kind: 'batch', id: batchId }
}

/** What a rule decided stands among the open ones until somebody has seen it here. */
const open = 'settled_at IS NULL'
/** What was taken out of a conflict for good is shown to nobody. */
const whole = 'earlier IS NOT NULL'

export const centralQueries = {
  /** Receipt of one record; what was never written here has none. */
  'central.receipt': ({ sql }: ReadContext, { kind, id }: { kind: RecordKind; id: string }): Receipt['at'] =>
    (sql(
      `SELECT r.at FROM central_receipt r JOIN ${collections[kind].table} t ON t.id = r.id AND t.seq = r.seq
       WHERE r.kind = ? AND r.id = ?`,
    )
      .pluck()
      .get(kind, id) as number | undefined) ?? null,

  /** What waits for an officer: the newest of each list is on its own page. */
  'central.waiting': ({ sql }: ReadContext): CentralWaiting => {
    const count = (text: string): number => sql(text).pluck().get() as number
    return {
      conflicts: count(`SELECT count(*) FROM central_conflict WHERE ${open} AND ${whole} AND decided_by = 'officer'`),
      refusals: count('SELECT count(*) FROM central_refusal WHERE seen_at IS NULL'),
      refused: count('SELECT count(*) FROM central_refusal'),
      quarantined: count('SELECT count(*) FROM central_quarantine WHERE arriving = 0'),
    }
  },

  /** Open ones, those that wait for a decision first, or those that are over; newest first. */
  'central.conflicts': (
    context: ReadContext,
    { offset, limit, settled, recordId }: Window & { settled: boolean; recordId?: string | undefined },
  ): { rows: ConflictRow[]; total: number } => {
    const { sql } = context
    const where = `${whole} AND ${settled ? `NOT (${open})` : open}${recordId === undefined ? '' : ' AND record_id = ?'}`
    const params = recordId === undefined ? [] : [recordId]
    const rows = sql(
      `SELECT * FROM central_conflict WHERE ${where} ORDER BY decided_by, found_at DESC, id LIMIT ? OFFSET ?`,
    ).all(...params, limit, offset) as StoredConflict[]
    return {
      rows: rows.map((row) => toRow(context, row)),
      total: sql(`SELECT count(*) FROM central_conflict WHERE ${where}`)
        .pluck()
        .get(...params) as number,
    }
  },

  /** Both versions of one, field by field; null when there is none of this id. */
  'central.conflict': (context: ReadContext, { id }: { id: string }): ConflictPage | null => {
    const row = context.sql(`SELECT * FROM central_conflict WHERE id = ? AND ${whole}`).get(id) as
      | StoredConflict
      | undefined
    if (row === undefined) return null
    const [earlier, later] = [shown(row.kind, parse(row.earlier)), shown(row.kind, parse(row.later))]
    const base = row.base === null ? {} : shown(row.kind, parse(row.base))
    const found = toRow(context, row)
    const field = (name: string): ConflictField => ({
      name,
      base: base[name] ?? null,
      earlier: earlier[name] ?? null,
      later: later[name] ?? null,
    })
    const fields = found.fieldNames.map(field)
    const decisions = settlementsOf(context.sql, id).map(({ changedAt, changedBy, chosen }) => ({
      at: momentMilliseconds(changedAt),
      officerName: officerName(context, changedBy),
      chosen,
    }))
    const names = namesIn(context, fields)
    return { ...found, fields, currency: currencyOf(context, row.kind, later), names, decisions }
  },

  /** What the central server did not take, newest first; what was seen comes last. */
  'central.refusals': (context: ReadContext, { offset, limit }: Window): { rows: RefusalRow[]; total: number } => {
    const { sql } = context
    const rows = sql(
      `SELECT kind, id, code, params, officer_id AS officerId, at, seen_at IS NOT NULL AS seen FROM central_refusal
       ORDER BY seen, at DESC, kind, id LIMIT ? OFFSET ?`,
    ).all(limit, offset) as {
      kind: RefusalRow['kind']
      id: string
      code: string
      params: string
      officerId: string
      at: number
      seen: number
    }[]
    return {
      rows: rows.map(({ code, params, seen, ...row }) => ({
        ...row,
        ...whatRefused(context, row),
        officerName: officerName(context, row.officerId),
        fault: faultOf(code, params),
        seen: seen === 1,
      })),
      total: sql('SELECT count(*) FROM central_refusal').pluck().get() as number,
    }
  },

  /** What came and is not used; what is refused for good comes first. */
  'central.quarantine': (context: ReadContext, { offset, limit }: Window): { rows: QuarantineRow[]; total: number } => {
    const { sql } = context
    const rows = sql(
      `SELECT document_id AS documentId, code, params, since, arriving, body FROM central_quarantine
       ORDER BY arriving, since DESC, document_id LIMIT ? OFFSET ?`,
    ).all(limit, offset) as {
      documentId: string
      code: string
      params: string
      since: number
      arriving: number
      body: string
    }[]
    return {
      rows: rows.map(({ code, params, arriving, body, ...row }) => {
        const { name, changedBy } = nameInBody(context, body)
        return {
          ...row,
          kind: row.documentId.slice(0, Math.max(0, row.documentId.indexOf(':'))),
          recordName: name,
          officerName: officerName(context, changedBy),
          arriving: arriving === 1,
          fault: faultOf(code, params),
        }
      }),
      total: sql('SELECT count(*) FROM central_quarantine').pluck().get() as number,
    }
  },
} as const
