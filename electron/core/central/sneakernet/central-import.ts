import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { Decision } from '../../../../shared/model/batch.ts'
import { DistrictDocument, districtDatabases, OfficeDocument } from '../../../../shared/model/central.ts'
import type { FileManifest } from '../../../../shared/model/central-file.ts'
import { Officer } from '../../../../shared/model/officer.ts'
import { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import { Connector } from '../../../../shared/model/tokenisation.ts'
import { isSignedDecision } from '../../batches/decision-jws.ts'
import {
  isConnectorTrustedIn,
  isManagerTrustedIn,
  isOfficerTrustedIn,
  isProviderTrustedIn,
  type TrustSource,
} from '../../identity/trust.ts'
import { fieldsOf, pieceId } from '../documents.ts'
import { enoughRecords, isManyRemovals } from '../merge/removal-guard.ts'
import type { CentralServer } from '../setup/server.ts'
import { type CentreDecision, decideAtCentre, takesOff } from './centre-decision.ts'
import { type CheckedFile, checkFile } from './check-file.ts'
import { documentsOf, type FileDocument } from './file-changes.ts'
import { linesOf } from './file-format.ts'
import { digestOf, openPart } from './part-box.ts'

/** What is taken in at the centre, and how. */
export interface CentralImport {
  readonly district: string
  readonly key: KeyObject
  readonly path: string
  /** Takes the file although it takes many records off the registry. */
  readonly acceptRemovals?: boolean
  readonly onProgress?: (done: number, total: number) => void
}

/** What the file brought to the server, in documents. */
export interface CentralImported {
  readonly manifest: FileManifest
  written: number
  merged: number
  known: number
  /** Not taken: signatures that do not verify, what is written once and stands there otherwise, what the rules refuse. */
  refused: number
  /** Why, and of which documents. */
  readonly refusals: { readonly id: string; readonly reason: string }[]
}

const SLICE = 300
const TRIES = 5

const Row = z.object({
  key: z.string(),
  doc: z.record(z.string(), z.unknown()).nullish(),
  value: z.object({ deleted: z.boolean().optional() }).optional(),
})
const Rows = z.object({ rows: z.array(z.looseObject({ doc: z.record(z.string(), z.unknown()).nullish() })) })
const Written = z.array(
  z.looseObject({
    id: z.string(),
    ok: z.boolean().optional(),
    error: z.string().optional(),
    reason: z.string().optional(),
  }),
)

/**
 * Takes changes of an office into the district's records. The file is verified whole before anything is written; the same
 * file again writes nothing.
 *
 * @throws OfficeError `central-files.*`, `central.removal-guard`, `central-setup.*`
 */
export async function importAtCentre(server: CentralServer, wanted: CentralImport): Promise<CentralImported> {
  const { district, key, path } = wanted
  const databases = districtDatabases(district)
  const found =
    (await server.find(district, `/${databases.claims}/district`, DistrictDocument)) ??
    fail('central.no-district', { host: '' })
  const officers = await readOfficers(server, databases.records)
  const known: TrustSource = { root: found.trustRoot ?? undefined, findOfficer: (id) => officers.get(id) }
  const checked = await checkFile({ district, key, trust: known }, path)
  await checkOffice(server, databases.claims, checked.manifest)

  const centre = new Centre(server, databases.records, checked)
  if (wanted.acceptRemovals !== true) await centre.refuseRemovals(partsOf(checked, key))
  let done = 0
  for await (const documents of partsOf(checked, key)) {
    for (let from = 0; from < documents.length; from += SLICE) await centre.write(documents.slice(from, from + SLICE))
    done += 1
    wanted.onProgress?.(done, checked.manifest.parts)
  }
  return centre.imported
}

async function* partsOf({ path, manifest }: CheckedFile, key: KeyObject): AsyncGenerator<FileDocument[]> {
  let part = -2
  for await (const line of linesOf(path)) {
    part += 1
    if (part < 0 || part >= manifest.parts) continue
    if (digestOf(line) !== manifest.partDigests[part]) fail('central-files.damaged')
    yield [...documentsOf(await openPart(line, key))]
  }
}

async function readOfficers(server: CentralServer, records: string): Promise<Map<string, Officer>> {
  const path = `/${records}/_all_docs?include_docs=true&startkey=%22officer%3A%22&endkey=%22officer%3B%22`
  const { rows } = (await server.find(records, path, Rows)) ?? { rows: [] }
  const officers = rows.flatMap(({ doc }) => Officer.safeParse(fieldsOf(doc ?? {})).data ?? [])
  return new Map(officers.map((officer) => [officer.id, officer]))
}

/** @throws OfficeError `central-files.office-revoked`, `central-files.old-epoch` */
async function checkOffice(server: CentralServer, claims: string, { from, epoch, officeName }: FileManifest) {
  const office = await server.find(from, `/${claims}/office:${encodeURIComponent(from)}`, OfficeDocument)
  if (office === undefined) return
  if (office.revoked !== null) fail('central-files.office-revoked', { office: officeName })
  if (office.epoch > epoch) fail('central-files.old-epoch')
}

const idOf = ({ name: { kind, id, piece } }: FileDocument): string =>
  piece === null ? `${kind}:${id}` : pieceId(id, piece)

interface There {
  readonly rev: string | undefined
  readonly fields: object | undefined
}

/** The records of the district while a file is taken in. */
class Centre {
  readonly imported: CentralImported
  readonly #server: CentralServer
  readonly #records: string
  readonly #trust: TrustSource

  constructor(server: CentralServer, records: string, { manifest, trust }: CheckedFile) {
    this.#server = server
    this.#records = records
    this.#trust = trust
    this.imported = { manifest, written: 0, merged: 0, known: 0, refused: 0, refusals: [] }
  }

  /** @throws OfficeError `central.removal-guard` */
  async refuseRemovals(parts: AsyncIterable<readonly FileDocument[]>): Promise<void> {
    const counts = new Map<string, number>()
    for await (const documents of parts) {
      const removing = documents.filter(({ fields }) => fields.removed === true)
      for (let from = 0; from < removing.length; from += SLICE) {
        const slice = removing.slice(from, from + SLICE)
        const there = await this.#read(slice)
        for (const document of slice) {
          const stands = there.get(idOf(document))?.fields
          if (!takesOff(stands, decideAtCentre(stands, document))) continue
          const { kind } = document.name
          const count = (counts.get(kind) ?? 0) + 1
          counts.set(kind, count)
        }
      }
    }
    for (const [kind, count] of counts) {
      if (isManyRemovals(count, await this.#countUpTo(kind, enoughRecords(count)))) {
        fail('central.removal-guard', { kind, count })
      }
    }
  }

  /** How many records of a kind stand at the server, counted no further than asked for. */
  async #countUpTo(kind: string, most: number): Promise<number> {
    const query = new URLSearchParams({ startkey: `"${kind}:"`, endkey: `"${kind};"`, limit: String(most) })
    const { rows } = (await this.#server.find(this.#records, `/${this.#records}/_all_docs?${query}`, Rows)) ?? {
      rows: [],
    }
    return rows.length
  }

  /** Writes what is news; what somebody wrote meanwhile is compared anew. */
  async write(documents: readonly FileDocument[]): Promise<void> {
    let open: FileDocument[] = []
    for (const document of documents) {
      if (await this.#isTrusted(document)) open.push(document)
      else this.#refuse(idOf(document), 'signature')
    }
    for (let tries = 0; open.length > 0; tries += 1) {
      if (tries === TRIES) fail('central-setup.somebody-faster', { name: this.#records })
      open = await this.#attempt(open)
    }
  }

  /** @returns what has to be tried again */
  async #attempt(documents: readonly FileDocument[]): Promise<FileDocument[]> {
    const there = await this.#read(documents)
    const decided = documents.map((document) => {
      const id = idOf(document)
      return { id, document, decision: decideAtCentre(there.get(id)?.fields, document) }
    })
    for (const { id, decision } of decided) {
      if (decision.kind === 'known') this.imported.known += 1
      if (decision.kind === 'refused') this.#refuse(id, 'written once')
    }
    const writes = decided.flatMap(({ id, document, decision }) =>
      decision.kind === 'write' ? [{ id, document, decision }] : [],
    )
    if (writes.length === 0) return []
    const docs = writes.map(({ id, decision }) => {
      const rev = there.get(id)?.rev
      return { ...decision.fields, _id: id, ...(rev === undefined ? {} : { _rev: rev }) }
    })
    const request = { method: 'POST', path: `/${this.#records}/_bulk_docs`, body: { docs } } as const
    const answers = Written.parse(await this.#server.ask(this.#records, request, [200, 201]))
    const outcomes = new Map(answers.map((answer) => [answer.id, answer]))
    return writes.flatMap(({ id, document, decision }) => this.#settle(outcomes.get(id), id, document, decision))
  }

  #settle(
    answer: z.infer<typeof Written>[number] | undefined,
    id: string,
    document: FileDocument,
    decision: Extract<CentreDecision, { kind: 'write' }>,
  ): FileDocument[] {
    if (answer === undefined || answer.error === 'conflict') return [document]
    if (answer.error !== undefined) {
      this.#refuse(id, answer.reason ?? answer.error)
      return []
    }
    this.imported.written += 1
    if (decision.merged) this.imported.merged += 1
    return []
  }

  async #read(documents: readonly FileDocument[]): Promise<Map<string, There>> {
    const keys = documents.map(idOf)
    const request = { method: 'POST', path: `/${this.#records}/_all_docs?include_docs=true`, body: { keys } } as const
    const { rows } = z.object({ rows: z.array(Row) }).parse(await this.#server.ask(this.#records, request))
    return new Map(
      rows.map(({ key, doc }) => [
        key,
        doc === null || doc === undefined
          ? { rev: undefined, fields: undefined }
          : { rev: String(doc._rev), fields: fieldsOf(doc) },
      ]),
    )
  }

  /** Officers, managers and decisions stand for what somebody signed; others stand for themselves. */
  async #isTrusted({ name, fields }: FileDocument): Promise<boolean> {
    switch (name.kind) {
      case 'officer': {
        const officer = Officer.safeParse(fields)
        return officer.success && (await isOfficerTrustedIn(this.#trust, officer.data))
      }
      case 'paymentManager': {
        const manager = PaymentManager.safeParse(fields)
        return manager.success && (await isManagerTrustedIn(this.#trust, manager.data))
      }
      case 'connector': {
        const connector = Connector.safeParse(fields)
        return connector.success && (await isConnectorTrustedIn(this.#trust, connector.data))
      }
      case 'signInProvider': {
        const provider = SignInProvider.safeParse(fields)
        return provider.success && (await isProviderTrustedIn(this.#trust, provider.data))
      }
      case 'decision': {
        const decision = Decision.safeParse(fields)
        if (!decision.success) return false
        const officer = this.#trust.findOfficer(decision.data.officerId)
        if (officer === undefined || !(await isOfficerTrustedIn(this.#trust, officer))) return false
        return isSignedDecision(decision.data, officer.signingKey)
      }
      default:
        return true
    }
  }

  #refuse(id: string, reason: string): void {
    this.imported.refused += 1
    if (this.imported.refusals.length < 100) this.imported.refusals.push({ id, reason })
  }
}
