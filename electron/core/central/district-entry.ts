import { fail, OfficeError, type Result } from '../../../shared/contract/result.ts'
import { DistrictDocument, districtDatabases } from '../../../shared/model/central.ts'
import { findTrustRoot } from '../identity/trust.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { CouchConnection } from './connection.ts'
import { beginFill } from './first-fill.ts'
import { forgetServer } from './replication/receipts.ts'

const DISTRICT = 'central-district'
/** `1` while nobody has tried out the server that a provisioning named. */
const UNTRIED = 'central-untried'

/**
 * Reads which district a server holds. A district without a trust root takes the office's.
 *
 * @throws OfficeError `central.no-district`, `central.other-trust-root`, `central.not-understood` and what the server or the
 *   line stands in the way with
 */
export async function enterDistrict(
  store: Store,
  connection: CouchConnection,
  code: string,
  signal: AbortSignal | undefined,
): Promise<DistrictDocument> {
  const { records, claims } = districtDatabases(code)
  const path = `/${claims}/district`
  const orThrow = <T>(answer: Result<T>): T => {
    if (!answer.ok) throw new OfficeError(answer.error)
    return answer.value
  }
  const read = async (): Promise<DistrictDocument> => {
    const found = DistrictDocument.safeParse(orThrow(await connection.json({ method: 'GET', path, signal })))
    return found.success && found.data.code === code
      ? found.data
      : fail('central.not-understood', { host: connection.host })
  }
  orThrow(await connection.json({ method: 'GET', path: `/${records}`, signal }))
  let district = await read()
  const own = findTrustRoot(store)
  if (district.trustRoot === null && own !== undefined) {
    // Another office may be faster, which the second look tells.
    await connection.ask({ method: 'PUT', path, body: { ...district, trustRoot: own }, signal })
    district = await read()
  }
  if (district.trustRoot?.x !== own?.x) fail('central.other-trust-root')
  return district
}

/** Forgets what another district's server had, before the office works with this one. */
export async function leaveOtherDistrict(store: Store, districtId: string): Promise<void> {
  if (store.findMark(DISTRICT) !== districtId) await forgetServer(store)
}

/** The server was tried out and holds this district. A district that is new here is filled from its beginning. */
export function noteDistrict({ mark, findMark }: Pick<Transaction, 'mark' | 'findMark'>, districtId: string): void {
  if (findMark(DISTRICT) !== districtId) {
    mark(DISTRICT, districtId)
    beginFill(mark)
  }
  mark(UNTRIED, '')
}

/** A provisioning named the server; the first contact tries it out. */
export const noteUntried = ({ mark }: Pick<Transaction, 'mark'>): void => mark(UNTRIED, '1')

/** A server that nobody has tried out by hand has to be the office's own district, too. @throws as {@link enterDistrict} */
export async function tryOut(
  store: Store,
  connection: CouchConnection,
  code: string,
  signal: AbortSignal,
): Promise<void> {
  if (store.findMark(UNTRIED) !== '1') return
  const { districtId } = await enterDistrict(store, connection, code, signal)
  await leaveOtherDistrict(store, districtId)
  store.housekeeping((_, mark) => noteDistrict({ mark, findMark: (key) => store.findMark(key) }, districtId))
}
