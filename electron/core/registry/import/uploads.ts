import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { appendSealed } from './sealed-file.ts'
import { newStage, type StageFile } from './staged-rows.ts'
import type { SealedFile } from './table.ts'

/** Largest file that is taken, in bytes. */
const UPLOAD_LIMIT = 200_000_000

interface Upload extends SealedFile {
  readonly id: string
  readonly size: number
  received: number
  pieces: number
}

/** Files on their way into the registry: sealed on the disk, gone with the import, with the office and at its next start. */
export class Uploads {
  readonly #directory: string
  readonly #uploads = new Map<string, Upload>()

  constructor(officeDirectory: string) {
    this.#directory = join(officeDirectory, 'uploads')
    this.clear()
  }

  begin(name: string, size: number): string {
    if (size > UPLOAD_LIMIT) fail('registry.upload-too-large', { megabytes: UPLOAD_LIMIT / 1_000_000 })
    if (size === 0) fail('registry.file-empty')
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    const id = newId()
    const path = join(this.#directory, `${id}.part`)
    this.#uploads.set(id, { id, name, path, size, key: randomBytes(32), received: 0, pieces: 0 })
    return id
  }

  /** Pieces come in order; a piece that was already taken is taken once. */
  append(id: string, piece: number, content: Uint8Array): { readonly received: number } {
    const upload = this.#get(id)
    if (piece === upload.pieces - 1) return { received: upload.received }
    if (piece !== upload.pieces || upload.received + content.length > upload.size) fail('registry.upload-incomplete')
    appendSealed(upload.path, upload.key, piece, content)
    upload.pieces += 1
    upload.received += content.length
    return { received: upload.received }
  }

  /** @throws OfficeError `registry.upload-gone`, `registry.upload-incomplete` */
  file(id: string): SealedFile {
    const upload = this.#get(id)
    if (upload.received !== upload.size) fail('registry.upload-incomplete')
    const { path, key, name } = upload
    return { path, key, name }
  }

  /** An empty place for what a check finds fit; gone with the upload. @throws OfficeError `registry.upload-gone` */
  stage(id: string): StageFile {
    return newStage(stagePath(this.#get(id)))
  }

  discard(id: string): void {
    const upload = this.#uploads.get(id)
    if (upload === undefined) return
    this.#uploads.delete(id)
    rmSync(upload.path, { force: true })
    rmSync(stagePath(upload), { force: true })
  }

  clear(): void {
    this.#uploads.clear()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #get(id: string): Upload {
    return this.#uploads.get(id) ?? fail('registry.upload-gone')
  }
}

const stagePath = ({ path }: SealedFile): string => `${path}.rows`
