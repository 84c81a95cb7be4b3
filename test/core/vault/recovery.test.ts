import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { usualBackupSettings } from '../../../shared/model/backup.ts'
import { ADMIN_PIN, hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = (await newOffice()).office
})
afterEach(() => office.close())

const make = async (): Promise<string> => (await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })).text
const prove = (recoveryKey: string): Promise<string> => office.codeOf('recovery.prove', { recoveryKey })
const NEW = 'another long passphrase'
const recover = (recoveryKey: string): Promise<string> =>
  office.codeOf('setup.recover', { recoveryKey, newPassphrase: NEW })
const changeOne = (text: string, at: number): string => {
  const letters = [...text]
  letters[at] = letters[at] === '7' ? '8' : '7'
  return letters.join('')
}

test('a key that was proven opens the locked office and gives it a new passphrase', async () => {
  const text = await make()
  expect(readFileSync(join(office.directory, 'office', 'keys.json'), 'utf8')).not.toContain(text.slice(6, 11))
  expect(await office.get('home.summary')).toMatchObject({ safety: { recoveryKey: 'unproven' } })
  expect(await prove(text.toLowerCase().replaceAll('-', ' '))).toBe('fine')
  expect(await office.get('home.summary')).toMatchObject({ safety: { recoveryKey: 'proven' } })
  await office.core.lock()
  expect(await recover(text)).toBe('fine')
  expect(await office.get('setup.status')).toMatchObject({ state: 'open' })
  await office.core.lock()
  expect(await office.codeOf('setup.unlock', { passphrase: PASSPHRASE })).toBe('vault.wrong-passphrase')
  expect(await office.codeOf('setup.unlock', { passphrase: NEW })).toBe('fine')
  const used = office.core.getOffice().store.sql("SELECT 1 FROM audit WHERE action = 'office.opened-by-recovery-key'")
  expect(used.all()).toHaveLength(1)
})

test('what is wrong with a key is told', async () => {
  const [mine, strange] = [await make(), '00000-00000-00000-00000-00000-00000-00000-00000']
  await office.core.lock()
  expect(await recover(mine.slice(0, -1))).toBe('vault.recovery-key-length')
  const mistyped = await office.ask('setup.recover', { recoveryKey: changeOne(mine, 20), newPassphrase: NEW })
  expect(mistyped).toMatchObject({ error: { code: 'vault.recovery-key-group', params: { group: 4 } } })
  expect(await recover(strange)).toBe('vault.recovery-key-group')
  const { office: second } = await newOffice()
  const theirs = await second.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })
  await second.close()
  expect(await recover(theirs.text)).toBe('vault.recovery-key-other')
  expect(await office.get('setup.status')).toMatchObject({ state: 'locked' })
  expect(await recover(mine)).toBe('fine')
})

test('an office without one says so', async () => {
  expect(await office.get('home.summary')).toMatchObject({ safety: { recoveryKey: 'none' } })
  const text = await make()
  const { office: second } = await newOffice()
  await second.core.lock()
  expect(await second.codeOf('setup.recover', { recoveryKey: text, newPassphrase: NEW })).toBe('vault.no-recovery-key')
  await second.close()
})

test('the proven key opens until a newer one is proven; then it is outdated', async () => {
  const first = await make()
  expect(await prove(first)).toBe('fine')
  const lost = await make()
  const second = await make()
  expect(await prove(first)).toBe('vault.recovery-key-outdated')
  expect(await prove(lost)).toBe('vault.recovery-key-outdated')
  await office.core.lock()
  expect(await recover(lost)).toBe('vault.recovery-key-outdated')
  expect(await recover(first)).toBe('fine')
  const { officers } = await office.get<{ officers: { id: string }[] }>('setup.status')
  await office.get('session.signIn', { officerId: officers[0]?.id, pin: ADMIN_PIN })
  expect(await prove(second)).toBe('fine')
  await office.core.lock()
  expect(await recover(first)).toBe('vault.recovery-key-outdated')
  expect(await recover(second)).toBe('fine')
})

test('only an administrator makes one, with the PIN', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  expect(await office.codeOf('recovery.make', { pin: '605918' }, 'samir')).toBe('api.not-your-role')
  expect(await office.codeOf('recovery.make', { pin: '111222' })).toBe('identity.wrong-pin')
  expect(await office.get('recovery.status')).toEqual({ newest: null, older: null })
})

test('a backup is put back with the recovery key, under a new passphrase', async () => {
  const text = await make()
  const folder = `${office.directory}-backups`
  mkdirSync(folder)
  await office.get('backups.change', { ...usualBackupSettings, folder })
  const { path } = await office.get<{ path: string }>('backups.make')
  const other = new OpenOffice()
  await other.core.start()
  const run = (recoveryKey: string): Promise<string> =>
    other.codeOf('restore.run', { path, opener: { recoveryKey, newPassphrase: NEW } })
  expect(await run(changeOne(text, 0))).toBe('vault.recovery-key-group')
  expect(await run(text)).toBe('fine')
  await other.core.lock()
  expect(await other.codeOf('setup.unlock', { passphrase: NEW })).toBe('fine')
  await other.close()
  rmSync(folder, { recursive: true })
})
