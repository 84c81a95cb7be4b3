import { fail } from '../../../shared/contract/result.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import type { Enrolment } from '../../../shared/model/programme.ts'
import type { IdentityNumber, Membership, Registrant, RegistrantView } from '../../../shared/model/registrant.ts'
import { maskAccount, maskPhone } from '../../../shared/rules/contact.ts'
import type { ReadContext } from '../store/read-query.ts'
import { exportQueries } from './export/export-queries.ts'
import { identityNumbersOf } from './identity-commands.ts'
import { importQueries } from './import/import-queries.ts'
import { findLookAlikes, type LookAlike, type Sought } from './look-alikes.ts'
import { compileFilter, filteredRows, matchingRows } from './registrant-filter.ts'
import { listRows, type RegistrantList, readRegistrants, searchedRows } from './registrant-list.ts'
import { isIndexed, type Order, readWindow, sequenceOf } from './registrant-order.ts'
import { searchRegistrants } from './registrant-search.ts'
import { toRegistrantView } from './registrant-view.ts'

/** One line of a list. */
export interface RegistrantRow {
  readonly id: string
  readonly kind: Registrant['kind']
  readonly registryNumber: string
  readonly name: string
  readonly groupKind: string
  readonly gender: Registrant['gender']
  readonly birthdate: string | null
  readonly deceasedOn: string | null
  readonly area: string
  readonly modeOfPayment: Registrant['modeOfPayment']
  readonly tags: readonly string[]
  readonly registrationDate: string
  readonly phoneHint: string
  readonly accountHint: string
  /** Of a group: how many memberships it has, ended ones too. */
  readonly members: number
}

export interface RegistrantPage {
  readonly rows: readonly RegistrantRow[]
  readonly total: number
  /** A search found more than it gives; more letters narrow it. */
  readonly more: boolean
}

function toRow(context: ReadContext, registrant: Registrant): RegistrantRow {
  const phone = registrant.phoneNumbers.find(({ preferred }) => preferred) ?? registrant.phoneNumbers[0]
  const account = registrant.bankAccounts.find(({ preferred }) => preferred) ?? registrant.bankAccounts[0]
  const { id, kind, registryNumber, name, groupKind, gender, birthdate, deceasedOn } = registrant
  const { area, modeOfPayment, tags, registrationDate } = registrant
  return {
    ...{ id, kind, registryNumber, name, groupKind, gender, birthdate, deceasedOn },
    ...{ area, modeOfPayment, tags, registrationDate },
    phoneHint: maskPhone(phone?.number ?? ''),
    accountHint: maskAccount(account?.iban || account?.accountNumber || ''),
    members:
      kind === 'group'
        ? (context.sql('SELECT count(*) FROM membership WHERE group_id = ? AND removed = 0').pluck().get(id) as number)
        : 0,
  }
}

const totals = new Map<string, number>()
let totalsAt = ''

/** Registrants on the registry, of one kind or all; counted once after each change. */
function countOf(context: ReadContext, kind: 'individual' | 'group' | undefined): number {
  const sequence = sequenceOf(context)
  if (totalsAt !== sequence) {
    totals.clear()
    totalsAt = sequence
  }
  const known = totals.get(kind ?? '')
  if (known !== undefined) return known
  const count =
    kind === undefined
      ? countOf(context, 'individual') + countOf(context, 'group')
      : (context
          .sql('SELECT count(*) FROM registrant INDEXED BY registrant_kind_list WHERE removed = 0 AND kind = ?')
          .pluck()
          .get(kind) as number)
  totals.set(kind ?? '', count)
  return count
}

export interface RecordPage {
  readonly view: RegistrantView
  readonly memberships: readonly {
    readonly membership: Membership
    /** The other side: the group of a person, the person in a group. */
    readonly other: Pick<Registrant, 'id' | 'kind' | 'name' | 'registryNumber' | 'deceasedOn' | 'removed'>
  }[]
  readonly enrolments: readonly { readonly enrolment: Enrolment; readonly programme: string }[]
  readonly payments: readonly (Omit<Payment, 'payeeAddress'> & { readonly programme: string; readonly cycle: string })[]
  readonly paymentCount: number
  readonly history: readonly {
    readonly kind: string
    readonly moment: string
    readonly officerId: string
    readonly changes: Readonly<Record<string, { from: unknown; to: unknown }>>
  }[]
}

