import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backupWishOf } from '../../../electron/core/backup/backups.ts'
import { makeBackup } from '../../../electron/core/backup/make-backup.ts'
import { type BackupFound, usualBackupSettings } from '../../../shared/model/backup.ts'
import { hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'

let office: OpenOffice
let folder: string
const places: string[] = []
const newPlace = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'backups-'))
  places.push(place)
  return place
}

beforeEach(async () => {
  office = (await newOffice()).office
  folder = newPlace()
})
afterEach(async () => {
  await office.close()
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

const choose = (more: object = {}): Promise<string> =>
  office.codeOf('backups.change', { ...usualBackupSettings, folder, ...more })
const make = (): Promise<BackupFound> => office.get<BackupFound>('backups.make')

async function backedUp(): Promise<BackupFound> {
  await choose()
  return make()
}

const restore = (other: OpenOffice, path: string, opener: object = { passphrase: PASSPHRASE }): Promise<string> =>
  other.codeOf('restore.run', { path, opener })

/** Another machine, on which nothing was set up yet. */
async function otherMachine(): Promise<OpenOffice> {
  const other = new OpenOffice({ dataDirectory: newPlace() })
  await other.core.start()
  return other
}

describe('making a backup', () => {
  test('it lies whole in its folder, tells what is in it, and nothing in it can be read without the key', async () => {
    const { path, manifest } = await backedUp()
    expect(readdirSync(path).sort()).toEqual(['keys.json', 'manifest.json', 'office.db'])
    expect(manifest).toMatchObject({ format: 1, officeName: 'District office', epoch: 1, district: '' })
    expect(manifest.bytes).toBeGreaterThan(100_000)
    expect(readFileSync(join(path, 'office.db')).includes('Almaz')).toBe(false)
    expect(await office.get('backups.list')).toEqual([{ path, manifest }])
    const status = await office.get('backups.status')
    expect(status).toMatchObject({ running: false, fault: null, last: { path, madeAt: manifest.madeAt } })
    expect(await office.get('home.summary')).toMatchObject({ safety: { backup: 'fine', lastAt: manifest.madeAt } })
  })

  test('two who ask at once get the same one', async () => {
    await choose()
    const [one, other] = await Promise.all([make(), make()])
    expect(other).toEqual(one)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('two of the same second stand beside each other', () => {
    const { directory, key, store } = office.core.getOffice()
    const task = { task: 'make', directory, key, folder, ...backupWishOf(store, Date.now()) } as const
    const [one, other] = [makeBackup(task), makeBackup(task)]
    expect(readdirSync(folder).sort()).toEqual([one, other].map(({ backup }) => basename(backup.path)).sort())
    expect(readdirSync(other.backup.path).sort()).toEqual(['keys.json', 'manifest.json', 'office.db'])
  })

  test('what was left unfinished is no backup and goes away', async () => {
    const { path } = await backedUp()
    cpSync(path, `${path.slice(0, -1)}x.part`, { recursive: true })
    expect(await office.get<unknown[]>('backups.list')).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await make()
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('older ones go as the settings say; other offices’ stay', async () => {
    const { path } = await backedUp()
    const foreign = join(folder, 'field-office-0000000000-20200101-000000')
    cpSync(path, foreign, { recursive: true })
    const told = JSON.parse(readFileSync(join(foreign, 'manifest.json'), 'utf8'))
    writeFileSync(join(foreign, 'manifest.json'), JSON.stringify({ ...told, installationId: 'another', madeAt: 1 }))
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const next = await make()
    expect(readdirSync(folder).sort()).toEqual([foreign, next.path].map((name) => name.slice(folder.length + 1)).sort())
  })

  test('only an administrator chooses the folder; whoever works in the office may make one', async () => {
    await hire(office, 'samir', ['clerk'], '605918')
    await hire(office, 'hana', ['auditor'], '605918')
    expect(await office.codeOf('backups.change', { ...usualBackupSettings, folder }, 'samir')).toBe('api.not-your-role')
    await choose()
    expect(await office.codeOf('backups.make', undefined, 'hana')).toBe('api.not-your-role')
    expect(await office.codeOf('backups.make', undefined, 'samir')).toBe('fine')
  })
})

describe('a folder that takes no backup is named, and the office works on', () => {
  test('before one was chosen', async () => {
    expect(await office.codeOf('backups.make')).toBe('backup.no-folder')
    expect(await office.get('home.summary')).toMatchObject({ safety: { backup: 'none', lastAt: null } })
  })

  test('when it is chosen', async () => {
    expect(await choose({ folder: 'backups' })).toBe('backup.folder-not-absolute')
    expect(await choose({ folder: join(folder, 'not there') })).toBe('backup.folder-missing')
    expect(await choose({ folder: office.directory })).toBe('backup.folder-inside-office')
    expect(await choose({ folder: join(office.directory, 'office') })).toBe('backup.folder-inside-office')
    writeFileSync(join(folder, 'a file'), '')
    expect(await choose({ folder: join(folder, 'a file') })).toBe('backup.folder-missing')
    expect(await office.get('backups.status')).toMatchObject({ settings: { folder: '' } })
  })

  test('when the stick is away, and goes on when it is back', async () => {
    await backedUp()
    renameSync(folder, `${folder}-away`)
    expect(await office.codeOf('backups.make')).toBe('backup.folder-missing')
    expect(existsSync(folder)).toBe(false)
    expect(await office.codeOf('backups.list')).toBe('backup.folder-missing')
    const failed = await office.get<{ nextAt: number; fault: object }>('backups.status')
    expect(failed).toMatchObject({ fault: { code: 'backup.folder-missing' } })
    expect(failed.nextAt - Date.now()).toBeLessThan(16 * 60_000)
    expect(await office.get('home.summary')).toMatchObject({ safety: { backup: 'failed' } })
    expect(await office.codeOf('setup.change', { officeName: 'Renamed', autoLockMinutes: 0 })).toBe('fine')
    renameSync(`${folder}-away`, folder)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect((await make()).manifest.officeName).toBe('Renamed')
    expect(await office.get('backups.status')).toMatchObject({ fault: null })
  })
})

describe('putting a backup back', () => {
  test('on another machine the same office comes up, and sends nothing before an administrator confirmed it', async () => {
    await hire(office, 'samir', ['clerk'], '605918')
    const { path } = await backedUp()
    const other = await otherMachine()
    expect(await other.get('restore.find', { place: folder })).toMatchObject([
      { path, manifest: { officeName: 'District office' } },
    ])
    expect(await other.get('restore.find', { place: join(path, 'manifest.json') })).toHaveLength(1)
    expect(await restore(other, path)).toBe('fine')
    const status = await other.get<{ state: string; officers: { login: string; id: string }[] }>('setup.status')
    expect(status.officers.map(({ login }) => login)).toEqual(['almaz', 'samir'])
    await other.get('session.signIn', { officerId: status.officers[1]?.id, pin: '605918' })
    expect(await other.get('dispatch.status')).toMatchObject({ doubt: { code: 'dispatch.moved' } })
    const walked = await other.get<{ audit: { state: string } }>('upkeep.status')
    expect(walked.audit.state).not.toBe('found')
    await other.close({ keep: true })
  })

  test('a wrong passphrase, and an office that is there already, are told', async () => {
    const { path } = await backedUp()
    const other = await otherMachine()
    expect(await restore(other, path, { passphrase: 'not the passphrase' })).toBe('vault.wrong-passphrase')
    expect(await other.get('setup.status')).toMatchObject({ state: 'none' })
    expect(await restore(office, path)).toBe('backup.office-there')
    expect(await office.codeOf('restore.find', { place: folder })).toBe('backup.office-there')
    await office.core.lock()
    expect(await restore(office, path)).toBe('backup.office-there')
    expect(await other.codeOf('restore.find', { place: newPlace() })).toBe('backup.none-there')
    expect(await other.codeOf('restore.find', { place: join(folder, 'nowhere') })).toBe('backup.none-there')
    await other.close({ keep: true })
  })

  test('what a killed restore left is cleared at the next start', async () => {
    const place = newPlace()
    mkdirSync(join(place, 'office-being-restored'))
    writeFileSync(join(place, 'office-being-restored', 'office.db'), 'half')
    const other = new OpenOffice({ dataDirectory: place })
    await other.core.start()
    expect(readdirSync(place)).not.toContain('office-being-restored')
    await other.close({ keep: true })
  })
})

test('the training office is not backed up', async () => {
  await office.get('setup.startTraining')
  expect(office.core.getOffice().backups.standing).toBeUndefined()
  expect(() => office.core.getOffice().backups.make('somebody')).toThrow('backup.not-in-training')
})
