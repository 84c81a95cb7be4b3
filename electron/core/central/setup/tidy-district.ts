import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { districtDatabases } from '../../../../shared/model/central.ts'
import type { Http } from '../../http/http.ts'
import { databases } from './design.ts'
import { checkDistrictCode } from './district-names.ts'
import { type ErasedAtCentre, eraseAtCentre } from './erase-at-centre.ts'
import { CentralServer } from './server.ts'

/*
 * Upkeep at the centre. CouchDB keeps what older revisions said until it compacts, and what lost in a cluster for good. So the
 * VIDs that people gave up for tokens, and people who were erased, are still in its files until this is done.
 */

/** What is looked after. */
export interface DistrictUpkeep {
  /** Of the server, without database and without credentials. */
  readonly url: string
  /** An administrator of the server. */
  readonly admin: { readonly user: string; readonly password: string }
  readonly district: string
  /** PEM; the machine's own authorities when left out. */
  readonly certificateAuthority?: string
}

export interface CompactedDatabase {
  readonly name: string
  /** Bytes of its files. */
  readonly before: number
  readonly after: number
  /** False where the server is still at it. */
  readonly ended: boolean
}

export interface TidiedDistrict {
  /** Numbers that were given up, and old versions of them that were taken out. */
  readonly givenUp: number
  readonly purged: number
  readonly erased: ErasedAtCentre
  readonly databases: readonly CompactedDatabase[]
}

/** Documents in one question, and in one removal (CouchDB's own limit, `[purge] max_document_id_number`, is 100). */
const PAGE = 500
const PURGE = 100
/** Milliseconds between two looks, and looks after which a compaction is left to itself. */
const LOOK = { every: 1_000, most: 900 }
const KIND = 'identityNumber'

const Listed = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      doc: z.object({
        value: z.unknown(),
        tokenisedAt: z.string().optional(),
        _conflicts: z.array(z.string()).optional(),
      }),
    }),
  ),
})
const Leaves = z.array(z.object({ ok: z.object({ _rev: z.string(), tokenisedAt: z.string().optional() }).optional() }))
const Purged = z.object({ purged: z.record(z.string(), z.array(z.string())) })
const Facts = z.object({ compact_running: z.boolean(), sizes: z.object({ file: z.number() }) })

/**
 * Takes out the versions that lost against a number's removal or an erasure, erases what is written once, and compacts the databases of a district. Can be done at any
 * time, as often as anybody likes; offices go on working.
 *
 * @throws OfficeError `central-setup.*`, `http.*`
 */
export async function tidyDistrict(http: Http, upkeep: DistrictUpkeep, look = LOOK): Promise<TidiedDistrict> {
  const { url, admin, district, certificateAuthority = '' } = upkeep
  checkDistrictCode(district)
  const server = await CentralServer.open(http, { url, ...admin, certificateAuthority })
  const names = districtDatabases(district)
  for (const database of databases) {
    const name = names[database]
    if ((await server.find(name, `/${name}`, Facts)) === undefined) fail('central-setup.no-such-district', { name })
  }
  const removed = await purgeGivenUp(server, names.records)
  const erased = await eraseAtCentre(server, names.records)
  const compacted: CompactedDatabase[] = []
  for (const database of databases) compacted.push(await compact(server, names[database], look))
  return { ...removed, erased, databases: compacted }
}

/** Only where the removal stands; what knows of it, as a new entry does, is left to the offices. */
async function purgeGivenUp(
  server: CentralServer,
  records: string,
): Promise<Pick<TidiedDistrict, 'givenUp' | 'purged'>> {
  let [givenUp, purged] = [0, 0]
  let outdated: [string, string[]][] = []
  const purge = async (): Promise<void> => {
    if (outdated.length === 0) return
    const body = Object.fromEntries(outdated)
    outdated = []
    const answer = await server.ask(records, { method: 'POST', path: `/${records}/_purge`, body }, [200, 201])
    const read = Purged.safeParse(answer)
    if (read.success) purged += Object.values(read.data.purged).reduce((sum, { length }) => sum + length, 0)
  }
  for (let after = `${KIND}:`, skip = 0; ; skip = 1) {
    const range = `startkey=${quoted(after)}&endkey=${quoted(`${KIND};`)}&skip=${skip}&limit=${PAGE}`
    const path = `/${records}/_all_docs?include_docs=true&conflicts=true&${range}`
    const rows = (await server.find(records, path, Listed))?.rows ?? []
    for (const { id, doc } of rows) {
      if (doc.value !== '' || doc.tokenisedAt === undefined) continue
      givenUp += 1
      const losing = doc._conflicts ?? []
      if (losing.length === 0) continue
      const revisions = encodeURIComponent(JSON.stringify(losing))
      const leaves = await server.find(id, `/${records}/${encodeURIComponent(id)}?open_revs=${revisions}`, Leaves)
      const standing = doc.tokenisedAt
      const older = (leaves ?? []).flatMap(({ ok }) =>
        ok !== undefined && (ok.tokenisedAt ?? '') < standing ? [ok._rev] : [],
      )
      if (older.length > 0) outdated.push([id, older])
      if (outdated.length === PURGE) await purge()
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) break
    after = last.id
  }
  await purge()
  return { givenUp, purged }
}

const quoted = (text: string): string => encodeURIComponent(JSON.stringify(text))

async function compact(server: CentralServer, name: string, look: typeof LOOK): Promise<CompactedDatabase> {
  const facts = async (): Promise<z.infer<typeof Facts>> =>
    (await server.find(name, `/${name}`, Facts)) ?? fail('central-setup.no-such-district', { name })
  const before = (await facts()).sizes.file
  await server.ask(name, { method: 'POST', path: `/${name}/_compact`, body: {} }, [200, 202])
  for (let count = 0; ; count += 1) {
    const { compact_running: running, sizes } = await facts()
    if (!running || count >= look.most) return { name, before, after: sizes.file, ended: !running }
    await pause(look.every)
  }
}
