import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appRouter } from '../../../electron/core/api/router.ts'
import { ADMIN_PIN, hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'

/* What a laptop is still good for once its office has gone to another one. */

let office: OpenOffice
let admin: string
const places: string[] = []
const newPlace = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'retired-'))
  places.push(place)
  return place
}

beforeEach(async () => {
  ;({ office, admin } = await newOffice())
})
afterEach(async () => {
  await office.close()
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

const signIn = (from = office): Promise<unknown> => from.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
const retire = (folder: string, pin = ADMIN_PIN): Promise<string> => office.codeOf('moving.retire', { folder, pin })

const mutations = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { readonly _def: { readonly type: string; readonly meta?: { readonly access: unknown } } }
  >,
)
  .filter(([, { _def }]) => _def.type === 'mutation' && _def.meta?.access !== 'anybody')
  .map(([path]) => path)

test('everything that would change the office is refused, by every officer; looking and exporting goes on', async () => {
  await hire(office, 'everything', ['clerk', 'approver', 'administrator', 'auditor'], '605918')
  const folder = newPlace()
  const before = await office.get<{ rows: { position: number }[] }>('audit.page', { limit: 1 }, 'everything')
  expect(await retire(folder)).toBe('fine')
  expect(readdirSync(folder)).toHaveLength(1)
  const status = await office.get<{ retired: object; officers: { id: string; login: string }[] }>('setup.status')
  expect(status.retired).toMatchObject({ isWhole: true })
  expect(await office.codeOf('registry.counts')).toBe('api.signed-out')
  const officerId = status.officers.find(({ login }) => login === 'everything')?.id
  await office.get('session.signIn', { officerId, pin: '605918' })
  expect(await office.get('moving.standing')).toMatchObject({ retired: true, retirement: { by: admin } })

  const still: string[] = []
  for (const path of mutations) {
    const code = await office.codeOf(path, { nothing: 'of this kind is known' })
    if (code !== 'moving.retired') still.push(path)
    // Its door closes with it.
    if (path === 'setup.lock') {
      await office.get('setup.unlock', { passphrase: PASSPHRASE })
      await office.get('session.signIn', { officerId, pin: '605918' })
    }
  }
  expect(still.sort()).toEqual([
    'audit.exportBegin',
    'audit.exportEnd',
    'moving.retire',
    'moving.stayHere',
    'registry.exportBegin',
    'registry.reveal',
    'setup.lock',
    'upkeep.note',
    'upkeep.run',
  ])
  expect(await office.codeOf('registry.counts')).toBe('fine')
  const { rows } = await office.get<{ rows: { position: number; action: string }[] }>('audit.page', { limit: 100 })
  const done = rows.filter(({ position }) => position > (before.rows[0]?.position ?? 0)).map(({ action }) => action)
  expect(done).toEqual(expect.arrayContaining(['office.move-begun', 'office.retired']))
  expect(new Set(done.filter((action) => !/^(session|office)\./.test(action)))).toEqual(
    new Set(['audit.exported', 'vault.device-key-made'].filter((action) => done.includes(action))),
  )
})

test('it takes the PIN of an administrator, and a folder that can hold the backup', async () => {
  await hire(office, 'samir', ['clerk', 'approver'], '605918')
  expect(await office.codeOf('moving.retire', { folder: newPlace(), pin: '605918' }, 'samir')).toBe('api.not-your-role')
  expect(await retire(newPlace(), '111111')).toBe('identity.wrong-pin')
  expect(await retire('relative')).toBe('backup.folder-not-absolute')
  expect(await retire(join(newPlace(), 'not there'))).toBe('backup.folder-missing')
  expect(await retire(office.directory)).toBe('backup.folder-inside-office')
  // Nothing of that signed anybody out.
  expect(await office.codeOf('setup.change', { officeName: 'Still here', autoLockMinutes: 0 })).toBe('fine')
  expect(await office.codeOf('moving.stayHere', { pin: ADMIN_PIN })).toBe('moving.not-leaving')
})

test('no back-up is made, and nothing of an older one taken away, by a laptop that was retired', async () => {
  const folder = newPlace()
  await retire(folder)
  await signIn()
  expect(await office.codeOf('backups.make')).toBe('moving.retired')
  expect(await office.codeOf('moving.stayHere', { pin: ADMIN_PIN })).toBe('moving.retired')
  await signIn()
  expect(await retire(folder)).toBe('moving.retired')
  expect(readdirSync(folder)).toHaveLength(1)
})

test('the new laptop has everything up to the last moment, and is free once an administrator confirmed it', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const folder = newPlace()
  await retire(folder)
  const other = new OpenOffice({ dataDirectory: newPlace() })
  await other.core.start()
  const [found] = await other.get<{ path: string }[]>('restore.find', { place: folder })
  await other.get('restore.run', { path: found?.path, opener: { passphrase: PASSPHRASE } })
  expect(await other.get('setup.status')).toMatchObject({ retired: null })
  await signIn(other)
  expect(await other.codeOf('setup.change', { officeName: 'Moved', autoLockMinutes: 0 })).toBe('fine')
  expect(await other.get('dispatch.status')).toMatchObject({ doubt: { code: 'dispatch.moved' } })
  expect(await other.codeOf('dispatch.confirmRestored', { pin: ADMIN_PIN })).toBe('fine')
  expect(await other.get('dispatch.status')).toMatchObject({ doubt: null })
  // And it can move on, or back: the way is the same.
  const next = newPlace()
  expect(await other.codeOf('moving.retire', { folder: next, pin: ADMIN_PIN })).toBe('fine')
  expect(existsSync(join(next, readdirSync(next)[0] ?? '', 'office.db'))).toBe(true)
  await other.close({ keep: true })
})
