import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { DistrictDocument, districtDatabases, type EncryptionKey } from '../../../../shared/model/central.ts'
import type { PublicKey } from '../../../../shared/model/officer.ts'
import type { Http } from '../../http/http.ts'
import { type Account, addOffice, addReceiver, removeOffice } from './accounts.ts'
import { type Database, type Design, databases, readDesign } from './design.ts'
import { checkDistrictCode, districtRoles, officeUser } from './district-names.ts'
import { CentralServer } from './server.ts'

/** What a server is prepared for. */
export interface DistrictSetUp {
  /** Of the server, without database and without credentials. */
  readonly url: string
  /** An administrator of the server. */
  readonly admin: { readonly user: string; readonly password: string }
  readonly district: string
  /** PEM; the machine's own authorities when left out. */
  readonly certificateAuthority?: string
  /** Names of offices that are let in. */
  readonly offices?: readonly string[]
  /** Names of offices that are shut out. */
  readonly removedOffices?: readonly string[]
  /** Lets the callback receiver at the centre in. */
  readonly receiver?: boolean
  /** Whoever is let in and known already gets a new password. */
  readonly newPasswords?: boolean
  /** The key from which officers are signed; the first office tells it when left out. */
  readonly trustRoot?: PublicKey
  /** The centre's own key, to which offices encrypt changes in a file; the one that stands when left out. */
  readonly fileKey?: EncryptionKey
  /** Hears of each thing as soon as it is done: a new password is told even when something later fails. */
  readonly onStep?: (step: SetUpStep, account: Account | null) => void
}

/** One thing that a set-up looks after. */
export interface SetUpStep {
  readonly what: 'database' | 'security' | 'rules' | 'district' | 'office' | 'receiver' | 'removed-office'
  readonly name: string
  readonly outcome: 'made' | 'changed' | 'kept'
}

/** A district that is ready. */
export interface DistrictIsSetUp {
  readonly district: string
  readonly districtId: string
  readonly steps: readonly SetUpStep[]
  readonly accounts: readonly Account[]
}

const DatabaseFacts = z.object({ props: z.object({ partitioned: z.boolean().optional() }).optional() })
const Members = z.object({ names: z.array(z.string()).default([]), roles: z.array(z.string()).default([]) })
const Security = z.object({ admins: Members.optional(), members: Members.optional() })
const Rules = z.object({ _rev: z.string(), version: z.int().optional(), validate_doc_update: z.string().optional() })

/** Claims are few and wanted in one place: more shards would only cost. */
const shards: Readonly<Record<Database, string>> = { records: '', claims: '?q=2', inbox: '?q=2' }

const RULES = '_design/rules'
const USERS = '_users'

/**
 * Prepares a CouchDB server for a district, or brings one up to date: databases, who may use them, what may be written, the
 * district itself and its users. What is as it should be is left alone, so it can be run again at any time.
 *
 * @throws OfficeError `central-setup.*`, `http.*`. What a newer version set up is refused before anything is changed.
 */
export async function setUpDistrict(
  http: Http,
  setUp: DistrictSetUp,
  design: Design = readDesign(),
): Promise<DistrictIsSetUp> {
  const { url, admin, district, certificateAuthority = '', newPasswords = false } = setUp
  const { offices = [], removedOffices = [] } = setUp
  checkDistrictCode(district)
  for (const office of [...offices, ...removedOffices]) officeUser(district, office)
  const server = await CentralServer.open(http, { url, ...admin, certificateAuthority })
  const names = districtDatabases(district)
  for (const database of databases) await refuseUnfit(server, names[database], design)
  const steps: SetUpStep[] = []
  const accounts: Account[] = []
  const done = (what: SetUpStep['what'], name: string, outcome: SetUpStep['outcome'], account?: Account): void => {
    const step = { what, name, outcome }
    steps.push(step)
    if (account !== undefined) accounts.push(account)
    setUp.onStep?.(step, account ?? null)
  }

  // A server that stands alone has no database of users until somebody makes it.
  if ((await ensureDatabase(server, USERS, '')) === 'made') done('database', USERS, 'made')
  for (const database of databases) {
    const name = names[database]
    done('database', name, await ensureDatabase(server, name, shards[database]))
    done('security', name, await ensureSecurity(server, name, membersOf(database, district)))
    done('rules', name, await ensureRules(server, name, design, database))
  }
  const { districtId, outcome } = await ensureDistrict(server, names.claims, setUp, design.schemaVersion)
  done('district', district, outcome)

  for (const office of offices) {
    const account = await addOffice(server, district, office, newPasswords)
    done('office', account.user, account.outcome, account)
  }
  if (setUp.receiver === true) {
    const account = await addReceiver(server, district, newPasswords)
    done('receiver', account.user, account.outcome, account)
  }
  for (const office of removedOffices) {
    const account = await removeOffice(server, district, office)
    done('removed-office', account.user, account.outcome)
  }
  return { district, districtId, steps, accounts }
}

