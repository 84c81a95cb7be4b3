import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import { usualBackupSettings } from '../../../shared/model/backup.ts'
import { approvedBatch, furnish } from '../dispatch/approved-batches.ts'
import { ADMIN_PIN, hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'
import { FakeKeyStore } from './fake-key-store.ts'

const script = fileURLToPath(new URL('./replace-in-folder.ts', import.meta.url))
const NEW = 'another long passphrase'

let keyStore: FakeKeyStore
let office: OpenOffice
let admin: string
beforeEach(async () => {
  keyStore = new FakeKeyStore()
  ;({ office, admin } = await newOffice({ keyStore }))
})
afterEach(() => office.close())

const signIn = (): Promise<unknown> => office.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
const prepare = async (): Promise<string> =>
  (await office.get<{ text: string }>('keys.prepareReplacement', { pin: ADMIN_PIN })).text
const replace = (recoveryKey: string, passphrase = PASSPHRASE): Promise<string> =>
  office.codeOf('keys.replace', { pin: ADMIN_PIN, recoveryKey, passphrase })
const storeFile = (): string => join(office.directory, 'office', 'office.db')
const keyOf = (): string => Buffer.from(office.core.getOffice().key).toString('hex')
const recover = (recoveryKey: string): Promise<string> =>
  office.codeOf('setup.recover', { recoveryKey, newPassphrase: NEW })

async function aBatch(): Promise<void> {
  const nowhere = 'http://127.0.0.1:9/'
  const world = await furnish(office.core.getOffice().store, { disburse: nowhere, status: nowhere })
  await approvedBatch(world, { name: 'queued', count: 5 })
}

const records = (): unknown =>
  ['officer', 'batch', 'submission', 'decision', 'payment', 'job', 'secret'].map((table) =>
    office.core.getOffice().store.sql(`SELECT * FROM ${table} ORDER BY 1`).all(),
  )

test('the key of the store is replaced, and the recovery key with it; all else stays as it is', async () => {
  const old = (await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })).text
  await office.get('recovery.prove', { recoveryKey: old })
  await aBatch()
  writeFileSync(`${storeFile()}.before-2`, 'a copy under the old key')
  const [before, key] = [records(), keyOf()]
  const text = await prepare()
  expect(await replace(text)).toBe('fine')
  expect(keyOf()).not.toBe(key)
  expect(records()).toEqual(before)
  expect(await office.codeOf('officers.list')).toBe('api.signed-out')
  await signIn()
  expect(await office.get('dispatch.status')).toMatchObject({ doubt: null })
  expect(await office.get('upkeep.run')).toMatchObject({ store: { state: 'fine' }, audit: { state: 'fine' } })
  expect(await office.get('home.summary')).toMatchObject({ safety: { recoveryKey: 'proven' } })
  const said = office.core.getOffice().store.sql("SELECT officer_id FROM audit WHERE action = 'office.key-replaced'")
  expect(said.pluck().all()).toEqual([admin])
  expect(readdirSync(join(office.directory, 'office')).filter((name) => /rekeyed|before/.test(name))).toEqual([])
  await office.core.lock()
  expect(await recover(old)).toBe('vault.recovery-key-outdated')
  expect(await office.codeOf('setup.unlock', { passphrase: PASSPHRASE })).toBe('fine')
  await office.core.lock()
  expect(await recover(text)).toBe('fine')
})

test('a backup made before opens with the recovery key of its time, not with the new one', async () => {
  const old = (await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })).text
  const [folder, laterFolder] = [`${office.directory}-backups`, `${office.directory}-later`]
  for (const place of [folder, laterFolder]) mkdirSync(place)
  await office.get('backups.change', { ...usualBackupSettings, folder })
  const { path } = await office.get<{ path: string }>('backups.make')
  const text = await prepare()
  expect(await replace(text)).toBe('fine')
  await signIn()
  // Of one day only the newest would stay.
  await office.get('backups.change', { ...usualBackupSettings, folder: laterFolder })
  const later = await office.get<{ path: string }>('backups.make')
  for (const [wanted, good, bad] of [
    [path, old, text],
    [later.path, text, old],
  ] as const) {
    const other = new OpenOffice()
    await other.core.start()
    const run = (recoveryKey: string): Promise<string> =>
      other.codeOf('restore.run', { path: wanted, opener: { recoveryKey, newPassphrase: NEW } })
    expect(await run(bad)).toMatch(/^vault\.recovery-key-(other|outdated)$/)
    expect(await run(good)).toBe('fine')
    await other.close()
  }
  for (const place of [folder, laterFolder]) rmSync(place, { recursive: true })
})

test('an office that the key store opens keeps being opened by it', async () => {
  const old = (await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })).text
  await office.get('recovery.prove', { recoveryKey: old })
  await office.get('keys.useKeyStore', { pin: ADMIN_PIN })
  const key = keyOf()
  const text = await prepare()
  expect(await replace(text, '')).toBe('fine')
  expect(keyOf()).not.toBe(key)
  await office.core.lock()
  expect(await office.get('setup.openByKeyStore')).toMatchObject({ state: 'open' })
})