const MOST_PAYMENTS = 300
const MOST_REVISIONS = 200
/** Ids read between two yields. */
const IDS_SLICE = 1_000

const parsed = <T>(bodies: readonly unknown[]): T[] => bodies.map((body) => JSON.parse(body as string) as T)

export const registryQueries = {
  ...importQueries,
  ...exportQueries,

  /** A window of a list of registrants, and how long the list is. */
  *'registry.page'(
    context: ReadContext,
    input: RegistrantList & { offset: number; limit: number; order: Order },
  ): Generator<number, RegistrantPage> {
    const { offset, limit, order, kind, filter } = input
    const page = (rows: ArrayLike<number>, total: number, more = false): RegistrantPage => ({
      rows: readRegistrants(context, rows).map((registrant) => toRow(context, registrant)),
      total,
      more,
    })
    if (input.search?.trim()) {
      const { rows, more } = searchedRows(context, input)
      return page(rows.slice(offset, offset + limit), rows.length, more)
    }
    if (filter === undefined && isIndexed(order, kind)) {
      const total = countOf(context, kind)
      return page(readWindow(context, order, kind, { offset, limit, total }), total)
    }
    const rows = yield* filteredRows(context, filter, kind, order)
    return page(rows.slice(offset, offset + limit), rows.length)
  },

  /** Ids of a whole list but some, in the order of names. @throws OfficeError `registry.too-many-chosen` */
  *'registry.ids'(
    context: ReadContext,
    { except, most, ...list }: RegistrantList & { except: readonly string[]; most: number },
  ): Generator<number, string[]> {
    const rows = yield* listRows(context, list, { column: 'name', direction: 'asc' })
    if (rows.length - except.length > most) fail('registry.too-many-chosen', { maximum: most })
    const left = new Set(except)
    const idOf = context.sql('SELECT id FROM registrant WHERE rowid = ?').pluck()
    const ids: string[] = []
    for (let at = 0; at < rows.length; at += 1) {
      const id = idOf.get(rows[at]) as string | undefined
      if (id !== undefined && !left.has(id)) ids.push(id)
      if (at % IDS_SLICE === IDS_SLICE - 1) yield at
    }
    return ids
  },

  /** A handful of registrants for pickers and the command palette. */
  'registry.search': (
    context: ReadContext,
    input: { text: string; kind?: 'individual' | 'group' | undefined; limit: number },
  ): { rows: RegistrantRow[]; more: boolean } => {
    const { rows, more } = searchRegistrants(context, input.text, input.kind)
    const shown = rows.slice(0, input.limit)
    return {
      rows: readRegistrants(context, shown).map((registrant) => toRow(context, registrant)),
      more: more || rows.length > shown.length,
    }
  },

  /** How many there are, by kind; read from indexes. */
  'registry.counts': (context: ReadContext): { individuals: number; groups: number } => ({
    individuals: countOf(context, 'individual'),
    groups: countOf(context, 'group'),
  }),

  /** How many registrants are in a filter. */
  *'registry.count'(context: ReadContext, input: RegistrantList): Generator<number, number> {
    if (input.search?.trim()) return searchedRows(context, input).rows.length
    if (input.filter === undefined) return countOf(context, input.kind)
    return (yield* matchingRows(context, compileFilter(input.filter), input.kind)).length
  },

  /** Areas and tags in use, for the choices in forms and filters. */
  'registry.areas': (context: ReadContext, input: { prefix: string }): string[] => {
    // Skips from one area to the next in the index instead of reading all rows of each.
    const next = context
      .sql(
        'SELECT area FROM registrant INDEXED BY registrant_area WHERE removed = 0 AND area > ? ORDER BY area LIMIT 1',
      )
      .pluck()
    const areas: string[] = []
    for (let area = next.get('') as string | undefined; area !== undefined && areas.length < 500; ) {
      if (area.toLowerCase().startsWith(input.prefix.toLowerCase())) areas.push(area)
      area = next.get(area) as string | undefined
    }
    return areas
  },

  /** Everything that the page of one registrant shows, with hints instead of sealed values; null when there is none. */
  'registry.record': (context: ReadContext, { id }: { id: string }): RecordPage | null => {
    const body = context.sql('SELECT body FROM registrant WHERE id = ?').pluck().get(id) as string | undefined
    if (body === undefined) return null
    const registrant = JSON.parse(body) as Registrant
    const memberships = parsed<Membership>(
      context
        .sql(
          'SELECT body FROM membership WHERE group_id = ?1 AND removed = 0 UNION SELECT body FROM membership WHERE individual_id = ?1 AND removed = 0',
        )
        .pluck()
        .all({ 1: id }),
    )
    const other = context.sql('SELECT body FROM registrant WHERE id = ?').pluck()
    const payments = context
      .sql(
        `SELECT p.body AS body, coalesce(m.name, '') AS programme, coalesce(c.body ->> '$.name', '') AS cycle
         FROM payment p LEFT JOIN programme m ON m.id = p.programme_id LEFT JOIN cycle c ON c.id = p.cycle_id
         WHERE p.registrant_id = ?1 OR p.payee_id = ?1 ORDER BY p.state_at DESC LIMIT ${MOST_PAYMENTS}`,
      )
      .all({ 1: id }) as { body: string; programme: string; cycle: string }[]
    const enrolments = context
      .sql(
        `SELECT e.body AS body, coalesce(m.name, '') AS programme FROM enrolment e
         LEFT JOIN programme m ON m.id = e.programme_id WHERE e.registrant_id = ? AND e.removed = 0`,
      )
      .all(id) as { body: string; programme: string }[]
    const history = context
      .sql(
        `SELECT kind, moment, officer_id AS officerId, changes FROM revision
         WHERE (kind = 'registrant' AND record_id = ?1)
            OR (kind = 'membership' AND record_id IN (SELECT value FROM json_each(?2)))
         ORDER BY moment DESC LIMIT ${MOST_REVISIONS}`,
      )
      .all({ 1: id, 2: JSON.stringify(memberships.map((membership) => membership.id)) }) as {
      kind: string
      moment: string
      officerId: string
      changes: string
    }[]
    return {
      view: toRegistrantView(registrant, identityNumbersOf(context, id)),
      memberships: memberships.flatMap((membership) => {
        const otherId = membership.groupId === id ? membership.individualId : membership.groupId
        const otherBody = other.get(otherId) as string | undefined
        if (otherBody === undefined) return []
        const { kind, name, registryNumber, deceasedOn, removed } = JSON.parse(otherBody) as Registrant
        return [{ membership, other: { id: otherId, kind, name, registryNumber, deceasedOn, removed } }]
      }),
      enrolments: enrolments.map((row) => ({ enrolment: JSON.parse(row.body) as Enrolment, programme: row.programme })),
      payments: payments.map((row) => {
        const { payeeAddress, ...payment } = JSON.parse(row.body) as Payment
        return { ...payment, programme: row.programme, cycle: row.cycle }
      }),
      paymentCount: context
        .sql('SELECT count(*) FROM payment WHERE registrant_id = ?1 OR payee_id = ?1')
        .pluck()
        .get({ 1: id }) as number,
      history: history.map((row) => ({ ...row, changes: JSON.parse(row.changes) })),
    }
  },

  /** Who may be the same person as a registrant, or as somebody who is just being entered. */
  'registry.lookAlikes': (
    context: ReadContext,
    input: { id: string } | { kind: Registrant['kind']; name: string; birthdate: string | null },
  ): LookAlike[] => {
    if (!('id' in input)) {
      const contacts = { phoneNumbers: [], emails: [], bankAccounts: [] }
      return findLookAlikes(context, { id: '', ...input, contacts, identities: [] })
    }
    const body = context.sql('SELECT body FROM registrant WHERE id = ?').pluck().get(input.id) as string | undefined
    if (body === undefined) return []
    const { id, kind, name, birthdate, ...registrant } = JSON.parse(body) as Registrant
    const identities: readonly IdentityNumber[] = identityNumbersOf(context, id).filter(({ removed }) => !removed)
    const sought: Sought = { id, kind, name, birthdate, contacts: registrant, identities }
    return findLookAlikes(context, sought)
  },
} as const
