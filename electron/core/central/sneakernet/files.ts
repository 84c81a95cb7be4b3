import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileSummary, FilesWork, RecipientRow } from '../../../../shared/contract/central-files.ts'
import { fail, OfficeError } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import type { InstallationGuard } from '../../store/installation-guard.ts'
import type { Reader } from '../../store/reader.ts'
import type { Store } from '../../store/store.ts'
import { writeWhole } from '../../store/write-durably.ts'
import type { CheckedFile } from './check-file.ts'
import { exportChanges } from './export.ts'
import { isImported } from './file-marks.ts'
import { handOver } from './hand-over.ts'
import { checkForOffice, type ImportContext, importChanges } from './import.ts'
import { keyIdOf } from './part-box.ts'
import { addRecipient, fingerprintOf, listRecipients, ownCard, readCard } from './recipients.ts'

/** What changes in a file work with; one for each open office. */
export interface FilesParts {
  readonly store: Store
  readonly reader: Reader
  readonly guard: InstallationGuard
  readonly directory: string
  /** Epoch milliseconds, by the server's clock as far as it is known. */
  readonly now: () => number
  /** Records of these batches are other ones by now. */
  readonly onBatches: (batchIds: readonly string[]) => void
}

/** Largest file that is taken, bytes. */
const LARGEST = 2_000_000_000
/** Bytes of a piece on its way to the screen. */
const PIECE = 750_000

interface Upload {
  readonly path: string
  readonly handle: FileHandle
  readonly size: number
  received: number
  pieces: number
  checked: CheckedFile | undefined
}

/** Changes that leave and arrive in files, as the screens ask for them. One file is worked on at a time. */
export class CentralFiles {
  readonly #parts: FilesParts
  readonly #directory: string
  readonly #written = new Map<string, { readonly path: string; readonly size: number }>()
  readonly #uploads = new Map<string, Upload>()
  #work: FilesWork | null = null
  #running: Promise<void> = Promise.resolve()
  #stop = new AbortController()

  constructor(parts: FilesParts) {
    this.#parts = parts
    this.#directory = join(parts.directory, 'central-files')
    this.#clear()
  }