test('what is mistyped replaces nothing and closes nothing', async () => {
  const key = keyOf()
  expect(await replace('00000-00000')).toBe('vault.replacement-not-begun')
  const forgotten = await prepare()
  const text = await prepare()
  expect(await replace('00000-00000')).toBe('vault.recovery-key-length')
  expect(await replace(forgotten)).toBe('vault.recovery-key-outdated')
  expect(await replace(text, 'not the passphrase')).toBe('vault.wrong-passphrase')
  expect(await office.codeOf('officers.list')).toBe('fine')
  expect(keyOf()).toBe(key)
  await hire(office, 'samir', ['clerk'], '605918')
  expect(await office.codeOf('keys.prepareReplacement', { pin: '605918' }, 'samir')).toBe('api.not-your-role')
})

test('a replacement that fails leaves the office as it was, and open', async () => {
  const old = (await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })).text
  await office.get('recovery.prove', { recoveryKey: old })
  await office.get('keys.useKeyStore', { pin: ADMIN_PIN })
  const [key, text] = [keyOf(), await prepare()]
  keyStore.seal = () => Promise.reject(new Error('the user said no'))
  expect(await replace(text)).toBe('vault.key-store-refused')
  expect(keyOf()).toBe(key)
  expect(await office.get('setup.status')).toMatchObject({ state: 'open' })
  await office.core.lock()
  expect(await recover(old)).toBe('fine')
})

test('killed at any moment, the office opens by the same passphrase with all that was in it', {
  timeout: 240_000,
}, async () => {
  await aBatch()
  const before = records()
  await office.close({ keep: true })
  const { directory: dataDirectory } = office
  let replaced = 0
  for (let round = 0; round < 10; round += 1) {
    const child = spawn(process.execPath, [script, dataDirectory, PASSPHRASE, admin], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    // Spread over one replacement and a little more; some rounds wait for a step that is short.
    if (round % 2 === 0) await pause(90 * round)
    else await untilKeyFile(round % 4 === 1 ? 'holds both keys' : 'holds one key')
    child.kill('SIGKILL')
    await ended
    office = new OpenOffice({ dataDirectory, keyStore })
    await office.core.start()
    expect(await office.codeOf('setup.unlock', { passphrase: PASSPHRASE })).toBe('fine')
    expect(records()).toEqual(before)
    expect(readFileSync(join(dataDirectory, 'office', 'keys.json'), 'utf8')).not.toContain('"next"')
    expect(readdirSync(join(dataDirectory, 'office')).filter((name) => name.includes('rekeyed'))).toEqual([])
    replaced = office.core
      .getOffice()
      .store.sql("SELECT count(*) FROM audit WHERE action = 'office.key-replaced'")
      .pluck()
      .get() as number
    await office.close({ keep: true })
  }
  expect(replaced).toBeGreaterThan(0)
  office = new OpenOffice({ dataDirectory, keyStore })
  await office.core.start()
  await office.get('setup.unlock', { passphrase: PASSPHRASE })
  await signIn()
  expect(await office.get('upkeep.run')).toMatchObject({ store: { state: 'fine' }, audit: { state: 'fine' } })
  expect(await office.get('dispatch.status')).toMatchObject({ doubt: null })
})

/** The moment between the two contents of the key file is where the store changes its name. */
async function untilKeyFile(wanted: 'holds both keys' | 'holds one key'): Promise<void> {
  const holdsBoth = (): boolean =>
    readFileSync(join(office.directory, 'office', 'keys.json'), 'utf8').includes('"next"')
  for (const held of wanted === 'holds both keys' ? [true] : [true, false]) {
    while (holdsBoth() !== held) await pause(0)
  }
}

test('the command line replaces the key of an office that is closed, for an administrator', async () => {
  const key = keyOf()
  await office.close({ keep: true })
  const run = async (pin: string): Promise<{ exit: number; said: { recoveryKey?: string } }> => {
    const descriptor = (secret: string, name: string): string => {
      const file = join(office.directory, name)
      writeFileSync(file, secret)
      return String(openSync(file, 'r'))
    }
    const said = {}
    const told = { say: (answer: unknown) => void Object.assign(said, answer), explain: () => undefined }
    const secrets = ['--passphrase-fd', descriptor(PASSPHRASE, 'passphrase'), '--pin-fd', descriptor(pin, 'pin')]
    const argv = ['replace-key', '--data', office.directory, '--login', 'Almaz', ...secrets]
    const exit = await runDesk(argv, { ...told, wordsOf: ({ code }) => code })
    return { exit, said }
  }
  expect(await run('111222')).toMatchObject({ exit: 1, said: {} })
  const { exit, said } = await run(ADMIN_PIN)
  expect(exit).toBe(0)
  office = new OpenOffice({ dataDirectory: office.directory, keyStore })
  await office.core.start()
  await office.get('setup.unlock', { passphrase: PASSPHRASE })
  expect(keyOf()).not.toBe(key)
  await signIn()
  expect(await office.codeOf('recovery.prove', { recoveryKey: said.recoveryKey })).toBe('fine')
})
