import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { FileResult } from '../../../../shared/contract/central-files.ts'
import { type Fault, fail, OfficeError } from '../../../../shared/contract/result.ts'
import type { FileManifest } from '../../../../shared/model/central-file.ts'
import { trustOf } from '../../identity/trust.ts'
import type { Store } from '../../store/store.ts'
import { applyIncoming, type MergeContext } from '../merge/apply.ts'
import { endRemovals } from '../merge/removal-guard.ts'
import { finishUnfinished } from '../merge/unfinished.ts'
import { applySideDocuments } from '../replication/side-records.ts'
import { type CheckedFile, checkFile } from './check-file.ts'
import { documentsOf, type FileRecord, recordsOf, relationOf, saidIn } from './file-changes.ts'
import { linesOf } from './file-format.ts'
import { closeHorizon, importedFrom, isImported, noteAcknowledged, noteImported, openHorizon } from './file-marks.ts'
import { openInstallationKey } from './installation-key.ts'
import { joinLineage } from './lineage.ts'
import { digestOf, openPart } from './part-box.ts'
import { getDistrict } from './recipients.ts'
import { takeReleases } from './releases.ts'

/** What an import works with. */
export interface ImportContext extends MergeContext {
  readonly epoch: () => number
  /** Whether an administrator shut that office out, as far as it is known here. */
  readonly isRevoked: (installationId: string) => boolean
}

/** Records that are compared at a time, which holds up the office for some milliseconds. */
const SLICE = 100
const UNDER_WAY = 'central-files-under-way'
const UnderWay = z.object({ fileId: z.string(), part: z.int().min(0) })

/**
 * Verifies a file for this office.
 *
 * @throws OfficeError `central-files.*`, `central.not-configured`
 */
export async function checkForOffice(context: ImportContext, path: string): Promise<CheckedFile> {
  const { store } = context
  const key = openInstallationKey(store)
  const checked = await checkFile({ district: getDistrict(store), key, trust: trustOf(store) }, path)
  const { from, epoch, officeName } = checked.manifest
  if (from === store.installationId) fail('central-files.own-file')
  if (context.isRevoked(from)) fail('central-files.office-revoked', { office: officeName })
  const known = importedFrom(store)[from]
  if (known !== undefined && known.epoch > epoch) fail('central-files.old-epoch')
  return checked
}

/**
 * Applies a file that was verified. The same file again changes nothing, one that was interrupted goes on, and what is older
 * than what stands here is passed over.
 *
 * @param onProgress parts done
 * @throws OfficeError `central-files.damaged`, `api.cancelled`
 */
export async function importChanges(
  context: ImportContext,
  officerId: string,
  checked: CheckedFile,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (done: number, total: number) => void } = {},
): Promise<FileResult> {
  const { store } = context
  const { manifest, path } = checked
  const releases = await takeReleases(store, officerId, checked)
  // What an import that was cut off did not come to.
  await finishUnfinished(context)
  const total: Tally = { adopted: 0, merged: 0, conflicts: 0, quarantined: 0, known: 0, stopped: null }
  if (!isImported(store, manifest.from, manifest.epoch, manifest.sequence.upTo)) {
    store.housekeeping((_, mark) => openHorizon(mark))
    const key = openInstallationKey(store)
    const from = resumeAt(store, manifest)
    let part = -2
    for await (const line of linesOf(path)) {
      part += 1
      if (part < from || part >= manifest.parts) continue
      // As it was verified: the file may have been changed since.
      if (digestOf(line) !== manifest.partDigests[part]) fail('central-files.damaged')
      const documents = [...documentsOf(await openPart(line, key))]
      const records = [...recordsOf(documents)]
      for (let at = 0; at < records.length && total.stopped === null; at += SLICE) {
        await applySlice(context, records.slice(at, at + SLICE), total)
        await nextTurn()
        if (signal?.aborted) throw new OfficeError({ code: 'api.cancelled', params: {} })
      }
      if (total.stopped !== null) return { ...total, releases }
      applySideDocuments(store, saidIn(documents), context.now())
      store.housekeeping((_, mark) => mark(UNDER_WAY, JSON.stringify({ fileId: manifest.fileId, part: part + 1 })))
      onProgress?.(part + 1, manifest.parts)
    }
  }
  endRemovals(store)
  finish(context, officerId, manifest, total)
  return { ...total, releases }
}

interface Tally {
  adopted: number
  merged: number
  conflicts: number
  quarantined: number
  known: number
  stopped: Fault | null
}

/** The part at which an import of this very file was cut off. */
function resumeAt(store: Store, { fileId }: FileManifest): number {
  const kept = store.findMark(UNDER_WAY)
  const at = kept === undefined || kept === '' ? undefined : UnderWay.parse(JSON.parse(kept))
  return at?.fileId === fileId ? at.part : 0
}

async function applySlice(context: ImportContext, records: readonly FileRecord[], total: Tally): Promise<void> {
  const { store } = context
  const sql: Store['sql'] = (text) => store.sql(text)
  const related = records.map((came) => ({
    came,
    relation: relationOf(store, came),
    before: store.find(came.kind, came.id),
  }))
  const news = related.filter(({ relation }) => relation.kind !== 'same' && relation.kind !== 'older')
  total.known += related.length - news.length
  await nextTurn()
  const applied = await applyIncoming(
    context,
    news.map(({ came, relation, before }) => ({
      kind: came.kind,
      id: came.id,
      rev: '',
      deleted: false,
      record: came.fields,
      conflicts: [],
      // What came from the version here goes on from it.
      base: relation.kind === 'newer' ? (before ?? null) : relation.kind === 'fork' ? (relation.base ?? null) : null,
    })),
  )
  if (applied.stopped !== null) {
    total.stopped = applied.stopped
    return
  }
  total.adopted += applied.adopted
  total.merged += applied.merged
  total.conflicts += applied.conflicts
  total.quarantined += applied.quarantined
  await nextTurn()
  store.housekeeping(() => {
    for (const { came, relation, before } of related) {
      if (relation.kind === 'older' || (relation.kind === 'new' && came.past.length === 0)) continue
      if (relation.kind === 'same' && came.past.length === 0) continue
      const isAside = sql('SELECT 1 FROM central_quarantine WHERE document_id = ?').get(`${came.kind}:${came.id}`)
      if (isAside === undefined) joinLineage(sql, before, came)
    }
  })
}

/** Notes how far this office has what the other wrote, and what the other has of this one. */
function finish({ store, epoch }: ImportContext, officerId: string, manifest: FileManifest, total: Tally): void {
  const { from, sequence, imported, fileId, officerId: signer } = manifest
  const known = importedFrom(store)[from]
  const has = known?.epoch === manifest.epoch ? known.sequence : 0
  store.transaction(officerId, (transaction) => {
    const mark = (key: string, value: string): void => transaction.mark(key, value)
    // A file that begins behind what is here leaves a gap: the next one has to bring that too.
    if (sequence.after <= has) noteImported(transaction, mark, from, { epoch: manifest.epoch, sequence: sequence.upTo })
    const ours = imported[store.installationId]
    if (ours !== undefined && ours.epoch === epoch()) noteAcknowledged(transaction, mark, from, ours)
    mark(UNDER_WAY, '')
    closeHorizon(mark, transaction.sequence)
    transaction.audit({
      action: 'central-files.imported',
      subjectKind: 'office',
      subjectId: from,
      detail: { fileId, signer, adopted: total.adopted, merged: total.merged, known: total.known, ...sequence },
    })
  })
}
