import { fail } from '../../../shared/contract/result.ts'
import type { Statement } from '../store/database.ts'

/*
 * Records of an import that has not come to its end belong to nobody yet: they may be undone any moment. Nothing may be
 * enrolled, paid or edited that rests on them.
 */

/** States of an import during which its records count as not there. */
const OPEN_STATES = "'running', 'cancelling', 'undoing'"

type Sql = (text: string) => Statement

/** The import that is under way or being undone, if any; at most one is at a time. */
export const findOpenImport = (sql: Sql): string | undefined =>
  sql(`SELECT id FROM import_run WHERE state IN (${OPEN_STATES})`).pluck().get() as string | undefined

/** @throws OfficeError `registry.being-imported` when the record is part of an import under way */
export function refuseHalfImported(sql: Sql, record: { readonly importId: string }): void {
  if (record.importId !== '' && findOpenImport(sql) === record.importId) fail('registry.being-imported')
}

/** For commands over many registrants (enrolling by filter, preparing a cycle). @throws OfficeError `registry.import-running` */
export function refuseDuringImport(sql: Sql): void {
  if (findOpenImport(sql) !== undefined) fail('registry.import-running')
}
