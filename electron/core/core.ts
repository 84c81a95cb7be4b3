import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Fault, fail, OfficeError } from '../../shared/contract/result.ts'
import { restoreOffice } from './backup/restore-office.ts'
import { type OfficeTime, systemTime } from './clock/office-time.ts'
import type { CoreOptions, InstallOrder } from './core-thread-handle.ts'
import { OFFICE_BEING_MADE, OFFICE_FOLDER, OFFICE_RESTORED, TRAINING_FOLDER } from './data-folder.ts'
import type { KeyStore } from './doors/key-store.ts'
import type { ProxyDecision } from './http/exchange-types.ts'
import { createFirstAdministrator, type FirstAdministrator } from './identity/first-administrator.ts'
import { type ClosedOffice, retireOffice, stayHere } from './moving/retire-office.ts'
import { type Office, type OpenOfficeOptions, openOffice } from './office.ts'
import { closedStatus, type OfficeStatus, openStatus } from './office-status.ts'
import { provisionOffice } from './provision/apply.ts'
import { refuseUnsafePlace } from './provision/machine-file.ts'
import { type Provision, readProvision } from './provision/read.ts'
import type { WorkUnderWay } from './scheduler/scheduler.ts'
import { syncDirectory } from './store/database.ts'
import { holdDirectory } from './store/directory-lock.ts'
import {
  createKeyFile,
  hasKeyFile,
  type MadeRecoveryKey,
  needsPassphrase,
  type Opener,
  openAndSettle,
  openKey,
  openKeyFile,
  replaceKeyFile,
} from './vault/key-file.ts'
import { clearCutOffReplacement, replaceKey } from './vault/replace-key.ts'
import { systemKeyRing } from './vault/system-key-ring.ts'

/** What makes the training office out of an empty one, and what serves it; given by the door so that the core knows no peers. */
export interface TrainingRoom {
  /** Called once, after the empty training store was made. */
  furnish(office: Office): Promise<void>
  /** Called at each opening, before anybody can sign in: starts the built-in servers. */
  enter(office: Office): Promise<TrainingVisit>
  /** A file of invented households to practise importing with; the same number gives the same people. */
  sample(households: number): string
  readonly pins: Readonly<Record<string, string>>
}

/** The training office while it is open. */
export interface TrainingVisit {
  /** Where the built-in servers listen: all that the training office can reach. */
  origins(): readonly string[]
  leave(): Promise<void>
}

export interface NewOffice {
  readonly officeName: string
  readonly passphrase: string
  /** Nobody else pays for this programme's people: claims need no central server (I6). */
  readonly soleOffice: boolean
  readonly officer: FirstAdministrator
}

/** What the core asks and tells the door that it lives behind. */
export interface DoorReach {
  readonly proxyFor?: (url: URL) => Promise<ProxyDecision>
  readonly tellWork?: (work: WorkUnderWay) => void
  readonly install?: (order: InstallOrder) => void
  /** The key ring of the system where left out. */
  readonly keyStore?: KeyStore
}

const CHOICE = 'current'

/** The core of one data folder: at most one office is open at a time, the real one or the training one. */
export class Core {
  readonly #options: CoreOptions
  readonly #training: TrainingRoom
  readonly #reach: DoorReach
  readonly #time: OfficeTime | undefined
  /** Where this door can keep the key of the store. */
  readonly keyStore: KeyStore
  readonly #release: () => void
  #office: Office | undefined
  #keyStoreFault: Fault | null = null
  #leaveTraining: (() => Promise<void>) | undefined
  readonly #sessionListeners = new Set<(client: string) => void>()
  readonly #linkListeners = new Set<(url: string) => void>()
  /** Opening and closing go one after the other: two windows may ask for it at once. */
  #turn: Promise<unknown> = Promise.resolve()

  /**
   * @param time hastened by tests; the machine's own otherwise
   * @throws OfficeError `store.in-use` when another process holds the folder
   */
  constructor(options: CoreOptions, training: TrainingRoom, time?: OfficeTime, reach: DoorReach = {}) {
    this.#options = options
    this.#training = training
    this.#reach = reach
    this.keyStore = reach.keyStore ?? systemKeyRing()
    this.#time = time
    mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
    this.#release = holdDirectory(options.dataDirectory)
  }

