import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putCentralSettings } from '../../../../electron/core/central/settings.ts'
import type { CheckedFile } from '../../../../electron/core/central/sneakernet/check-file.ts'
import { type Exported, exportChanges } from '../../../../electron/core/central/sneakernet/export.ts'
import {
  checkForOffice,
  type ImportContext,
  importChanges,
} from '../../../../electron/core/central/sneakernet/import.ts'
import { addRecipient, ownCard } from '../../../../electron/core/central/sneakernet/recipients.ts'
import { systemTime } from '../../../../electron/core/clock/office-time.ts'
import { type Office, openOffice } from '../../../../electron/core/office.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { createKeyFile, openKeyFile } from '../../../../electron/core/vault/key-file.ts'
import type { FileResult } from '../../../../shared/contract/central-files.ts'
import { addOfficer, PIN } from '../../district.ts'

/*
 * Offices of one district that never have a line: what they know of each other travels in files. They share a trust root.
 */

export const DISTRICT = 'north'

export class FilesOffice {
  readonly name: string
  readonly directory: string
  office: Office
  readonly #skew: number
  #files = 0

  private constructor(name: string, directory: string, office: Office, skew: number) {
    this.name = name
    this.directory = directory
    this.office = office
    this.#skew = skew
  }

  static async open(name: string, { skew = 0, district = DISTRICT } = {}): Promise<FilesOffice> {
    const directory = mkdtempSync(join(tmpdir(), `files-${name}-`))
    await createKeyFile(directory, undefined)
    const office = await open(directory, skew)
    await addOfficer(office, 'clerk', ['clerk'])
    await addOfficer(office, `approver-${name}`, ['approver'])
    office.store.transaction(OFFICE, (tx) => {
      putCentralSettings(tx, {
        url: 'http://127.0.0.1:9',
        district,
        user: name,
        certificateAuthority: '',
        everyMinutes: 1_440,
      })
      tx.mark('office-name', name)
      tx.audit({ action: 'test.settings', subjectKind: 'office', subjectId: name })
    })
    return new FilesOffice(name, directory, office, skew)
  }

  get store() {
    return this.office.store
  }

  get context(): ImportContext {
    const { store } = this.office
    return { store, now: () => Date.now(), epoch: () => 1, isRevoked: () => false }
  }

  get approver() {
    return this.store.get('officer', `approver-${this.name}`)
  }

  /** Makes it known to another office, or to the centre. */
  async knows(...others: readonly FilesOffice[]): Promise<void> {
    for (const other of others) await addRecipient(this.store, OFFICE, JSON.stringify(ownCard(other.store)))
  }

  newPath(): string {
    this.#files += 1
    return join(this.directory, `changes-${this.#files}.g2p-changes`)
  }

  /** Writes a file of what changed for another. */
  async write(to: string | FilesOffice, whole = false): Promise<Exported & { path: string }> {
    const path = this.newPath()
    const { store, reader } = this.office
    const done = await exportChanges({ store, reader, epoch: () => 1, now: () => Date.now() }, this.approver, {
      to: typeof to === 'string' ? to : to.store.installationId,
      pin: PIN,
      path,
      whole,
    })
    return { ...done, path }
  }

  check(path: string): Promise<CheckedFile> {
    return checkForOffice(this.context, path)
  }

  async read(path: string): Promise<FileResult> {
    return this.take(await this.check(path))
  }

  take(checked: CheckedFile): Promise<FileResult> {
    return importChanges(this.context, OFFICE, checked)
  }

  async shut(): Promise<void> {
    await this.office.close()
  }

  async reopen(): Promise<void> {
    this.office = await open(this.directory, this.#skew)
  }

  async close(): Promise<void> {
    await this.office.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

const open = async (directory: string, skew: number): Promise<Office> =>
  openOffice({
    directory,
    key: await openKeyFile(directory, undefined),
    training: true,
    time: skew === 0 ? systemTime : { ...systemTime, now: () => Date.now() + skew },
  })
