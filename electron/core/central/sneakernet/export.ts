import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import {
  CENTRE,
  FILE_VERSION,
  type FileHeader,
  FileManifest,
  type Release,
} from '../../../../shared/model/central-file.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import { openOfficerKey } from '../../identity/officer-keys.ts'
import { signClaims } from '../../identity/signatures.ts'
import { allOfficers } from '../../identity/signed-change.ts'
import { checkTrustedOfficer } from '../../identity/trust.ts'
import type { Reader } from '../../store/reader.ts'
import type { Store } from '../../store/store.ts'
import { type ChangePart, type ChangeRange, firstCursor } from './changes-query.ts'
import { type Closing, FileWriter } from './file-format.ts'
import { acknowledgedBy, importedFrom, widenHorizon } from './file-marks.ts'
import { openInstallationKey } from './installation-key.ts'
import { digestOf, encryptionKeyOf, sealPart } from './part-box.ts'
import { getDistrict, getRecipient } from './recipients.ts'

/** What an export works with. */
export interface ExportContext {
  readonly store: Store
  readonly reader: Pick<Reader, 'run'>
  readonly epoch: () => number
  /** Epoch milliseconds. */
  readonly now: () => number
}

export interface ExportOptions {
  /** Installation of the recipient, or `centre`. */
  readonly to: string
  readonly pin: string
  readonly path: string
  /** Everything, whatever the recipient has acknowledged. */
  readonly whole?: boolean
  readonly signal?: AbortSignal | undefined
  /** Records written so far, and of how many. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface Exported {
  readonly records: number
  readonly documents: number
  readonly parts: number
  readonly bytes: number
  readonly sequence: FileManifest['sequence']
}

/**
 * Writes what changed since the recipient last acknowledged into a file, signed by the officer and encrypted to the
 * recipient. Nothing here changes but the audit trail: the same can be written again at any time.
 *
 * @throws OfficeError `central-files.no-recipient`, `central.not-configured`, `identity.*`, `api.cancelled`
 */
export async function exportChanges(
  context: ExportContext,
  officer: Officer,
  options: ExportOptions,
): Promise<Exported> {
  const { store, reader } = context
  const { path, signal, onProgress } = options
  const district = getDistrict(store)
  const recipient = getRecipient(store, options.to)
  await checkTrustedOfficer(store, officer)
  const key = await openOfficerKey(store, officer.id, options.pin)

  const upTo = store.sequence
  const epoch = context.epoch()
  const toCentre = recipient.installationId === CENTRE
  const after = options.whole === true || toCentre ? 0 : acknowledgedBy(store, recipient.installationId, epoch)
  // Before anything is read: from now on others may have these versions.
  store.housekeeping((_, mark) => widenHorizon(store, mark, upTo))
  const range: ChangeRange = { after, upTo, toCentre }
  const total = await reader.run('centralFiles.count', range, { signal })

  const writer = await FileWriter.create(path)
  const digests: string[] = []
  let [records, documents] = [0, 0]
  try {
    for (let cursor: ChangePart['next'] = firstCursor(); cursor !== null; ) {
      const part: ChangePart = await reader.run('centralFiles.part', { ...range, cursor }, { signal })
      cursor = part.next
      if (part.documents === 0) continue
      const line = await sealPart(part.content, recipient.encryptionKey)
      digests.push(digestOf(line))
      await writer.add(line)
      records += part.records
      documents += part.documents
      onProgress?.(records, total)
    }
    const releases = toCentre ? [] : releasesTo(store, recipient.installationId)
    const header: FileHeader = {
      format: 'g2p-changes',
      version: FILE_VERSION,
      fileId: randomUUID(),
      district,
      from: store.installationId,
      to: recipient.keyId,
      madeAt: context.now(),
      parts: digests.length,
    }
    const [position = '0', hash = ''] = (store.findMark('audit-head') ?? '').split(':')
    const manifest: FileManifest = {
      ...header,
      officerId: officer.id,
      officeName: store.findMark('office-name') ?? '',
      epoch,
      sequence: { after, upTo },
      auditHead: { position: Number(position), hash },
      encryptionKey: encryptionKeyOf(openInstallationKey(store)),
      documents,
      partDigests: digests,
      imported: importedFrom(store),
      releaseDigests: releases.map(({ jws }) => digestOf(jws)),
    }
    const closing: Closing = {
      manifest: await signClaims('changes-in-a-file', FileManifest.parse(manifest), officer.id, key),
      officers: allOfficers(store),
      releases,
    }
    await writer.add(await sealPart(Buffer.from(JSON.stringify(closing)), recipient.encryptionKey))
    const bytes = await writer.finish(header)
    store.transaction(officer.id, (transaction) =>
      transaction.audit({
        action: 'central-files.exported',
        subjectKind: 'office',
        subjectId: recipient.installationId,
        detail: { fileId: header.fileId, records, after, upTo, parts: digests.length, releases: releases.length },
      }),
    )
    return { records, documents, parts: digests.length, bytes, sequence: manifest.sequence }
  } catch (error) {
    await writer.close().catch(() => undefined)
    rmSync(path, { force: true })
    throw error
  }
}

const releasesTo = (store: Store, installationId: string): Release[] =>
  (
    store
      .sql('SELECT release FROM handed_over WHERE to_installation = ? ORDER BY batch_id')
      .pluck()
      .all(installationId) as string[]
  ).map((release) => JSON.parse(release) as Release)
