import { isAbsolute, relative, resolve } from 'node:path'
import { z } from 'zod'
import { type Fault, fail, OfficeError } from '../../../shared/contract/result.ts'
import { type BackupFound, BackupSettings, usualBackupSettings } from '../../../shared/model/backup.ts'
import { findCentralSettings } from '../central/settings.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { runBackupTask } from './backup-worker.ts'

const LastBackup = z.object({ madeAt: z.number(), path: z.string(), bytes: z.number() })
export type LastBackup = z.infer<typeof LastBackup>

export interface BackupStatus {
  readonly settings: BackupSettings
  readonly running: boolean
  /** The last one that this office made and read back. */
  readonly last: LastBackup | null
  /** Why the last try made none; null when it did. */
  readonly fault: Fault | null
  /** When the next is made or tried, epoch milliseconds; null without a folder. */
  readonly nextAt: number | null
}

/** How the first screen calls it: `late` when the last one is older than twice the wanted pause. */
export type BackupStanding = 'none' | 'fine' | 'late' | 'failed'

const SETTINGS = 'backup-settings'
const LAST = 'backup-last'
const HOUR = 3_600_000
const RETRY_MINUTES = 15
/** Looked at so often, since a timer does not count the time that a laptop sleeps. */
const LOOK_MINUTES = 5
/** Lets officers sign in before the whole file is read after the start. */
const SETTLE_MINUTES = 1

export interface BackupsParts {
  readonly store: Store
  readonly key: Uint8Array
  readonly directory: string
  readonly time: OfficeTime
  /** A training office makes none: its key lies open beside it. */
  readonly training: boolean
}

function settingsOf(store: Pick<Store, 'findMark'>): BackupSettings {
  const mark = store.findMark(SETTINGS)
  return mark === undefined ? usualBackupSettings : BackupSettings.parse(JSON.parse(mark))
}

/** What a backup of this store says of itself, and how many of its kind stay. */
export function backupWishOf(store: Store, madeAt: number) {
  return {
    installationId: store.installationId,
    keep: settingsOf(store).keep,
    officeName: store.findMark('office-name') ?? '',
    district: findCentralSettings(store)?.district ?? '',
    madeAt,
  }
}

/** Makes the office's backups while it is open. */
export class Backups {
  readonly #parts: BackupsParts
  readonly #stop = new AbortController()
  #running: Promise<BackupFound> | undefined
  #fault: Fault | null = null
  #triedAt: number | undefined
  #callOff: (() => void) | undefined

  constructor(parts: BackupsParts) {
    this.#parts = parts
  }

