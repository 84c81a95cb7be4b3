import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { FormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import { wrappedProgram } from '../../../../shared/rules/tokenisation/jq-program.ts'
import { filteredUrl, submissionsFilter } from '../../../../shared/rules/tokenisation/windows.ts'
import type { Statement } from '../../store/database.ts'

type Sql = { sql(text: string): Statement }

/** A submission that the seeder is to take, and under which reference its answer is known. */
export interface Pulled {
  readonly ref: string
  readonly submissionId: string
  readonly instanceId: string
}

/** Submissions in one request: their names go into one address. */
export const MOST_PULLED = 50

/** The newest submission of each of these people of a run; whoever has none is left out. */
export function submissionsOf(from: Sql, connectorId: string, refs: readonly string[]): Pulled[] {
  const newest = from.sql(
    `SELECT s.submission_id AS submissionId, s.instance_id AS instanceId FROM token_item i
     JOIN odk_submission s ON s.connector_id = ? AND s.registrant_id = i.registrant_id AND s.state = 'registered'
     WHERE i.ref = ? ORDER BY s.submitted_at DESC, s.submission_id LIMIT 1`,
  )
  return refs.flatMap((ref) => {
    const names = newest.get(connectorId, ref) as Omit<Pulled, 'ref'> | undefined
    return names === undefined ? [] : [{ ref, ...names }]
  })
}

/**
 * What the seeder is told to pull (MTS 1.1.0 `odkconfig`): these submissions by name and no others, so that nobody is sent who
 * gave no consent. Its own dates stay empty: with them it would append a second filter.
 */
export const odkConfig = (
  form: FormAddress,
  { email, password }: { readonly email: string; readonly password: string },
  pulled: readonly Pulled[],
): object => ({
  baseurl: form.baseUrl,
  odataurl: filteredUrl(form.submissionsUrl, submissionsFilter(pulled.map(({ submissionId }) => submissionId))),
  version: 'v1',
  projectid: '',
  formid: '',
  email,
  password,
  startdate: '',
  enddate: '',
})

/**
 * The program for what is pulled. A submission carries no reference of the office's, so the program brings them along, by the
 * two names of each version that the office has read itself: what was edited meanwhile is nobody's.
 */
export function pullProgram({ outputFormat }: Pick<Connector, 'outputFormat'>, pulled: readonly Pulled[]): string {
  const refs = Object.fromEntries(
    pulled.map(({ submissionId, instanceId, ref }) => [`${submissionId}|${instanceId}`, ref]),
  )
  const names = '((.input.__id // "") + "|" + (.input.meta.instanceID // ""))'
  return wrappedProgram(outputFormat, `(try (${JSON.stringify(refs)}[${names}]) catch null)`)
}
