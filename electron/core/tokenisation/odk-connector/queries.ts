import type {
  ProposalView,
  SubmissionCandidate,
  SubmissionState,
  SubmissionView,
} from '../../../../shared/contract/odk.ts'
import type { ListPage } from '../../../../shared/contract/tokenisation.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { maskIdentity, maskPhone } from '../../../../shared/rules/contact.ts'
import type { ProposedField } from '../../../../shared/rules/proposed-fields.ts'
import { factOf } from '../../registry/proposed-facts.ts'
import type { ReadContext } from '../../store/read-query.ts'
import { consentHolds } from '../consents.ts'
import type { Doubt } from './intake.ts'

export interface SubmissionsInput {
  readonly connectorId: string | null
  readonly state: SubmissionState | null
  /** `next` of the page before. */
  readonly after: string | null
  readonly limit: number
}

interface SubmissionRow {
  readonly ref: string
  readonly connectorId: string
  readonly state: SubmissionState
  readonly submittedAt: string
  readonly registrantId: string
  readonly reason: string
  readonly proposal: string | null
  readonly name: string | null
  readonly number: string | null
}

/** Newest first. */
function submissions(context: ReadContext, input: SubmissionsInput): ListPage<SubmissionView> {
  const { connectorId, state, after, limit } = input
  const which = `($connector IS NULL OR s.connector_id = $connector) AND ($state IS NULL OR s.state = $state)`
  const values = { connector: connectorId, state }
  const [moment = '', ref = ''] = after?.split('|') ?? []
  const rows = context
    .sql(
      `SELECT s.ref, s.connector_id AS connectorId, s.state, s.submitted_at AS submittedAt,
         s.registrant_id AS registrantId, s.reason, s.proposal, r.name, r.registry_number AS number
       FROM odk_submission s LEFT JOIN registrant r ON r.id = s.registrant_id
       WHERE ${which} AND ($moment = '' OR (s.submitted_at, s.ref) < ($moment, $ref))
       ORDER BY s.submitted_at DESC, s.ref DESC LIMIT $limit`,
    )
    .all({ ...values, moment, ref, limit }) as SubmissionRow[]
  const total = context.sql(`SELECT count(*) FROM odk_submission s WHERE ${which}`).pluck().get(values) as number
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => viewOf(context, row)),
    total,
    next: last === undefined || rows.length < limit ? null : `${last.submittedAt}|${last.ref}`,
  }
}

function viewOf(context: ReadContext, row: SubmissionRow): SubmissionView {
  const { proposal, name, number, ...rest } = row
  const doubt = proposal === null ? null : (JSON.parse(proposal) as Doubt)
  return {
    ...rest,
    name: name ?? '',
    registryNumber: number ?? '',
    doubt:
      doubt === null
        ? null
        : {
            facts: doubt.person.facts,
            vidHint: maskIdentity(doubt.person.vid ?? ''),
            people: doubt.people.flatMap((id) => candidateOf(context, id)),
          },
  }
}

function candidateOf(context: ReadContext, id: string): SubmissionCandidate[] {
  const body = context.sql('SELECT body FROM registrant WHERE id = ?').pluck().get(id) as string | undefined
  if (body === undefined) return []
  const registrant = JSON.parse(body) as Registrant
  const { name, registryNumber, birthdate, area } = registrant
  return [
    { registrantId: id, name, registryNumber, birthdate, area, phoneHint: maskPhone(factOf(registrant, 'phone')) },
  ]
}

/** How many submissions there are of each state. */
function counts(context: ReadContext, connectorId: string | null): Partial<Record<SubmissionState, number>> {
  const rows = context
    .sql('SELECT state, count(*) AS count FROM odk_submission WHERE $id IS NULL OR connector_id = $id GROUP BY state')
    .all({ id: connectorId }) as { state: SubmissionState; count: number }[]
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

export interface ProposalsInput {
  readonly registrantId: string | null
  readonly limit: number
}

/** Oldest first. */
function proposals(context: ReadContext, { registrantId, limit }: ProposalsInput): ListPage<ProposalView> {
  const rows = context
    .sql(
      `SELECT p.id, p.registrant_id AS registrantId, p.source, p.field, p.value AS proposed, p.found_at AS foundAt, r.body
       FROM kyc_proposal p JOIN registrant r ON r.id = p.registrant_id
       WHERE $id IS NULL OR p.registrant_id = $id ORDER BY p.found_at, p.id LIMIT $limit`,
    )
    .all({ id: registrantId, limit }) as (Omit<ProposalView, 'name' | 'registryNumber' | 'current'> & {
    body: string
  })[]
  const total = context
    .sql('SELECT count(*) FROM kyc_proposal WHERE $id IS NULL OR registrant_id = $id')
    .pluck()
    .get({ id: registrantId }) as number
  return {
    rows: rows.map(({ body, ...row }) => {
      const registrant = JSON.parse(body) as Registrant
      const current = factOf(registrant, row.field as ProposedField)
      return { ...row, name: registrant.name, registryNumber: registrant.registryNumber, current }
    }),
    total,
    next: null,
  }
}

export interface DueInput {
  readonly connectorId: string
  readonly vidType: string
  readonly tokenType: string
  readonly settings: string
  readonly now: number
  readonly limit: number
}

/**
 * People of submissions who can be sent: with consent and a VID, without a token, in no run, and not refused as they are.
 */
function due(context: ReadContext, input: DueInput): string[] {
  return context
    .sql(
      `SELECT DISTINCT s.registrant_id FROM odk_submission s
       JOIN registrant r ON r.id = s.registrant_id AND r.removed = 0 AND r.deceased_on IS NULL
       JOIN identity_number v ON v.registrant_id = r.id AND v.type = $vidType AND v.removed = 0
       WHERE s.connector_id = $connectorId AND s.state = 'registered' AND ${consentHolds('r.id')} AND ${isDue}
         AND NOT EXISTS (SELECT 1 FROM identity_number t
           WHERE t.registrant_id = r.id AND t.type = $tokenType AND t.removed = 0)
       LIMIT $limit`,
    )
    .pluck()
    .all(input) as string[]
}

/** As for people of the registry: whoever was refused is taken again once the record, the VID or the settings are others. */
const isDue = `NOT EXISTS (SELECT 1 FROM token_item o WHERE o.registrant_id = r.id AND o.state IN ('chosen', 'sent'))
  AND NOT EXISTS (SELECT 1 FROM token_person p WHERE p.registrant_id = r.id
    AND CASE WHEN p.next_try IS NULL THEN p.basis = r.changed_at || '|' || v.changed_at || '|' || $settings
        ELSE p.next_try > $now END)`

export const odkQueries = {
  'odk.due': due,
  'odk.submissions': submissions,
  'odk.counts': counts,
  'odk.proposals': proposals,
}
