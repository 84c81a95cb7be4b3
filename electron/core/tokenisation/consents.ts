import { setImmediate as breathe } from 'node:timers/promises'
import { fail } from '../../../shared/contract/result.ts'
import { consentId } from '../../../shared/model/ids.ts'
import type { Consent } from '../../../shared/model/tokenisation.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { refuseHalfImported } from '../registry/half-imported.ts'
import type { Statement } from '../store/database.ts'
import type { Store, Transaction } from '../store/store.ts'

export interface ConsentEntry {
  readonly given: boolean
  /** `YYYY-MM-DD`. */
  readonly on: string
  readonly how: Consent['how']
  readonly note: string
}

/** People whose consent is written in one transaction. */
const SLICE = 200
export const PURPOSE = 'mosip-token'

/** SQL condition on a registrant's id: whether a consent holds. */
export const consentHolds = (id: string): string =>
  `EXISTS (SELECT 1 FROM consent c WHERE c.registrant_id = ${id} AND c.purpose = '${PURPOSE}' AND c.given = 1 AND c.removed = 0)`

/** Whether a consent of the person holds now. */
export const hasConsent = (from: { sql(text: string): Statement }, registrantId: string): boolean =>
  from
    .sql(`SELECT ${consentHolds('?')}`)
    .pluck()
    .get(registrantId) === 1

/** Of these people those whose consent holds now. */
export const whoConsents = (
  from: { sql(text: string): Statement },
  registrantIds: readonly string[],
): ReadonlySet<string> =>
  new Set(
    from
      .sql(`SELECT p.value FROM json_each(?) p WHERE ${consentHolds('p.value')}`)
      .pluck()
      .all(JSON.stringify(registrantIds)) as string[],
  )

/** The consent of a person, given or withdrawn; undefined where nobody asked. */
export function findConsent(from: { sql(text: string): Statement }, registrantId: string): Consent | undefined {
  const body = from
    .sql('SELECT body FROM consent WHERE registrant_id = ? AND purpose = ? AND removed = 0')
    .pluck()
    .get(registrantId, PURPOSE) as string | undefined
  return body === undefined ? undefined : (JSON.parse(body) as Consent)
}

/** Writes one person's consent within a transaction, audited. `where`: what else the audit trail is told. */
function writeConsent(
  transaction: Transaction,
  registrantId: string,
  entry: ConsentEntry,
  where: Readonly<Record<string, string | number>> = {},
): void {
  transaction.put('consent', {
    id: consentId(registrantId, PURPOSE),
    removed: false,
    registrantId,
    purpose: PURPOSE,
    given: entry.given,
    on: entry.on,
    how: entry.how,
    note: cleanLine(entry.note, 500).text,
  })
  transaction.audit({
    action: entry.given ? 'consent.given' : 'consent.withdrawn',
    subjectKind: 'registrant',
    subjectId: registrantId,
    detail: { purpose: PURPOSE, on: entry.on, how: entry.how, ...where },
  })
}

/**
 * Writes down what a form or a file says of a person's consent, unless the same or something newer is known; audited.
 *
 * @param where what else the audit trail is told
 * @returns whether it was written
 */
export function noteConsent(
  transaction: Transaction,
  registrantId: string,
  entry: ConsentEntry,
  where: Readonly<Record<string, string | number>> = {},
): boolean {
  const known = findConsent(transaction, registrantId)
  if (known !== undefined && (known.given === entry.given || known.on > entry.on)) return false
  writeConsent(transaction, registrantId, entry, where)
  return true
}

/**
 * Writes down that people gave their consent, or withdrew it. Who has said the same already is left alone, who is not
 * there any more too.
 *
 * @param today `YYYY-MM-DD`
 * @returns how many were written
 * @throws OfficeError `tokenisation.consent-in-future`, `registry.being-imported`
 */
export async function setConsents(
  store: Store,
  officerId: string,
  registrantIds: readonly string[],
  entry: ConsentEntry,
  today: string,
): Promise<number> {
  if (entry.on > today) fail('tokenisation.consent-in-future')
  let written = 0
  for (let from = 0; from < registrantIds.length; from += SLICE) {
    if (from > 0) await breathe()
    written += writeSlice(store, officerId, registrantIds.slice(from, from + SLICE), entry)
  }
  return written
}

function writeSlice(store: Store, officerId: string, ids: readonly string[], entry: ConsentEntry): number {
  return store.transaction(officerId, (transaction) => {
    let count = 0
    for (const id of ids) {
      const registrant = transaction.find('registrant', id)
      if (registrant === undefined || registrant.removed || registrant.kind !== 'individual') continue
      refuseHalfImported((text) => transaction.sql(text), registrant)
      const known = findConsent(transaction, id)
      if (known?.given === entry.given && known.on === entry.on && known.how === entry.how) continue
      writeConsent(transaction, id, entry)
      count += 1
    }
    return count
  })
}
