import type { ConflictField } from '../../../shared/contract/central.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import type { ReadContext } from '../store/read-query.ts'

const PERSON = "(SELECT name FROM registrant WHERE id = t.body ->> '$.registrantId')"

/** What a person calls a record, by kind: the name that stands on its page, or the registrant's whom it is about. */
const names: Partial<Record<RecordKind, string>> = {
  registrant: 'SELECT name FROM registrant t WHERE id = ?',
  programme: 'SELECT name FROM programme t WHERE id = ?',
  cycle: "SELECT body ->> '$.name' FROM cycle t WHERE id = ?",
  batch: "SELECT body ->> '$.name' FROM batch t WHERE id = ?",
  officer: "SELECT body ->> '$.name' FROM officer t WHERE id = ?",
  paymentManager: "SELECT body ->> '$.name' FROM payment_manager t WHERE id = ?",
  connector: "SELECT body ->> '$.name' FROM connector t WHERE id = ?",
  signInProvider: "SELECT body ->> '$.name' FROM sign_in_provider t WHERE id = ?",
  consent: `SELECT ${PERSON} FROM consent t WHERE id = ?`,
  payment: "SELECT body ->> '$.payeeName' FROM payment t WHERE id = ?",
  enrolment: `SELECT ${PERSON} FROM enrolment t WHERE id = ?`,
  entitlement: `SELECT ${PERSON} FROM entitlement t WHERE id = ?`,
  identityNumber: `SELECT ${PERSON} FROM identity_number t WHERE id = ?`,
  membership: `SELECT (SELECT name FROM registrant WHERE id = t.individual_id) || ' – ' ||
    (SELECT name FROM registrant WHERE id = t.group_id) FROM membership t WHERE id = ?`,
  submission: "SELECT (SELECT body ->> '$.name' FROM batch WHERE id = t.batch_id) FROM submission t WHERE id = ?",
  decision: "SELECT (SELECT body ->> '$.name' FROM batch WHERE id = t.batch_id) FROM decision t WHERE id = ?",
}

/** Empty where the record is not here or has no name. */
export function recordName({ sql }: Pick<ReadContext, 'sql'>, kind: RecordKind, id: string): string {
  const text = names[kind]
  return text === undefined ? '' : ((sql(text).pluck().get(id) as string | null | undefined) ?? '')
}

/** Longest name of what is not used, characters: nobody vouches for it. */
const LONGEST_NAME = 120

/** What a record that came calls itself, or whom it is about; empty where it says nothing that can be read. */
export function nameInBody(context: Pick<ReadContext, 'sql'>, body: string): { name: string; changedBy: string } {
  const fields = fieldsIn(body)
  const text = (field: string): string => (typeof fields[field] === 'string' ? fields[field] : '')
  const named = (kind: RecordKind, id: string): string => (id === '' ? '' : recordName(context, kind, id))
  const name =
    text('name') ||
    text('payeeName') ||
    named('registrant', text('registrantId') || text('individualId')) ||
    named('batch', text('batchId'))
  return { name: name.slice(0, LONGEST_NAME), changedBy: text('changedBy') || text('officerId') }
}

function fieldsIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(body)
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {}
  } catch {
    // What could not be read is kept as it came.
    return {}
  }
}

/** Fields that name another record by its id, or several. */
const references: Readonly<Record<string, RecordKind>> = {
  groupId: 'registrant',
  individualId: 'registrant',
  registrantId: 'registrant',
  programmeId: 'programme',
  cycleId: 'cycle',
  batchId: 'batch',
  managerId: 'paymentManager',
  paymentManagerId: 'paymentManager',
  makers: 'officer',
  sponsors: 'officer',
}

/** What the records are called that are named in fields; those that are not here are left out. */
export function namesIn(context: Pick<ReadContext, 'sql'>, fields: readonly ConflictField[]): Record<string, string> {
  const names: Record<string, string> = {}
  for (const { name, base, earlier, later } of fields) {
    const kind = references[name]
    if (kind === undefined) continue
    for (const id of [base, earlier, later].flat()) {
      if (typeof id !== 'string' || id === '') continue
      const found = recordName(context, kind, id)
      if (found !== '') names[id] = found
    }
  }
  return names
}

/** The currency of a record's amounts: its own, or its programme's; null where there is none. */
export function currencyOf(
  { sql }: Pick<ReadContext, 'sql'>,
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
): string | null {
  if (typeof record.currency === 'string') return record.currency
  if (kind !== 'cycle' && kind !== 'entitlement') return null
  const text = "SELECT body ->> '$.currency' FROM programme WHERE id = ?"
  return (sql(text).pluck().get(record.programmeId) as string | undefined) ?? null
}
