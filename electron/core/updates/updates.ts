import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Fault, fail, OfficeError } from '../../../shared/contract/result.ts'
import {
  Installer,
  type InstallerKind,
  type UpdateAnnouncement,
  UpdateSettings,
  usualUpdateSettings,
  Version,
} from '../../../shared/model/update.ts'
import { compareVersions, judgeUpdate } from '../../../shared/rules/updates.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { InstallOrder } from '../core-thread-handle.ts'
import type { Http } from '../http/http.ts'
import { programVersion } from '../program-version.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { openAnnouncement } from './announcement.ts'
import { fetchInstaller } from './fetch-installer.ts'
import { fittingKinds } from './installer-kinds.ts'
import { channelSource, folderSource, type UpdateSource } from './update-source.ts'

/** A version that may be installed here. */
const Offered = z.object({
  version: Version,
  releasedAt: z.number(),
  notes: z.object({ en: z.string(), ar: z.string() }),
  from: z.enum(['channel', 'folder']),
  installer: Installer,
  /** Where it lies once it is here and verified; empty before. */
  file: z.string(),
})
type Offered = z.infer<typeof Offered>

export interface UpdateStatus {
  readonly version: string
  readonly settings: UpdateSettings
  readonly doing: 'nothing' | 'checking' | 'fetching'
  /** Bytes of the installer that are here. */
  readonly fetched: number
  readonly offered: Omit<Offered, 'file'> | null
  /** The installer is here and is the one that was announced. */
  readonly ready: boolean
  /** What the last look said beside an offer; null before the first one. */
  readonly found: 'current' | 'later' | 'offered' | null
  readonly fault: Fault | null
  /** When a look last ended well, epoch milliseconds. */
  readonly checkedAt: number | null
  readonly training: boolean
  /** Payments are going out: nothing is installed meanwhile. */
  readonly sending: boolean
}

export interface UpdatesParts {
  readonly store: Store
  readonly http: Pick<Http, 'request'>
  readonly scheduler: Pick<Scheduler, 'work'>
  /** The office's own folder. */
  readonly directory: string
  readonly time: OfficeTime
  readonly training: boolean
  /** Of the program that runs; tests name others. */
  readonly version?: string
  readonly platform?: string
  readonly arch?: string
  readonly kinds?: readonly InstallerKind[]
}

const SETTINGS = 'update-settings'
const OFFERED = 'update-offered'
const CHECKED = 'update-checked'
const HIGHEST = 'update-highest-seen'
/** `from to` of an installation that was begun. */
const BEGUN = 'update-begun'
const HOUR = 3_600_000
/** Looked at so often, since a timer does not count the time that a laptop sleeps. */
const LOOK_MINUTES = 10

/** New versions of the program: looked for, brought and verified here; installed by the door when an administrator says so. */
export class Updates {
  readonly #parts: UpdatesParts
  readonly #version: string
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  #doing: UpdateStatus['doing'] = 'nothing'
  #fetched = 0
  #found: UpdateStatus['found'] = null
  #fault: Fault | null = null
  #triedAt: number | undefined
  #callOff: (() => void) | undefined

  constructor(parts: UpdatesParts) {
    this.#parts = parts
    this.#version = parts.version ?? programVersion
  }