  /** What others need to write to this office. @throws OfficeError `central.not-configured` */
  async card(): Promise<{ readonly text: string; readonly fingerprint: string; readonly officeName: string }> {
    const card = ownCard(this.#parts.store)
    const fingerprint = fingerprintOf(await keyIdOf(card.encryptionKey))
    return { text: JSON.stringify(card), fingerprint, officeName: card.officeName }
  }

  recipients(): RecipientRow[] {
    return listRecipients(this.#parts.store).map(({ installationId, officeName, keyId, addedAt }) => ({
      installationId,
      officeName,
      addedAt,
      fingerprint: fingerprintOf(keyId),
    }))
  }

  /** @throws OfficeError as `readCard` */
  async readCard(text: string): Promise<{ officeName: string; fingerprint: string }> {
    const { officeName, fingerprint } = await readCard(this.#parts.store, text)
    return { officeName, fingerprint }
  }

  async addRecipient(officerId: string, text: string): Promise<void> {
    await addRecipient(this.#parts.store, officerId, text)
  }

  /** What goes on, or went on last; null before the first. */
  work(): FilesWork | null {
    return this.#work
  }

  cancel(): void {
    this.#stop.abort()
  }

  /**
   * Begins to write a file; `work` tells how far it is.
   *
   * @throws OfficeError `central-files.busy`
   */
  beginExport(officer: Officer, wish: { to: string; pin: string; whole: boolean }): { id: string } {
    const id = newId()
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    const path = join(this.#directory, `${id}.out`)
    const { store, reader, guard, now } = this.#parts
    this.#begin(id, 'export', async (signal, onProgress) => {
      const context = { store, reader, epoch: () => guard.epoch, now }
      const done = await exportChanges(context, officer, { ...wish, path, signal, onProgress })
      this.#written.set(id, { path, size: done.bytes })
      return { exported: { records: done.records, bytes: done.bytes } }
    })
    return { id }
  }

  /** A piece of a finished file, base64; with the last one the file is gone. @throws OfficeError `central-files.gone` */
  async piece(id: string, done: number): Promise<{ content: string; done: number; last: boolean }> {
    const file = this.#written.get(id) ?? fail('central-files.gone')
    const handle = await open(file.path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE), 0, PIECE, done)
      const last = done + bytesRead >= file.size
      if (last) {
        this.#written.delete(id)
        rmSync(file.path, { force: true })
      }
      return { content: buffer.subarray(0, bytesRead).toString('base64'), done: done + bytesRead, last }
    } finally {
      await handle.close()
    }
  }

  /** @throws OfficeError `central-files.damaged` */
  async beginUpload(size: number): Promise<{ id: string }> {
    if (size > LARGEST || size === 0) fail('central-files.damaged')
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    const id = newId()
    const path = join(this.#directory, `${id}.in`)
    this.#uploads.set(id, {
      path,
      handle: await open(path, 'w', 0o600),
      size,
      received: 0,
      pieces: 0,
      checked: undefined,
    })
    return { id }
  }

  /** Pieces come in order; one that was taken already is taken once. @throws OfficeError `central-files.gone`, `-.damaged` */
  async append(id: string, piece: number, content: Uint8Array): Promise<void> {
    const upload = this.#upload(id)
    if (piece === upload.pieces - 1) return
    if (piece !== upload.pieces || upload.received + content.length > upload.size) fail('central-files.damaged')
    // Counted once it is there: what a full disk did not take is sent again, to the same place.
    await writeWhole(upload.handle, content, upload.received)
    if (piece !== upload.pieces) return
    upload.pieces += 1
    upload.received += content.length
  }

  /** Verifies an uploaded file whole and tells who signed it and what it brings. @throws OfficeError `central-files.*` */
  async check(id: string): Promise<FileSummary> {
    const upload = this.#upload(id)
    if (upload.received !== upload.size) fail('central-files.damaged')
    const checked = await checkForOffice(this.#context(), upload.path)
    upload.checked = checked
    const { officeName, madeAt, documents, from, epoch, sequence } = checked.manifest
    return {
      officeName,
      officerName: checked.officer.name,
      madeAt,
      documents,
      batches: checked.releases.length,
      known: isImported(this.#parts.store, from, epoch, sequence.upTo),
    }
  }

  /** Begins to take a verified file in; `work` tells how far it is. @throws OfficeError `central-files.busy`, `-.gone` */
  beginImport(officerId: string, id: string): void {
    const upload = this.#upload(id)
    const checked = upload.checked ?? fail('central-files.gone')
    this.#begin(id, 'import', async (signal, onProgress) => {
      const imported = await importChanges(this.#context(), officerId, checked, { signal, onProgress })
      // What an administrator is asked about first is taken up again with the same file.
      if (imported.stopped === null) await this.discard(id)
      return { imported }
    })
  }

  async discard(id: string): Promise<void> {
    const upload = this.#uploads.get(id)
    if (upload === undefined) return
    this.#uploads.delete(id)
    await upload.handle.close()
    rmSync(upload.path, { force: true })
  }

  /** Releases a batch to another office. @throws OfficeError as `handOver` */
  async handOver(officer: Officer, wish: { batchId: string; to: string; pin: string }): Promise<void> {
    const { store, guard, now } = this.#parts
    await handOver({ store, guard, now }, officer, wish)
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
    for (const id of [...this.#uploads.keys()]) await this.discard(id)
    this.#clear()
  }

  #begin(
    id: string,
    kind: FilesWork['kind'],
    work: (
      signal: AbortSignal,
      onProgress: (done: number, total: number) => void,
    ) => Promise<Partial<Pick<FilesWork, 'exported' | 'imported'>>>,
  ): void {
    if (this.#work?.running === true) fail('central-files.busy')
    this.#stop = new AbortController()
    const begun: FilesWork = {
      id,
      kind,
      running: true,
      done: 0,
      total: null,
      fault: null,
      exported: null,
      imported: null,
    }
    this.#work = begun
    const onProgress = (done: number, total: number): void => {
      this.#work = { ...begun, done, total }
    }
    this.#running = work(this.#stop.signal, onProgress).then(
      (result) => {
        this.#work = { ...begun, ...result, running: false }
      },
      (error: unknown) => {
        const fault = error instanceof OfficeError ? error.fault : ({ code: 'api.unexpected', params: {} } as const)
        if (!(error instanceof OfficeError))
          console.error('a file of changes', error instanceof Error ? error.name : '')
        this.#work = { ...begun, running: false, fault }
      },
    )
  }

  #context(): ImportContext {
    const { store, now, guard, onBatches } = this.#parts
    return { store, now, onBatches, epoch: () => guard.epoch, isRevoked: (id) => wasRevoked(store, id) }
  }

  #upload(id: string): Upload {
    return this.#uploads.get(id) ?? fail('central-files.gone')
  }

  #clear(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** Whether somebody shut that office out from here. What another office revoked is known at the centre. */
const wasRevoked = (store: Store, installationId: string): boolean =>
  store
    .sql(
      "SELECT 1 FROM audit WHERE action = 'central.office-revoked' AND subject_kind = 'office' AND subject_id = ? LIMIT 1",
    )
    .get(installationId) !== undefined
