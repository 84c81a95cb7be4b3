import type { ImportedPeople, ListedPeople } from '../../../shared/contract/tokenisation.ts'
import type { ReadContext } from '../store/read-query.ts'
import { consentHolds } from './consents.ts'

interface Types {
  readonly vidType: string
  readonly tokenType: string
}

/** People looked at between two turns of others. */
const SLICE = 1_000

const has = (type: string): string =>
  `EXISTS (SELECT 1 FROM identity_number n WHERE n.registrant_id = r.id AND n.type = ${type} AND n.removed = 0)`

/** People of an import, whether it made them, changed them, or brought a number or a consent only. */
function* imported(
  { sql }: ReadContext,
  { importId, vidType, tokenType }: Types & { readonly importId: string },
): Generator<number, ImportedPeople> {
  const people = sql(
    `SELECT record_id FROM import_before WHERE import_id = @id AND kind = 'registrant'
     UNION SELECT n.registrant_id FROM import_before b JOIN identity_number n ON n.id = b.record_id
       WHERE b.import_id = @id AND b.kind = 'identityNumber'
     UNION SELECT c.registrant_id FROM import_before b JOIN consent c ON c.id = b.record_id
       WHERE b.import_id = @id AND b.kind = 'consent'
     ORDER BY 1`,
  )
    .pluck()
    .all({ id: importId }) as string[]
  const slice = sql(
    `SELECT r.id, ${has('?')} AS token, ${has('?')} AS vid, ${consentHolds('r.id')} AS consent
     FROM json_each(?) j JOIN registrant r ON r.id = j.value
     WHERE r.removed = 0 AND r.kind = 'individual' AND r.deceased_on IS NULL`,
  )
  const registrantIds: string[] = []
  const sum = { tokenised: 0, withoutVid: 0, withoutConsent: 0 }
  for (let from = 0; from < people.length; from += SLICE) {
    const ids = JSON.stringify(people.slice(from, from + SLICE))
    for (const { id, token, vid, consent } of slice.all(tokenType, vidType, ids) as {
      readonly id: string
      readonly token: number
      readonly vid: number
      readonly consent: number
    }[]) {
      if (token === 1) sum.tokenised += 1
      else if (vid === 0) sum.withoutVid += 1
      else if (consent === 0) sum.withoutConsent += 1
      else registrantIds.push(id)
    }
    yield from
  }
  return { registrantIds, ...sum }
}

/**
 * Who is meant by what stands in a list: the registry number, the VID, or the id of the registrant. What names nobody, or more
 * people than one, is told back as it was written.
 */
function* listed(
  { sql }: ReadContext,
  { entries, vidType }: { readonly entries: readonly string[]; readonly vidType: string },
): Generator<number, ListedPeople> {
  const find = sql(
    `SELECT id FROM registrant WHERE registry_number = @entry AND removed = 0
     UNION SELECT id FROM registrant WHERE id = @entry AND removed = 0
     UNION SELECT r.id FROM identity_number n JOIN registrant r ON r.id = n.registrant_id
       WHERE n.type = @vidType AND n.value = @number AND n.removed = 0 AND r.removed = 0
     LIMIT 2`,
  ).pluck()
  const registrantIds = new Set<string>()
  const unknown: string[] = []
  const ambiguous: string[] = []
  for (const [index, entry] of entries.entries()) {
    const found = find.all({ entry, vidType, number: entry.replaceAll(/[\s-]/g, '') }) as string[]
    const [only] = found
    if (only === undefined) unknown.push(entry)
    else if (found.length > 1) ambiguous.push(entry)
    else registrantIds.add(only)
    if (index % SLICE === SLICE - 1) yield index
  }
  return { registrantIds: [...registrantIds], unknown, ambiguous }
}

export const fileQueries = { 'tokenisation.imported': imported, 'tokenisation.listed': listed }