  /** Notes what became of an installation that was begun, then looks for new versions from time to time. */
  start(): void {
    if (this.#parts.training) return
    this.#noteOutcome()
    this.#lookLater()
  }

  get settings(): UpdateSettings {
    const mark = this.#parts.store.findMark(SETTINGS)
    return mark === undefined ? usualUpdateSettings : UpdateSettings.parse(JSON.parse(mark))
  }

  get status(): UpdateStatus {
    const { store, scheduler, training } = this.#parts
    const offered = this.#offered()
    const checked = store.findMark(CHECKED)
    return {
      version: this.#version,
      settings: this.settings,
      doing: this.#doing,
      fetched: this.#fetched,
      offered: offered === undefined ? null : withoutPlace(offered),
      ready: offered !== undefined && offered.file !== '',
      found: this.#found,
      fault: this.#fault,
      checkedAt: checked === undefined ? null : Number(checked),
      training,
      sending: scheduler.work().sending > 0,
    }
  }

  /** @throws OfficeError `updates.*` */
  change(officerId: string, settings: UpdateSettings): void {
    const { store, training } = this.#parts
    if (training) fail('updates.not-in-training')
    if (settings.enabled && settings.url === '') fail('updates.no-channel')
    if (settings.enabled && settings.key === null) fail('updates.no-key')
    store.transaction(officerId, (transaction) => {
      transaction.mark(SETTINGS, JSON.stringify(settings))
      // What another publisher announced does not count any more.
      transaction.mark(OFFERED, '')
      transaction.audit({
        action: 'office.updates-changed',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: { ...settings, key: settings.key?.x ?? null },
      })
    })
    this.#found = null
    this.#fault = null
    this.#triedAt = undefined
  }

  /**
   * Looks into the channel and brings what it offers. Answers when the look has begun; the status tells the rest.
   *
   * @throws OfficeError `updates.not-in-training`, `updates.no-channel`, `updates.no-key`
   */
  check(byHand: boolean): void {
    const { http, training } = this.#parts
    if (training) fail('updates.not-in-training')
    const { url } = this.settings
    if (url === '') fail('updates.no-channel')
    this.#begin(channelSource(http, url, this.#stop.signal), 'channel', byHand)
  }

  /** The same out of a folder, a stick for example. @throws OfficeError as {@link check}, `updates.folder-missing` */
  takeFrom(folder: string): void {
    if (this.#parts.training) fail('updates.not-in-training')
    this.#begin(folderSource(folder), 'folder', true)
  }

  /** When what was begun has ended. */
  async settled(): Promise<void> {
    await this.#running
  }

  /**
   * Notes that the verified installer is to be run now, and gives it to whoever runs it. Nothing begins while payments go out;
   * what is sent afterwards is finished when the office closes, as always.
   *
   * @throws OfficeError `updates.not-ready`, `updates.sending`, `updates.older`
   */
  install(officerId: string, run: (order: InstallOrder) => void): void {
    const { store, scheduler } = this.#parts
    const offered = this.#offered()
    if (offered === undefined || offered.file === '') fail('updates.not-ready')
    if (compareVersions(offered.version, this.#version) <= 0) fail('updates.older', { version: this.#version })
    if (scheduler.work().sending > 0) fail('updates.sending')
    const { version, file, installer, from } = offered
    store.transaction(officerId, (transaction) => {
      transaction.mark(BEGUN, `${this.#version} ${version}`)
      transaction.audit({
        action: 'office.update-begun',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: { from: this.#version, to: version, source: from, sha256: installer.sha256 },
      })
    })
    run({ file, sha256: installer.sha256, version })
  }

  async close(): Promise<void> {
    this.#callOff?.()
    this.#stop.abort()
    await this.#running
  }

  #begin(source: UpdateSource, from: Offered['from'], byHand: boolean): void {
    const { key } = this.settings
    if (key === null) fail('updates.no-key')
    this.#running ??= this.#look(source, from, byHand, key).finally(() => {
      this.#running = undefined
      this.#doing = 'nothing'
    })
  }

  /** Never throws: nobody waits for it. What went wrong is shown. */
  async #look(
    source: UpdateSource,
    from: Offered['from'],
    byHand: boolean,
    key: NonNullable<UpdateSettings['key']>,
  ): Promise<void> {
    const { store, directory, time } = this.#parts
    this.#doing = 'checking'
    this.#triedAt = time.now()
    try {
      const announcement = await openAnnouncement(await source.announcement(), key)
      const verdict = judgeUpdate(announcement, this.#office(), byHand)
      if (verdict.verdict === 'refused') fail(verdict.code, { version: verdict.version })
      this.#noteSeen(announcement.version)
      this.#found = verdict.verdict
      if (verdict.verdict === 'offered') {
        this.#offer(announcement, verdict.installer, from, '')
        this.#doing = 'fetching'
        const folder = join(directory, 'updates')
        const file = await fetchInstaller(source, verdict.installer, folder, (bytes) => {
          this.#fetched = bytes
        })
        this.#offer(announcement, verdict.installer, from, file)
      }
      store.housekeeping((_, mark) => mark(CHECKED, String(time.now())))
      this.#fault = null
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.#fault = error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
    }
  }

  #office() {
    const { store, platform = process.platform, arch = process.arch, kinds = fittingKinds() } = this.#parts
    const highestSeen = store.findMark(HIGHEST) ?? this.#version
    const { channel } = this.settings
    return { version: this.#version, channel, installationId: store.installationId, highestSeen, platform, arch, kinds }
  }

  #noteSeen(version: string): void {
    const { store } = this.#parts
    if (compareVersions(version, this.#office().highestSeen) <= 0) return
    store.housekeeping((_, mark) => mark(HIGHEST, version))
  }

  #offer(announcement: UpdateAnnouncement, installer: Installer, from: Offered['from'], file: string): void {
    const { version, releasedAt, notes } = announcement
    const offered: Offered = { version, releasedAt, notes, from, installer, file }
    this.#parts.store.housekeeping((_, mark) => mark(OFFERED, JSON.stringify(offered)))
  }

  /** What runs already, or is older, is no offer. */
  #offered(): Offered | undefined {
    const mark = this.#parts.store.findMark(OFFERED) ?? ''
    if (mark === '') return undefined
    const offered = Offered.parse(JSON.parse(mark))
    return compareVersions(offered.version, this.#version) > 0 ? offered : undefined
  }

  #noteOutcome(): void {
    const { store, directory } = this.#parts
    const [from, to] = (store.findMark(BEGUN) ?? '').split(' ')
    if (from === undefined || to === undefined) return
    const installed = compareVersions(this.#version, to) >= 0
    store.transaction(OFFICE, (transaction) => {
      transaction.mark(BEGUN, '')
      if (installed) transaction.mark(OFFERED, '')
      transaction.audit({
        action: installed ? 'office.updated' : 'office.update-failed',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: { from, to, runs: this.#version },
      })
    })
    if (installed) rmSync(join(directory, 'updates'), { recursive: true, force: true })
    else this.#fault = { code: 'updates.not-installed', params: { version: to } }
  }

  #lookLater(): void {
    const { time } = this.#parts
    this.#callOff = time.after(LOOK_MINUTES * time.minute, () => {
      const { enabled, everyHours } = this.settings
      const now = time.now()
      const since = now - (this.#triedAt ?? 0)
      // A try in the future was made by a clock that ran ahead.
      if (enabled && this.#running === undefined && (since < 0 || since >= everyHours * HOUR)) this.check(false)
      this.#lookLater()
    })
  }
}

function withoutPlace({ file: _, ...offered }: Offered): Omit<Offered, 'file'> {
  return offered
}
