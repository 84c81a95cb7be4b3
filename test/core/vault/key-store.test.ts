import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerForKeyStore, DistantKeyStore } from '../../../electron/core/doors/key-store-line.ts'
import { type KeyRing, systemKeyRing } from '../../../electron/core/vault/system-key-ring.ts'
import { usualBackupSettings } from '../../../shared/model/backup.ts'
import { approvedBatch, furnish } from '../dispatch/approved-batches.ts'
import { ADMIN_PIN, hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'
import { FakeKeyStore } from './fake-key-store.ts'

const NEW = 'another long passphrase'

let keyStore: FakeKeyStore
let office: OpenOffice
let admin: string
beforeEach(async () => {
  keyStore = new FakeKeyStore()
  ;({ office, admin } = await newOffice({ keyStore }))
})
afterEach(() => office.close())

async function provenRecoveryKey(): Promise<string> {
  const { text } = await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })
  await office.get('recovery.prove', { recoveryKey: text })
  return text
}

/** The same folder, opened by another process. */
async function startAnew(): Promise<void> {
  await office.close({ keep: true })
  office = new OpenOffice({ dataDirectory: office.directory, keyStore })
  await office.core.start()
}

const status = (): Promise<unknown> => office.get('setup.status')
const actions = (): unknown[] => office.core.getOffice().store.sql('SELECT action FROM audit').pluck().all()
const keyFile = (): string => readFileSync(join(office.directory, 'office', 'keys.json'), 'utf8')

/** All that waits to be sent, as the store has it. */
const unsentWork = (): unknown =>
  ['batch', 'submission', 'decision', 'payment', 'job'].map((table) =>
    office.core.getOffice().store.sql(`SELECT * FROM ${table} ORDER BY 1`).all(),
  )

describe('the key store of the system', () => {
  test('takes the key only once a recovery key was proven, and opens the office without asking anybody', async () => {
    expect(await office.get('keys.status')).toEqual({ by: 'passphrase', backEnd: null, available: 'gnome_libsecret' })
    expect(await office.codeOf('keys.useKeyStore', { pin: ADMIN_PIN })).toBe('vault.recovery-key-first')
    await provenRecoveryKey()
    expect(await office.codeOf('keys.useKeyStore', { pin: '111222' })).toBe('identity.wrong-pin')
    expect(await office.codeOf('keys.useKeyStore', { pin: ADMIN_PIN })).toBe('fine')
    expect(await office.get('keys.status')).toMatchObject({ by: 'key-store', backEnd: 'gnome_libsecret' })
    expect(actions()).toContain('office.key-store-set')
    await startAnew()
    expect(await status()).toMatchObject({ state: 'open', opensBy: 'key-store', keyStoreFault: null })
    await office.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
    expect(await office.get('setup.lock')).toMatchObject({ state: 'locked', opensBy: 'key-store' })
    expect(await office.get('setup.openByKeyStore')).toMatchObject({ state: 'open' })
  })

  test('gives the key back to a passphrase', async () => {
    await provenRecoveryKey()
    await office.get('keys.useKeyStore', { pin: ADMIN_PIN })
    expect(await office.codeOf('keys.setPassphrase', { pin: ADMIN_PIN, passphrase: NEW })).toBe('fine')
    expect(actions()).toContain('office.passphrase-set')
    await startAnew()
    expect(await status()).toMatchObject({ state: 'locked', opensBy: 'passphrase' })
    expect(await office.codeOf('setup.unlock', { passphrase: PASSPHRASE })).toBe('vault.wrong-passphrase')
    expect(await office.codeOf('setup.unlock', { passphrase: NEW })).toBe('fine')
  })

  test('that opens nothing of what it sealed is not relied on', async () => {
    await provenRecoveryKey()
    const before = keyFile()
    keyStore.open = () => Promise.resolve('something else')
    expect(await office.codeOf('keys.useKeyStore', { pin: ADMIN_PIN })).toBe('vault.key-store-refused')
    keyStore.backEnd = undefined
    expect(await office.codeOf('keys.useKeyStore', { pin: ADMIN_PIN })).toBe('vault.key-store-missing')
    expect(keyFile()).toBe(before)
  })

  test.each([
    ['lost', 'vault.key-store-refused', () => keyStore.lose()],
    [
      'another one',
      'vault.key-store-other',
      () => {
        keyStore.backEnd = 'kwallet6'
      },
    ],
    [
      'gone',
      'vault.key-store-missing',
      () => {
        keyStore.backEnd = undefined
      },
    ],
  ])(
    'that is %s costs nothing that was not sent: the recovery key opens the store as it stands',
    async (_, code, lose) => {
      const text = await provenRecoveryKey()
      const nowhere = 'http://127.0.0.1:9/'
      const world = await furnish(office.core.getOffice().store, { disburse: nowhere, status: nowhere })
      const { batchId } = await approvedBatch(world, { name: 'queued', count: 5 })
      await office.get('keys.useKeyStore', { pin: ADMIN_PIN })
      const unsent = unsentWork()
      lose()
      await startAnew()
      expect(await status()).toMatchObject({ state: 'locked', opensBy: 'key-store', keyStoreFault: { code } })
      expect(await office.get('setup.openByKeyStore')).toMatchObject({ state: 'locked', keyStoreFault: { code } })
      expect(await office.codeOf('setup.recover', { recoveryKey: text, newPassphrase: NEW })).toBe('fine')
      expect(unsentWork()).toEqual(unsent)
      expect(office.core.getOffice().store.get('batch', batchId).state).toBe('approved')
      await office.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
      expect(await office.get('dispatch.status')).toMatchObject({ doubt: null })
      expect(await office.get('keys.status')).toMatchObject({ by: 'passphrase' })
    },
  )

  test('cannot open a backup elsewhere: that takes the recovery key', async () => {
    const text = await provenRecoveryKey()
    await office.get('keys.useKeyStore', { pin: ADMIN_PIN })
    const folder = `${office.directory}-backups`
    mkdirSync(folder)
    await office.get('backups.change', { ...usualBackupSettings, folder })
    const { path } = await office.get<{ path: string }>('backups.make')
    const other = new OpenOffice()
    await other.core.start()
    const run = (opener: unknown): Promise<string> => other.codeOf('restore.run', { path, opener })
    expect(await run({ passphrase: PASSPHRASE })).toBe('vault.needs-recovery-key')
    expect(await run({ recoveryKey: text, newPassphrase: NEW })).toBe('fine')
    await other.close()
    rmSync(folder, { recursive: true })
  })

  test('is the business of administrators', async () => {
    await hire(office, 'samir', ['clerk', 'approver', 'auditor'], '605918')
    expect(await office.codeOf('keys.useKeyStore', { pin: '605918' }, 'samir')).toBe('api.not-your-role')
    expect(await office.codeOf('keys.setPassphrase', { pin: '605918', passphrase: NEW }, 'samir')).toBe(
      'api.not-your-role',
    )
  })
})

