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