  start(): void {
    if (!this.#parts.training) this.#lookIn(SETTLE_MINUTES)
  }

  get settings(): BackupSettings {
    return settingsOf(this.#parts.store)
  }

  get status(): BackupStatus {
    return {
      settings: this.settings,
      running: this.#running !== undefined,
      last: this.#last(),
      fault: this.#fault,
      nextAt: this.#nextAt() ?? null,
    }
  }

  /** For the first screen; undefined in training. */
  get standing(): BackupStanding | undefined {
    if (this.#parts.training) return undefined
    const last = this.#last()
    if (this.settings.folder === '' || (last === null && this.#fault === null)) return 'none'
    if (this.#fault !== null) return 'failed'
    const age = this.#parts.time.now() - (last?.madeAt ?? 0)
    return age > 2 * this.settings.everyHours * HOUR ? 'late' : 'fine'
  }

  /**
   * Changes where and how often. The folder has to be there and to take files.
   *
   * @throws OfficeError `backup.*`
   */
  async change(officerId: string, settings: BackupSettings): Promise<void> {
    const { store, training } = this.#parts
    if (training) fail('backup.not-in-training')
    if (settings.folder !== '') await this.requireFolder(settings.folder)
    store.transaction(officerId, (transaction) => {
      transaction.mark(SETTINGS, JSON.stringify(settings))
      transaction.audit({
        action: 'office.backups-changed',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: { folder: settings.folder, everyHours: settings.everyHours, ...settings.keep },
      })
    })
    this.#fault = null
    this.#triedAt = undefined
  }

  /** This office's backups in the chosen folder, and others that lie there; newest first. @throws OfficeError `backup.*` */
  async list(): Promise<readonly BackupFound[]> {
    const { folder } = this.settings
    if (folder === '') return []
    return runBackupTask({ task: 'look', folder, writable: false }, this.#stop.signal)
  }

  /**
   * Makes a backup now; joins one that is being made.
   *
   * @param officerId who asked for it
   * @throws OfficeError `backup.*`, `store.damaged`
   */
  make(officerId: string): Promise<BackupFound> {
    if (this.#parts.training) fail('backup.not-in-training')
    if (this.settings.folder === '') fail('backup.no-folder')
    this.#running ??= this.#make(officerId).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Ends a backup that is being made; the next one clears what it leaves. */
  async close(): Promise<void> {
    this.#callOff?.()
    this.#stop.abort()
    await this.#running?.catch(() => undefined)
  }

  async #make(officerId: string): Promise<BackupFound> {
    const { store, key, directory, time } = this.#parts
    const { folder } = this.settings
    const madeAt = time.now()
    this.#triedAt = madeAt
    try {
      const task = { task: 'make', directory, key, folder, ...backupWishOf(store, madeAt) } as const
      const { backup, removed } = await runBackupTask(task, this.#stop.signal)
      const { bytes } = backup.manifest
      store.transaction(officerId, (transaction) => {
        transaction.mark(LAST, JSON.stringify({ madeAt, path: backup.path, bytes } satisfies LastBackup))
        transaction.audit({
          action: 'office.backed-up',
          subjectKind: 'office',
          subjectId: store.installationId,
          detail: { madeAt, bytes, removed },
        })
      })
      this.#fault = null
      return backup
    } catch (error) {
      const fault = error instanceof OfficeError ? error.fault : undefined
      // An office that closes is no failure of the backup.
      if (fault?.code !== 'api.cancelled') this.#fault = fault ?? { code: 'api.unexpected', params: {} }
      throw error
    }
  }

  #lookIn(minutes: number): void {
    const { time } = this.#parts
    this.#callOff = time.after(minutes * time.minute, () => {
      const due = this.#nextAt()
      if (due !== undefined && due <= time.now() && this.#running === undefined) {
        // Nobody waits for it; what went wrong is shown, and it is tried again.
        this.make(OFFICE).catch((error: unknown) =>
          console.warn('no backup was made:', error instanceof OfficeError ? error.fault.code : 'unexpected'),
        )
      }
      this.#lookIn(LOOK_MINUTES)
    })
  }

  #nextAt(): number | undefined {
    const { time, training } = this.#parts
    const { folder, everyHours } = this.settings
    if (training || folder === '') return undefined
    const now = time.now()
    if (this.#fault !== null && this.#triedAt !== undefined && this.#triedAt <= now) {
      return this.#triedAt + RETRY_MINUTES * time.minute
    }
    const last = this.#last()?.madeAt
    // A last one in the future was made by a clock that ran ahead.
    return last === undefined || last > now ? now : Math.max(now, last + everyHours * HOUR)
  }

  #last(): LastBackup | null {
    const mark = this.#parts.store.findMark(LAST)
    return mark === undefined ? null : LastBackup.parse(JSON.parse(mark))
  }

  /** @throws OfficeError `backup.folder-*` where a folder cannot hold backups */
  async requireFolder(folder: string): Promise<void> {
    if (!isAbsolute(folder)) fail('backup.folder-not-absolute')
    const within = relative(resolve(this.#parts.directory, '..'), resolve(folder))
    if (within === '' || (!within.startsWith('..') && !isAbsolute(within))) fail('backup.folder-inside-office')
    await runBackupTask({ task: 'look', folder, writable: true }, this.#stop.signal)
  }
}