describe('the key ring without Electron', () => {
  const ring = (): KeyRing => {
    const kept = new Map<string, Uint8Array>()
    return {
      find: async (name) => kept.get(name),
      put: async (name, secret) => void kept.set(name, secret),
    }
  }

  test('opens what it sealed, and nothing that another ring did', async () => {
    const [mine, theirs] = [ring(), ring()]
    const keys = systemKeyRing('linux', async () => mine)
    expect(await keys.findBackEnd()).toBe('secret-service')
    const sealed = await keys.seal('the key')
    expect(Buffer.from(sealed).toString()).not.toContain('the key')
    expect(await keys.open(sealed)).toBe('the key')
    await expect(systemKeyRing('linux', async () => theirs).open(sealed)).rejects.toThrow('does not know')
  })

  test.each([
    ['no service answers', 'linux', () => Promise.reject(new Error('no session bus'))],
    ['there is no build of the library', 'linux', () => Promise.reject(new Error('cannot find module'))],
    ['the system is not known', 'aix', async () => ring()],
  ] as const)('is none where %s', async (_, platform, open) => {
    const keys = systemKeyRing(platform, open)
    expect(await keys.findBackEnd()).toBeUndefined()
    await expect(keys.seal('x')).rejects.toThrow('no key ring')
  })
})

test('the key store of a door is asked across the threads, and says no reasons', async () => {
  const behind = new FakeKeyStore()
  const distant: DistantKeyStore = new DistantKeyStore(
    (question) =>
      void answerForKeyStore(behind, structuredClone(question)).then((answer) => distant.take(structuredClone(answer))),
  )
  expect(await distant.findBackEnd()).toBe('gnome_libsecret')
  const sealed = await distant.seal('the key')
  expect(await distant.open(sealed)).toBe('the key')
  behind.lose()
  await expect(distant.open(sealed)).rejects.toThrow('the key store refused')
  behind.backEnd = undefined
  expect(await distant.findBackEnd()).toBeUndefined()
})