const membersOf = (database: Database, district: string): readonly string[] => {
  const { office, receiver } = districtRoles(district)
  return database === 'inbox' ? [office, receiver] : [office]
}

/** A database that this version must not touch. */
async function refuseUnfit(server: CentralServer, name: string, { version }: Design): Promise<void> {
  const facts = await server.find(name, `/${name}`, DatabaseFacts)
  if (facts === undefined) return
  if (facts.props?.partitioned === true) fail('central-setup.partitioned', { name })
  const rules = await server.find(name, `/${name}/${RULES}`, Rules)
  if (rules?.version !== undefined && rules.version > version) fail('central-setup.newer', { name })
}

async function ensureDatabase(server: CentralServer, name: string, query: string): Promise<SetUpStep['outcome']> {
  if ((await server.find(name, `/${name}`, DatabaseFacts)) !== undefined) return 'kept'
  await server.put(name, `/${name}${query}`)
  return 'made'
}

async function ensureSecurity(
  server: CentralServer,
  name: string,
  roles: readonly string[],
): Promise<SetUpStep['outcome']> {
  const wanted = { admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: [...roles] } }
  const path = `/${name}/_security`
  const found = await server.find(name, path, Security)
  if (isDeepStrictEqual(found, wanted)) return 'kept'
  await server.put(name, path, wanted)
  return 'changed'
}

async function ensureRules(
  server: CentralServer,
  name: string,
  { version, validate }: Design,
  database: Database,
): Promise<SetUpStep['outcome']> {
  const path = `/${name}/${RULES}`
  const found = await server.find(name, path, Rules)
  const source = validate[database]
  if (found?.version === version && found.validate_doc_update === source) return 'kept'
  await server.put(name, path, {
    ...(found === undefined ? {} : { _rev: found._rev }),
    _id: RULES,
    language: 'javascript',
    version,
    validate_doc_update: source,
  })
  return found === undefined ? 'made' : 'changed'
}

async function ensureDistrict(
  server: CentralServer,
  claims: string,
  { district: code, trustRoot, fileKey }: DistrictSetUp,
  schemaVersion: number,
): Promise<{ readonly districtId: string; readonly outcome: SetUpStep['outcome'] }> {
  const path = `/${claims}/district`
  const found = await server.find(claims, path, DistrictDocument)
  if (found === undefined) {
    const districtId = randomUUID()
    const made: DistrictDocument = {
      _id: 'district',
      type: 'district',
      code,
      districtId,
      trustRoot: trustRoot ?? null,
      schemaVersion,
      ...(fileKey === undefined ? {} : { fileKey }),
    }
    await server.put(code, path, made)
    return { districtId, outcome: 'made' }
  }
  if (found.code !== code) fail('central-setup.other-district', { code: found.code })
  if (found.schemaVersion > schemaVersion) fail('central-setup.newer', { name: claims })
  if (trustRoot !== undefined && found.trustRoot !== null && found.trustRoot.x !== trustRoot.x) {
    fail('central-setup.other-trust-root')
  }
  const wanted = {
    ...found,
    schemaVersion,
    trustRoot: found.trustRoot ?? trustRoot ?? null,
    ...(fileKey === undefined ? {} : { fileKey }),
  }
  if (isDeepStrictEqual(wanted, found)) return { districtId: found.districtId, outcome: 'kept' }
  await server.put(code, path, wanted)
  return { districtId: found.districtId, outcome: 'changed' }
}
