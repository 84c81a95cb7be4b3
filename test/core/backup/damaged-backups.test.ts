import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BackupFound, usualBackupSettings } from '../../../shared/model/backup.ts'
import { newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'

/* What a backup can suffer on its medium; and nothing of it is ever put in place. */

const places: string[] = []
const newPlace = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'damaged-'))
  places.push(place)
  return place
}

async function backupOfNewOffice(): Promise<string> {
  const { office } = await newOffice({ dataDirectory: newPlace() })
  await office.get('backups.change', { ...usualBackupSettings, folder: newPlace() })
  const { path } = await office.get<BackupFound>('backups.make')
  await office.close({ keep: true })
  return path
}

let sound: string
/** Another machine, on which nothing was set up yet. */
let other: OpenOffice
beforeAll(async () => {
  sound = await backupOfNewOffice()
  other = new OpenOffice({ dataDirectory: newPlace() })
  await other.core.start()
})
afterAll(async () => {
  await other.close()
  for (const place of places) rmSync(place, { recursive: true, force: true })
})

/** A copy of the sound backup, to be damaged. */
function copied(): string {
  const path = join(newPlace(), 'backup')
  cpSync(sound, path, { recursive: true })
  return path
}

const restore = (path: string): Promise<string> =>
  other.codeOf('restore.run', { path, opener: { passphrase: PASSPHRASE } })

/** Changes one byte in the middle of a file. */
function flip(file: string): void {
  const content = readFileSync(file)
  const at = Math.floor(content.length / 2)
  content[at] = (content[at] ?? 0) ^ 1
  writeFileSync(file, content)
}

function rewrite(path: string, change: (told: Record<string, unknown>) => object): void {
  const file = join(path, 'manifest.json')
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))))
}

test.each<[string, string, (path: string) => void]>([
  ['one byte of the store changed', 'backup.file-changed', (path) => flip(join(path, 'office.db'))],
  ['one byte of the key file changed', 'backup.file-changed', (path) => flip(join(path, 'keys.json'))],
  ['the store cut off', 'backup.file-cut', (path) => truncateSync(join(path, 'office.db'), 50_000)],
  ['the key file cut off', 'backup.file-cut', (path) => truncateSync(join(path, 'keys.json'), 100)],
  ['the store missing', 'backup.incomplete', (path) => rmSync(join(path, 'office.db'))],
  ['the description cut off', 'backup.manifest-damaged', (path) => truncateSync(join(path, 'manifest.json'), 200)],
  ['a newer form', 'backup.from-the-future', (path) => rewrite(path, (told) => ({ ...told, format: 2 }))],
  ['a newer store', 'store.from-the-future', (path) => rewrite(path, (told) => ({ ...told, schema: 999 }))],
  ['a description of another day', 'backup.other-key', (path) => rewrite(path, (told) => ({ ...told, madeAt: 1 }))],
])('a backup with %s is refused and leaves nothing behind', async (_, code, damage) => {
  const path = copied()
  damage(path)
  const before = readdirSync(other.directory).sort()
  expect(await restore(path)).toBe(code)
  expect(readdirSync(other.directory).sort()).toEqual(before)
  expect(await other.get('setup.status')).toMatchObject({ state: 'none' })
})

test('another office’s key file is refused, also with a description that was made to fit it', async () => {
  const theirs = await backupOfNewOffice()
  const path = copied()
  cpSync(join(theirs, 'keys.json'), join(path, 'keys.json'))
  expect(await restore(path)).toMatch(/^backup\.file-(changed|cut)$/)
  const { files } = JSON.parse(readFileSync(join(theirs, 'manifest.json'), 'utf8'))
  rewrite(path, (told) => ({ ...told, files: { ...(told.files as object), keys: files.keys } }))
  expect(await restore(path)).toBe('backup.other-key')
  expect(existsSync(join(other.directory, 'office'))).toBe(false)
})

test('the sound one is put in place after all that', async () => {
  expect(await restore(sound)).toBe('fine')
})
