import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Backups } from '../../../electron/core/backup/backups.ts'
import { Store } from '../../../electron/core/store/store.ts'
import { createKeyFile } from '../../../electron/core/vault/key-file.ts'
import { usualBackupSettings } from '../../../shared/model/backup.ts'
import { type MovableTime, quickTime, until } from '../dispatch/sending-office.ts'

/* The timer that makes backups by itself; a minute of waiting is over at once. */

const HOUR = 3_600_000

let place: string
let folder: string
let store: Store
let backups: Backups
let time: MovableTime
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'timer-'))
  const directory = join(place, 'data', 'office')
  folder = join(place, 'stick')
  mkdirSync(directory, { recursive: true })
  mkdirSync(folder)
  const key = await createKeyFile(directory, 'a long enough passphrase')
  store = new Store({ file: join(directory, 'office.db'), key: { bytes: key } })
  time = quickTime(5)
  backups = new Backups({ store, key, directory, time, training: false })
  await backups.change('officer', { ...usualBackupSettings, folder, everyHours: 24 })
})
afterEach(async () => {
  await backups.close()
  store.close()
  rmSync(place, { recursive: true, force: true })
})

const lying = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.part')) : [])
const made = (): number | undefined => backups.status.last?.madeAt

/** A day later, the next one is there. */
async function aDayLater(): Promise<void> {
  const before = made()
  time.jump(24 * HOUR + 1_000)
  await until('another backup', () => made() !== before && !backups.status.running)
}

test('makes one soon after the start and one each time a day has gone by; older ones go as the settings say', async () => {
  const keep = { daily: 2, weekly: 0, monthly: 0 }
  await backups.change('officer', { ...usualBackupSettings, folder, everyHours: 24, keep })
  backups.start()
  await until('the first backup', () => made() !== undefined && !backups.status.running)
  for (let day = 0; day < 3; day += 1) await aDayLater()
  expect(lying()).toHaveLength(2)
  const said = store.sql("SELECT officer_id FROM audit WHERE action = 'office.backed-up'").pluck().all()
  expect(said).toEqual(['office', 'office', 'office', 'office'])
})

test.each([
  ['a stick that is away', 'backup.folder-missing', () => renameSync(folder, `${folder}-away`)],
  [
    'a file where the folder was',
    'backup.folder-missing',
    () => {
      renameSync(folder, `${folder}-away`)
      writeFileSync(folder, '')
    },
  ],
])('says so when it finds %s, keeps trying, and goes on by itself when the folder is back', async (_, code, lose) => {
  backups.start()
  await until('the first backup', () => made() !== undefined && !backups.status.running)
  lose()
  time.jump(24 * HOUR + 1_000)
  await until('a failure', () => backups.status.fault !== null)
  expect(backups.status.fault).toMatchObject({ code })
  expect(backups.standing).toBe('failed')
  rmSync(folder, { force: true, recursive: true })
  renameSync(`${folder}-away`, folder)
  time.jump(16 * 60_000)
  await until('a backup', () => backups.status.fault === null && !backups.status.running)
  expect(lying().length).toBeGreaterThan(0)
})

test('a stick that is pulled out while one is written leaves no backup that is not whole', async () => {
  // Enough to be at it for a while.
  store.housekeeping((sql) => {
    sql('CREATE TABLE filling (bytes BLOB)').run()
    for (let row = 0; row < 200; row += 1) sql('INSERT INTO filling VALUES (randomblob(100000))').run()
  })
  const writing = backups.make('officer')
  const outcome = writing.then(
    () => 'made',
    () => 'failed',
  )
  await until('that it is being written', () => readdirSync(folder).some((name) => name.endsWith('.part')))
  renameSync(folder, `${folder}-away`)
  expect(await outcome).toBe('failed')
  expect(backups.status.fault?.code).toMatch(/^backup\.(folder|not-verified)/)
  expect(existsSync(folder)).toBe(false)
  renameSync(`${folder}-away`, folder)
  expect(lying()).toEqual([])
  const { path } = await backups.make('officer')
  expect(lying()).toEqual([path.split('/').at(-1)])
  expect(readdirSync(folder)).toHaveLength(1)
})

test('an old backup that cannot be taken away does not make the new one a failure', async () => {
  await backups.change('officer', { ...usualBackupSettings, folder, keep: { daily: 1, weekly: 0, monthly: 0 } })
  const { path } = await backups.make('officer')
  // Its unfinished name is taken by a file that is no folder.
  writeFileSync(`${path}.part`, '')
  chmodSync(`${path}.part`, 0o400)
  time.jump(25 * HOUR)
  await backups.make('officer')
  expect(backups.status).toMatchObject({ fault: null, running: false })
})
