import type { Transaction } from '../store/store.ts'
import type { BatchCheck } from './check.ts'

/*
 * The maker of a payment is whoever put its sum or its address there (I7): by preparing or submitting the batch, by
 * entering or changing an entitlement, or by entering or changing a payee's account, phone, e-mail or identity number,
 * by hand or by importing a file. Registrants, numbers and entitlements carry their makers with them, from whichever office
 * they come; the office's own history tells the rest.
 */

const FROM_NUMBERS = `
  SELECT DISTINCT m.value FROM json_each(?) p
  CROSS JOIN identity_number n ON n.registrant_id = p.value, json_each(n.body, '$.makers') m`

// The payments come first: their few keys are sought, whatever else the office ever wrote down.
const FROM_SUMS = `
  SELECT DISTINCT r.officer_id FROM json_each(?) p
  CROSS JOIN revision r ON r.kind = 'entitlement' AND r.record_id = p.value
  WHERE r.changes LIKE '%"amount"%'`

const FROM_CONTACTS = `
  SELECT DISTINCT r.officer_id FROM json_each(?) p
  CROSS JOIN revision r ON r.kind = 'registrant' AND r.record_id = p.value
  WHERE r.changes LIKE '%"bankAccounts"%' OR r.changes LIKE '%"phoneNumbers"%' OR r.changes LIKE '%"emails"%'`

const FROM_AUDIT = `
  SELECT DISTINCT a.officer_id FROM json_each(?) p
  CROSS JOIN audit a ON a.subject_kind = 'registrant' AND a.subject_id = p.value
  WHERE a.action IN ('registrant.created', 'registrant.identity-set', 'registrant.identity-removed')
     OR (a.action >= 'registrant.contact-' AND a.action < 'registrant.contact.')`

const FROM_IMPORTS = `
  SELECT DISTINCT i.officer_id FROM import_run i WHERE i.id IN (
    SELECT e.import_id FROM entitlement e, json_each(?) p WHERE e.id = p.value AND e.import_id <> ''
    UNION SELECT r.import_id FROM registrant r, json_each(?) p WHERE r.id = p.value AND r.import_id <> ''
    UNION SELECT n.import_id FROM identity_number n, json_each(?) p WHERE n.registrant_id = p.value AND n.import_id <> '')`

/**
 * Officers whose entries decide the sums and addresses of these payments, beside those in the records of the entitlements and the
 * payees: whoever examines those reads them anyway ({@link BatchCheck.makers}).
 */
export function makersOf(
  tx: Transaction,
  payments: readonly { readonly entitlementId: string; readonly payeeId: string }[],
): string[] {
  const entitlements = JSON.stringify(payments.map(({ entitlementId }) => entitlementId))
  const payees = JSON.stringify(payments.map(({ payeeId }) => payeeId))
  const found = new Set<string>([
    ...(tx.sql(FROM_NUMBERS).pluck().all(payees) as string[]),
    ...(tx.sql(FROM_SUMS).pluck().all(entitlements) as string[]),
    ...(tx.sql(FROM_CONTACTS).pluck().all(payees) as string[]),
    ...(tx.sql(FROM_AUDIT).pluck().all(payees) as string[]),
    ...(tx.sql(FROM_IMPORTS).pluck().all(entitlements, payees, payees) as string[]),
  ])
  return [...found]
}
