import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import type { InstallOrder } from '../../../electron/core/core-thread-handle.ts'
import type { HttpAnswer, HttpRequest } from '../../../electron/core/http/exchange-types.ts'
import { Store } from '../../../electron/core/store/store.ts'
import { ANNOUNCEMENT_FILE, signAnnouncement } from '../../../electron/core/updates/announcement.ts'
import { fittingKinds } from '../../../electron/core/updates/installer-kinds.ts'
import { Updates, type UpdatesParts } from '../../../electron/core/updates/updates.ts'
import { publicJwk } from '../../../electron/core/vault/signing-keys.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { UpdateAnnouncement } from '../../../shared/model/update.ts'

const NAME = 'g2p-field-office-1.4.0-linux-amd64.deb'
const URL_OF_CHANNEL = 'https://updates.example.org/offices'
const installer = Buffer.alloc(2_500_000, 'an installer ')
const sha256 = createHash('sha256').update(installer).digest('hex')

let directory: string
let stick: string
let store: Store
let publisher: KeyObject
let sending: number
/** What lies on the web server; requests are counted by name. */
let channel: Map<string, Buffer>
let asked: string[]
let cutAfter: number

const http = {
  async request({ url, headers = {}, maximumReply }: HttpRequest): Promise<HttpAnswer> {
    const name = decodeURIComponent(url.slice(URL_OF_CHANNEL.length + 1))
    asked.push(`${name} ${headers.range ?? ''}`.trim())
    if (asked.length > cutAfter)
      return { outcome: 'never-sent', fault: { code: 'http.line-down', params: {} }, retryAt: null }
    const file = channel.get(name)
    if (file === undefined) return { outcome: 'answered', status: 404, headers: {}, body: Buffer.alloc(0), host: 'h' }
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? []
    const body = from === undefined ? file : file.subarray(Number(from), Number(to) + 1)
    expect(body.length).toBeLessThanOrEqual(maximumReply)
    return { outcome: 'answered', status: from === undefined ? 200 : 206, headers: {}, body, host: 'h' }
  },
}

const open = (change: Partial<UpdatesParts> = {}): Updates =>
  new Updates({
    store,
    http,
    scheduler: { work: () => ({ sending, other: 0 }) },
    directory,
    time: systemTime,
    training: false,
    version: '1.3.0',
    platform: 'linux',
    arch: 'x64',
    kinds: ['deb'],
    ...change,
  })

const announcement = (change: Partial<UpdateAnnouncement> = {}): UpdateAnnouncement => ({
  format: 1,
  product: 'g2p-field-office',
  channel: 'stable',
  version: '1.4.0',
  releasedAt: 1_770_000_000_000,
  from: '1.0.0',
  rollOut: 100,
  notes: { en: 'Better', ar: 'أفضل' },
  installers: [{ platform: 'linux', arch: 'x64', kind: 'deb', name: NAME, bytes: installer.length, sha256 }],
  ...change,
})

async function publish(change: Partial<UpdateAnnouncement> = {}, key = publisher): Promise<void> {
  const signed = Buffer.from(await signAnnouncement(announcement(change), key))
  channel.set(ANNOUNCEMENT_FILE, signed)
  channel.set(NAME, installer)
  writeFileSync(join(stick, ANNOUNCEMENT_FILE), signed)
  writeFileSync(join(stick, NAME), installer)
}

function follow(updates: Updates): void {
  updates.change('admin', {
    enabled: true,
    url: URL_OF_CHANNEL,
    channel: 'stable',
    key: publicJwk(publisher),
    everyHours: 24,
  })
}

async function checked(updates: Updates) {
  updates.check(true)
  await updates.settled()
  return updates.status
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof OfficeError) return error.fault.code
    throw error
  }
  return 'fine'
}