  /**
   * Opens what was open last, as far as that needs nobody. With a provisioning file it is the real office, which is made
   * where there is none.
   *
   * @throws OfficeError `provision.*` and those of opening the store
   */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start())
  }

  async #start(): Promise<void> {
    for (const unfinished of [OFFICE_BEING_MADE, OFFICE_RESTORED]) {
      rmSync(join(this.#options.dataDirectory, unfinished), { recursive: true, force: true })
    }
    const { passphrase, provisionFile } = this.#options
    if (provisionFile === undefined && this.#choice() === 'training') return this.#openTraining()
    const directory = this.#directory('office')
    if (hasKeyFile(directory)) {
      if (!needsPassphrase(directory)) await this.#openByKeyStore()
      else if (passphrase !== undefined) await this.#openReal(passphrase)
    } else if (this.#provisionWaits()) {
      // Said at once, not when somebody has chosen a passphrase.
      this.#readProvision()
      if (passphrase !== undefined) await this.#createProvisioned(passphrase)
    }
  }

  /** Called when somebody signs in or is signed out at a window. @returns how to stop */
  onSessionChange(listener: (client: string) => void): () => void {
    this.#sessionListeners.add(listener)
    return () => void this.#sessionListeners.delete(listener)
  }

  /** Called with each address of a provider that an officer's browser is meant to open. */
  onOfferedLink(listener: (url: string) => void): void {
    this.#linkListeners.add(listener)
  }

  /** @throws OfficeError `setup.not-training` in a real office */
  trainingSample(households: number): string {
    if (!this.getOffice().training) fail('setup.not-training')
    return this.#training.sample(households)
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
    return office === undefined
      ? closedStatus(this.#directory('office'), this.#provisionWaits(), this.#keyStoreFault)
      : openStatus(office, this.#training.pins)
  }

  openTraining(): Promise<void> {
    return this.#inTurn(() => this.#openTraining())
  }

  async #openTraining(): Promise<void> {
    if (this.#office?.training) return
    await this.#closeOffice()
    const directory = this.#directory('training')
    const isNew = !hasKeyFile(directory)
    const key = isNew ? await createKeyFile(directory, undefined) : await openKeyFile(directory, undefined)
    let visit: TrainingVisit | undefined
    const allowedOrigins = (): readonly string[] => visit?.origins() ?? []
    const office = await this.#openOffice({ directory, key, training: true, allowedOrigins })
    try {
      if (office.store.findMark('furnished') === undefined) await this.#training.furnish(office)
      const entered = await this.#training.enter(office)
      visit = entered
      this.#leaveTraining = () => entered.leave()
      await office.reader.opened
    } catch (error) {
      await this.#leaveTraining?.()
      this.#leaveTraining = undefined
      await office.close()
      throw error
    }
    this.#adopt(office, 'training')
  }

  leaveTraining(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#office !== undefined && !this.#office.training) return
      await this.#closeOffice()
      this.#choose('office')
      await this.#start()
    })
  }

  /** @throws OfficeError `vault.already-there`, `identity.weak-pin` */
  createOffice(input: NewOffice): Promise<void> {
    return this.#inTurn(() =>
      this.#create(input.passphrase, (office) => createFirstAdministrator(office.store, input, input.officer)),
    )
  }

  /**
   * Makes the office that the provisioning file describes.
   *
   * @throws OfficeError `setup.not-provisioned`, `vault.already-there`, `provision.*`
   */
  createProvisioned(passphrase: string): Promise<void> {
    return this.#inTurn(() => this.#createProvisioned(passphrase))
  }

  /** @throws OfficeError `vault.wrong-passphrase`, `vault.damaged`, `provision.*` and those of opening the store */
  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#office === undefined) await this.#openReal(passphrase)
    })
  }

  /** Asks the key store of the system for the key; why it gives none stands in the status. */
  openByKeyStore(): Promise<void> {
    return this.#inTurn(async () => {
      const directory = this.#directory('office')
      if (this.#office === undefined && hasKeyFile(directory) && !needsPassphrase(directory))
        await this.#openByKeyStore()
    })
  }

  /**
   * Replaces the key of the store of the real office, which is closed for it and opened again; everybody is signed out.
   *
   * @param passphrase the one that opens the office; not looked at where the key store does
   * @throws OfficeError `vault.*`, `store.*`, `backup.not-verified`; the office opens as before then
   */
  replaceKey(wanted: {
    readonly officerId: string
    readonly recoveryKey: MadeRecoveryKey
    readonly passphrase: string
  }): Promise<void> {
    return this.#inTurn(async () => {
      if (this.getOffice().training) fail('backup.not-in-training')
      const { keyStore } = this
      const directory = this.#directory('office')
      const { officerId, recoveryKey } = wanted
      const passphrase = needsPassphrase(directory) ? wanted.passphrase : undefined
      // Nobody is signed out for a passphrase that was mistyped.
      await openKeyFile(directory, passphrase, keyStore)
      await this.#closeOffice()
      try {
        await replaceKey({ directory, passphrase, keyStore, recoveryKey, officerId })
      } finally {
        await this.#openReal(passphrase)
      }
    })
  }

  /**
   * Retires this laptop and writes the last backup of its office. The office is closed for it and opened again, to be looked
   * at only; everybody is signed out.
   *
   * @throws OfficeError `backup.*`, `moving.retired`, `store.*`
   */
  retire({ officerId, folder }: { readonly officerId: string; readonly folder: string }): Promise<void> {
    return this.#inTurn(async () => {
      const { backups, training } = this.getOffice()
      if (training) fail('backup.not-in-training')
      await backups.requireFolder(folder)
      await this.#whileClosed(officerId, (closed) => retireOffice(closed, folder))
    })
  }

  /** Gives a move up of which no backup came about. @throws OfficeError `moving.*`, `backup.folder-*` */
  stayHere(officerId: string): Promise<void> {
    return this.#inTurn(() => this.#whileClosed(officerId, stayHere))
  }

  /**
   * Opens the office with its recovery key; from then on the new passphrase holds.
   *
   * @throws OfficeError `vault.recovery-key-*`, `vault.no-recovery-key` and those of {@link unlock}
   */
  recover(recoveryKey: string, newPassphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#office !== undefined) return
      const directory = this.#directory('office')
      const { keyFile } = await openKey(directory, { recoveryKey, newPassphrase })
      if (keyFile !== undefined) replaceKeyFile(directory, keyFile)
      await this.#openReal(newPassphrase)
      this.getOffice().recovery.noteUse()
    })
  }

  /**
   * Puts a backup in place where there is no office yet, and opens it.
   *
   * @throws OfficeError `backup.*`, `vault.*` and those of opening the store
   */
  restoreOffice(wish: { readonly path: string; readonly opener: Opener }): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#office !== undefined) fail('backup.office-there')
      const { dataDirectory } = this.#options
      const { opener } = wish
      await restoreOffice({ ...wish, dataDirectory, present: 'refuse' })
      await this.#openReal('passphrase' in opener ? opener.passphrase : opener.newPassphrase)
      if ('recoveryKey' in opener) this.getOffice().recovery.noteUse()
    })
  }

  /** Closes the real office until somebody gives the passphrase again. @throws OfficeError `setup.nothing-to-lock` */
  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#office === undefined || this.#office.training) fail('setup.nothing-to-lock')
      await this.#closeOffice()
    })
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#closeOffice())
    this.#release()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #create(passphrase: string, furnish: (office: Office) => Promise<void>): Promise<void> {
    const directory = this.#directory('office')
    // Before anything is closed: nobody may shut an open office by asking for a new one.
    if (hasKeyFile(directory)) fail('vault.already-there')
    await this.#closeOffice()
    const place = join(this.#options.dataDirectory, OFFICE_BEING_MADE)
    rmSync(place, { recursive: true, force: true })
    const key = await createKeyFile(place, passphrase)
    let office: Office | undefined
    try {
      office = await this.#openOffice({ directory: place, key, training: false })
      await furnish(office)
      await office.close()
      office = undefined
      renameSync(place, directory)
      syncDirectory(this.#options.dataDirectory)
    } catch (error) {
      // Half an office cannot be unlocked into anything useful; nothing was entered in it yet.
      await office?.close()
      rmSync(place, { recursive: true, force: true })
      throw error
    }
    const whole = await this.#openOffice({ directory, key, training: false })
    try {
      await whole.reader.opened
    } catch (error) {
      await whole.close()
      throw error
    }
    this.#adopt(whole, 'office')
  }

  #openOffice(options: OpenOfficeOptions): Promise<Office> {
    const { proxyFor } = this.#reach
    return openOffice({
      ...options,
      ...(this.#time === undefined ? {} : { time: this.#time }),
      ...(proxyFor === undefined ? {} : { proxyFor }),
    })
  }

  #provisionWaits(): boolean {
    return (this.#options.provisionFile ?? this.#options.machineProvisionFile) !== undefined
  }

  /** For an office that is to be made: the file that the door was given, else the one that lies ready on this machine. */
  #readProvision(): Provision | undefined {
    const { provisionFile, machineProvisionFile } = this.#options
    if (provisionFile !== undefined || machineProvisionFile === undefined) return readProvision(this.#options)
    refuseUnsafePlace(machineProvisionFile)
    return readProvision({ ...this.#options, provisionFile: machineProvisionFile })
  }

  async #createProvisioned(passphrase: string): Promise<void> {
    const provision = this.#readProvision() ?? fail('setup.not-provisioned')
    await this.#create(passphrase, (office) => provisionOffice(office, provision))
  }

  /** Does something to the closed office, and opens it again whatever came of it. */
  async #whileClosed(officerId: string, work: (closed: ClosedOffice) => Promise<void>): Promise<void> {
    const { directory, key, training } = this.getOffice()
    if (training) fail('backup.not-in-training')
    await this.#closeOffice()
    try {
      await work({ directory, key, officerId, now: (this.#time ?? systemTime).now })
    } finally {
      const office = await this.#openOffice({ directory, key, training: false })
      await office.reader.opened
      this.#adopt(office, 'office')
    }
  }

  async #openReal(passphrase: string | undefined): Promise<void> {
    const provision = readProvision(this.#options)
    const directory = this.#directory('office')
    const key = await openAndSettle(directory, passphrase, this.keyStore)
    clearCutOffReplacement(directory)
    const office = await this.#openOffice({ directory, key, training: false })
    try {
      if (provision !== undefined && !office.retired) await provisionOffice(office, provision)
      await office.reader.opened
    } catch (error) {
      await office.close()
      throw error
    }
    this.#adopt(office, 'office')
  }

  async #openByKeyStore(): Promise<void> {
    try {
      await this.#openReal(undefined)
    } catch (error) {
      if (!(error instanceof OfficeError) || !error.fault.code.startsWith('vault.key-store-')) throw error
      this.#keyStoreFault = error.fault
    }
  }

  #adopt(office: Office, choice: 'office' | 'training'): void {
    office.sessions.onChange((client) => {
      for (const listener of this.#sessionListeners) listener(client)
    })
    office.scheduler.onChange(() => this.#reach.tellWork?.(office.scheduler.work()))
    office.signIn.onOffered((url) => {
      for (const listener of this.#linkListeners) listener(url)
    })
    this.#office = office
    this.#keyStoreFault = null
    this.#choose(choice)
  }

  async #closeOffice(): Promise<void> {
    const office = this.#office
    this.#office = undefined
    await this.#leaveTraining?.()
    this.#leaveTraining = undefined
    await office?.close()
    this.#reach.tellWork?.({ sending: 0, other: 0 })
  }

  /** @throws OfficeError `updates.not-here` at a door that does not replace its own program */
  requireInstaller(): void {
    if (this.#options.door !== 'electron' || this.#reach.install === undefined) fail('updates.not-here')
  }

  /** Hands a verified installer to the door, which closes the office first. */
  install(order: InstallOrder): void {
    this.#reach.install?.(order)
  }

  /** Which door it was opened by. */
  get door(): CoreOptions['door'] {
    return this.#options.door
  }

  #directory(which: 'office' | 'training'): string {
    return join(this.#options.dataDirectory, which === 'office' ? OFFICE_FOLDER : TRAINING_FOLDER)
  }

  #choice(): string {
    const file = join(this.#options.dataDirectory, CHOICE)
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  }

  #choose(which: 'office' | 'training'): void {
    writeFileSync(join(this.#options.dataDirectory, CHOICE), `${which}\n`)
  }
}
