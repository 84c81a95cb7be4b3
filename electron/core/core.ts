import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../shared/contract/result.ts'
import type { Role } from '../../shared/model/officer.ts'
import type { CoreOptions } from './core-thread-handle.ts'
import { createFirstAdministrator, type FirstAdministrator } from './identity/first-administrator.ts'
import { type Office, openOffice } from './office.ts'
import { holdDirectory } from './store/directory-lock.ts'
import { createKeyFile, hasKeyFile, needsPassphrase, openKeyFile } from './vault/key-file.ts'

/** What the sign-in screen shows before anybody is signed in. */
export interface OfficeStatus {
  /** `none`: nothing was set up yet; `locked`: the passphrase is needed; `open`: officers can sign in. */
  readonly state: 'none' | 'locked' | 'open'
  readonly training: boolean
  readonly officeName: string
  readonly officers: readonly { id: string; name: string; login: string; roles: readonly Role[] }[]
  /** The training office shows its officers' PINs. */
  readonly trainingPins: Readonly<Record<string, string>>
}

/** What makes the training office out of an empty one, and what serves it; given by the door so that the core knows no peers. */
export interface TrainingRoom {
  /** Called once, after the empty training store was made. */
  furnish(office: Office): Promise<void>
  /** Called at each opening, before anybody can sign in: starts the built-in payment system. */
  enter(office: Office): Promise<TrainingVisit>
  readonly pins: Readonly<Record<string, string>>
}

/** The training office while it is open. */
export interface TrainingVisit {
  /** Where the built-in payment system listens: all that the training office can reach. */
  readonly origins: readonly string[]
  leave(): Promise<void>
}

const CHOICE = 'current'

/** The core of one data folder: at most one office is open at a time, the real one or the training one. */
export class Core {
  readonly #options: CoreOptions
  readonly #training: TrainingRoom
  readonly #release: () => void
  #office: Office | undefined
  #leaveTraining: (() => Promise<void>) | undefined

  /** @throws OfficeError `store.in-use` when another process holds the folder */
  constructor(options: CoreOptions, training: TrainingRoom) {
    this.#options = options
    this.#training = training
    mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
    this.#release = holdDirectory(options.dataDirectory)
  }

  /** Opens what was open last, as far as that needs nobody. */
  async start(): Promise<void> {
    if (this.#choice() === 'training') return this.openTraining()
    const directory = this.#directory('office')
    if (!hasKeyFile(directory)) return
    if (this.#options.passphrase !== undefined || !needsPassphrase(directory))
      await this.#openReal(this.#options.passphrase)
  }

  findOffice(): Office | undefined {
    return this.#office
  }

  /** @throws OfficeError `store.locked` */
  getOffice(): Office {
    return this.#office ?? fail('store.locked')
  }

  status(): OfficeStatus {
    const office = this.#office
    if (office === undefined) {
      const state = hasKeyFile(this.#directory('office')) ? 'locked' : 'none'
      return { state, training: false, officeName: '', officers: [], trainingPins: {} }
    }
    const officers = office.store
      .sql("SELECT body FROM officer WHERE removed = 0 AND state = 'active' ORDER BY login")
      .pluck()
      .all() as string[]
    return {
      state: 'open',
      training: office.training,
      officeName: office.store.findMark('office-name') ?? '',
      officers: officers.map((body) => {
        const { id, name, login, roles } = JSON.parse(body)
        return { id, name, login, roles }
      }),
      trainingPins: office.training ? this.#training.pins : {},
    }
  }

  async openTraining(): Promise<void> {
    if (this.#office?.training) return
    await this.#closeOffice()
    const directory = this.#directory('training')
    const isNew = !hasKeyFile(directory)
    const key = isNew ? await createKeyFile(directory, undefined) : await openKeyFile(directory, undefined)
    let origins: readonly string[] = []
    const office = await openOffice({ directory, key, training: true, allowedOrigins: () => origins })
    try {
      if (office.store.findMark('furnished') === undefined) await this.#training.furnish(office)
      const visit = await this.#training.enter(office)
      origins = visit.origins
      this.#leaveTraining = () => visit.leave()
    } catch (error) {
      await office.close()
      throw error
    }
    this.#office = office
    this.#choose('training')
  }

  async leaveTraining(): Promise<void> {
    if (this.#office !== undefined && !this.#office.training) return
    await this.#closeOffice()
    this.#choose('office')
    await this.start()
  }

  /** @throws OfficeError `vault.already-there`, `identity.weak-pin` */
  async createOffice(input: { officeName: string; passphrase: string; officer: FirstAdministrator }): Promise<void> {
    const directory = this.#directory('office')
    // Before anything is closed: nobody may shut an open office by asking for a new one.
    if (hasKeyFile(directory)) fail('vault.already-there')
    await this.#closeOffice()
    const key = await createKeyFile(directory, input.passphrase)
    let office: Office | undefined
    try {
      office = await openOffice({ directory, key, training: false })
      await createFirstAdministrator(office.store, input.officeName, input.officer)
    } catch (error) {
      // Half an office cannot be unlocked into anything useful; nothing was entered in it yet.
      await office?.close()
      rmSync(directory, { recursive: true, force: true })
      throw error
    }
    this.#office = office
    this.#choose('office')
  }

  /** @throws OfficeError `vault.wrong-passphrase`, `vault.damaged`, and those of opening the store */
  async unlock(passphrase: string): Promise<void> {
    if (this.#office !== undefined) return
    await this.#openReal(passphrase)
  }

  async close(): Promise<void> {
    await this.#closeOffice()
    this.#release()
  }

  async #openReal(passphrase: string | undefined): Promise<void> {
    const directory = this.#directory('office')
    const key = await openKeyFile(directory, passphrase)
    this.#office = await openOffice({ directory, key, training: false })
    this.#choose('office')
  }

  async #closeOffice(): Promise<void> {
    const office = this.#office
    this.#office = undefined
    await this.#leaveTraining?.()
    this.#leaveTraining = undefined
    await office?.close()
  }

  #directory(which: 'office' | 'training'): string {
    return join(this.#options.dataDirectory, which)
  }

  #choice(): string {
    const file = join(this.#options.dataDirectory, CHOICE)
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  }

  #choose(which: 'office' | 'training'): void {
    writeFileSync(join(this.#options.dataDirectory, CHOICE), `${which}\n`)
  }
}
