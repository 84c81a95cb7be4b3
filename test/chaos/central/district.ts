import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fieldsOf } from '../../../electron/core/central/documents.ts'
import { setUpDistrict } from '../../../electron/core/central/setup/set-up-district.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { type CouchdbProcess, startCouchdbProcess } from '../../../electron/peers/couchdb/start-couchdb-process.ts'
import type { CentralSettings } from '../../../shared/model/central.ts'
import { districtDatabases } from '../../../shared/model/central.ts'
import { canonical } from './canonical.ts'

/*
 * The central server of a run, in a process of its own, set up as `central:setup` does.
 */

const DISTRICT = 'north'
/** The rules of this server allow less than the offices' own. */
export const REFUSED_ADDRESS = 'Nowhere'
const STRICTER = `function (doc) {
  if (doc.address === ${JSON.stringify(REFUSED_ADDRESS)}) throw { forbidden: 'address: nobody lives there' }
}`
const ADMIN = 'admin'

export interface Access {
  readonly settings: CentralSettings
  readonly password: string
}

export interface CentralServer {
  readonly peer: CouchdbProcess
  /** By office. */
  readonly accesses: readonly Access[]
  /** The records that it holds, as text by kind and id, and how many other leaves stand beside them. */
  /** Who holds a batch, for whoever looks into a run that went wrong. */
  claimOf(batchId: string): Promise<string>
  content(): Promise<{ readonly records: Readonly<Record<string, string>>; readonly leaves: number }>
}

interface Row {
  readonly id: string
  readonly doc: Readonly<Record<string, unknown>> & { readonly _conflicts?: readonly string[] }
}

const LINES = /^(submission:[^:]+):lines:(\d+)$/

export async function startCentralServer(directory: string, offices: number, seed: number): Promise<CentralServer> {
  const password = randomBytes(16).toString('hex')
  const file = join(directory, 'central.db')
  const peer = await startCouchdbProcess({ user: ADMIN, password, iterations: 1, file, seed })
  const names = Array.from({ length: offices }, (_, office) => `office-${office}`)
  const http = createHttp()
  const admin = { user: ADMIN, password }
  const { accounts } = await setUpDistrict(http, { url: peer.origin, admin, district: DISTRICT, offices: names })
  http.close()
  const accesses = accounts.map(({ user, password: own }) => ({
    settings: { url: peer.origin, district: DISTRICT, user, certificateAuthority: '', everyMinutes: 8 },
    password: own ?? '',
  }))
  const authorization = `Basic ${Buffer.from(`${ADMIN}:${password}`).toString('base64')}`
  const records = `${peer.origin}/${districtDatabases(DISTRICT).records}`
  const stricter = await fetch(`${records}/_design/stricter`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ validate_doc_update: STRICTER }),
  })
  if (!stricter.ok) throw new Error(`the server took no further rule: ${await stricter.text()}`)
  return {
    peer,
    accesses,
    async claimOf(batchId) {
      const claims = `${peer.origin}/${districtDatabases(DISTRICT).claims}`
      const answer = await fetch(`${claims}/${encodeURIComponent(`batch:${batchId}`)}`, { headers: { authorization } })
      return answer.text()
    },
    async content() {
      const answer = await fetch(`${records}/_all_docs?include_docs=true&conflicts=true`, {
        headers: { authorization },
      })
      const { rows } = (await answer.json()) as { rows: Row[] }
      return { records: textsOf(rows), leaves: rows.reduce((sum, { doc }) => sum + (doc._conflicts?.length ?? 0), 0) }
    },
  }
}

function textsOf(rows: readonly Row[]): Record<string, string> {
  const lines = new Map<string, { readonly piece: number; readonly lines: readonly unknown[] }[]>()
  for (const { id, doc } of rows) {
    const [, head, piece] = LINES.exec(id) ?? []
    if (head === undefined) continue
    lines.set(head, [...(lines.get(head) ?? []), { piece: Number(piece), lines: doc.lines as unknown[] }])
  }
  const records: Record<string, string> = {}
  for (const { id, doc } of rows) {
    if (id.startsWith('_design/') || LINES.test(id)) continue
    const fields = fieldsOf(doc)
    const own = lines.get(id)?.sort((one, other) => one.piece - other.piece)
    const whole = own === undefined ? fields : { ...fields, lines: own.flatMap((piece) => piece.lines) }
    records[id] = canonical(id.slice(0, id.indexOf(':')), whole)
  }
  return records
}