const audited = (): string[] =>
  store.sql("SELECT action FROM audit WHERE action LIKE 'office.update%' ORDER BY position").pluck().all() as string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'updates-'))
  stick = join(directory, 'stick')
  mkdirSync(stick)
  store = new Store({ file: join(directory, 'office.db'), key: { bytes: new Uint8Array(32).fill(7) } })
  publisher = generateKeyPairSync('ed25519').privateKey
  sending = 0
  channel = new Map()
  asked = []
  cutAfter = Number.POSITIVE_INFINITY
})
afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('new versions', () => {
  test('are off until an administrator names a channel and a key', () => {
    const updates = open()
    expect(updates.settings).toMatchObject({ enabled: false, url: '', key: null })
    expect(codeOf(() => updates.check(true))).toBe('updates.no-channel')
    expect(codeOf(() => updates.takeFrom(stick))).toBe('updates.no-key')
    expect(codeOf(() => updates.change('admin', { ...updates.settings, enabled: true }))).toBe('updates.no-channel')
    expect(codeOf(() => updates.change('admin', { ...updates.settings, enabled: true, url: URL_OF_CHANNEL }))).toBe(
      'updates.no-key',
    )
    expect(asked).toEqual([])
  })

  test('come from the channel in pieces, verified, and lie ready', async () => {
    await publish()
    const updates = open()
    follow(updates)
    const status = await checked(updates)
    expect(status).toMatchObject({ found: 'offered', ready: true, fault: null, fetched: installer.length })
    expect(status.offered).toMatchObject({ version: '1.4.0', from: 'channel', notes: { en: 'Better' } })
    expect(readFileSync(join(directory, 'updates', NAME)).equals(installer)).toBe(true)
    expect(asked).toHaveLength(4)
  })

  test('go on where the line was cut', async () => {
    await publish()
    const updates = open()
    follow(updates)
    cutAfter = 2
    expect(await checked(updates)).toMatchObject({ ready: false, fault: { code: 'http.line-down' } })
    cutAfter = Number.POSITIVE_INFINITY
    asked = []
    expect(await checked(updates)).toMatchObject({ ready: true, fault: null })
    expect(asked).toEqual([ANNOUNCEMENT_FILE, `${NAME} bytes=1048576-2097151`, `${NAME} bytes=2097152-2499999`])
  })

  test('come from a stick, without any line', async () => {
    await publish({ rollOut: 0 })
    const updates = open()
    updates.change('admin', { ...updates.settings, key: publicJwk(publisher) })
    updates.takeFrom(stick)
    await updates.settled()
    expect(updates.status).toMatchObject({ ready: true, offered: { from: 'folder' }, fault: null })
    expect(asked).toEqual([])
  })

  test.each([
    ['a folder that is not there', () => rmSync(stick, { recursive: true }), 'updates.folder-missing'],
    ['a folder without the installer', () => rmSync(join(stick, NAME)), 'updates.file-missing'],
    [
      'an installer that is shorter',
      () => writeFileSync(join(stick, NAME), installer.subarray(1)),
      'updates.file-changed',
    ],
    [
      'an installer with other bytes',
      () => writeFileSync(join(stick, NAME), Buffer.alloc(installer.length, 'other')),
      'updates.file-changed',
    ],
    [
      'an endless announcement',
      () => writeFileSync(join(stick, ANNOUNCEMENT_FILE), 'x'.repeat(70_000)),
      'updates.not-readable',
    ],
    [
      'no announcement but some text',
      () => writeFileSync(join(stick, ANNOUNCEMENT_FILE), 'hello'),
      'updates.not-signed',
    ],
  ])('%s is refused by name, and nothing lies ready', async (_case, spoil, code) => {
    await publish()
    spoil()
    const updates = open()
    updates.change('admin', { ...updates.settings, key: publicJwk(publisher) })
    updates.takeFrom(stick)
    await updates.settled()
    expect(updates.status).toMatchObject({ ready: false, fault: { code } })
    expect(codeOf(() => updates.install('admin', () => undefined))).toBe('updates.not-ready')
  })

  test('that another key announced are not looked at', async () => {
    await publish({}, generateKeyPairSync('ed25519').privateKey)
    const updates = open()
    follow(updates)
    expect(await checked(updates)).toMatchObject({ ready: false, offered: null, fault: { code: 'updates.not-signed' } })
  })

  test('never lead back, also by an old announcement that was true once', async () => {
    const updates = open()
    follow(updates)
    await publish({ version: '1.5.0', rollOut: 0 })
    updates.check(false)
    await updates.settled()
    expect(updates.status).toMatchObject({ found: 'later', ready: false })
    await publish({ version: '1.4.0' })
    expect(await checked(updates)).toMatchObject({
      ready: false,
      fault: { code: 'updates.older', params: { version: '1.5.0' } },
    })
  })

  test('of another publisher are forgotten when the key is changed', async () => {
    await publish()
    const updates = open()
    follow(updates)
    await checked(updates)
    updates.change('admin', { ...updates.settings, key: publicJwk(generateKeyPairSync('ed25519').privateKey) })
    expect(updates.status).toMatchObject({ ready: false, offered: null })
  })

  test('are none of the training office', () => {
    const updates = open({ training: true })
    expect(codeOf(() => updates.check(true))).toBe('updates.not-in-training')
    expect(codeOf(() => updates.change('admin', updates.settings))).toBe('updates.not-in-training')
  })
})

describe('installing', () => {
  const ready = async (): Promise<Updates> => {
    await publish()
    const updates = open()
    follow(updates)
    await checked(updates)
    return updates
  }

  test('waits while payments go out', async () => {
    const updates = await ready()
    const orders: InstallOrder[] = []
    sending = 1
    expect(updates.status.sending).toBe(true)
    expect(codeOf(() => updates.install('admin', (order) => orders.push(order)))).toBe('updates.sending')
    expect({ orders, audited: audited() }).toEqual({ orders: [], audited: ['office.updates-changed'] })
    sending = 0
    updates.install('admin', (order) => orders.push(order))
    expect(orders).toEqual([{ file: join(directory, 'updates', NAME), sha256, version: '1.4.0' }])
  })

  test.each([
    ['succeeded', '1.4.0', 'office.updated', false],
    ['failed', '1.3.0', 'office.update-failed', true],
  ])(
    'is noted in the trail before, and after the next start whether it %s',
    async (_case, runs, outcome, offeredStill) => {
      const updates = await ready()
      updates.install('admin', () => undefined)
      await updates.close()
      const next = open({ version: runs })
      next.start()
      expect(audited()).toEqual(['office.updates-changed', 'office.update-begun', outcome])
      expect(next.status.ready).toBe(offeredStill)
      expect(next.status.fault?.code).toBe(offeredStill ? 'updates.not-installed' : undefined)
      expect(existsSync(join(directory, 'updates'))).toBe(offeredStill)
      await next.close()
      const later = open({ version: runs })
      later.start()
      expect(audited()).toHaveLength(3)
      await later.close()
    },
  )
})

test.each([
  ['win32', {}, [], ['exe', 'msi']],
  ['darwin', {}, [], ['dmg', 'zip']],
  ['linux', { APPIMAGE: '/opt/office.AppImage' }, ['/etc/debian_version'], ['AppImage']],
  ['linux', {}, ['/etc/debian_version'], ['deb', 'AppImage']],
  ['linux', {}, ['/usr/bin/rpm'], ['rpm', 'AppImage']],
  ['linux', {}, [], ['AppImage']],
] as const)('on %s %j beside %j the installers %j fit', (platform, environment, files, kinds) => {
  expect(fittingKinds(platform, environment, (path) => files.some((file) => file === path))).toEqual(kinds)
})
