import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CoreThread, openCoreThread } from '../../../electron/core/core-thread-handle.ts'
import { replyText } from '../../../electron/core/doors/packed-reply.ts'
import type { BridgeReply } from '../../../shared/contract/bridge.ts'
import type { Result } from '../../../shared/contract/result.ts'

let directory: string
let core: CoreThread
let lastId = 0
const waiting = new Map<number, (result: Result<unknown>) => void>()

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-'))
  core = await open()
})

afterEach(async () => {
  await core.close()
  rmSync(directory, { recursive: true, force: true })
})

async function open(): Promise<CoreThread> {
  const thread = await openCoreThread({ dataDirectory: directory, door: 'test' })
  thread.onReply((_, packed) => {
    const reply: BridgeReply = JSON.parse(replyText(packed, packed.id))
    if (reply.kind === 'result') waiting.get(reply.id)?.(reply.result)
  })
  return thread
}

function call(path: string, input?: unknown, client = 'window'): Promise<Result<unknown>> {
  lastId += 1
  const id = lastId
  const answer = new Promise<Result<unknown>>((resolve) => waiting.set(id, resolve))
  core.send(client, { kind: 'call', id, path, input })
  return answer
}

test('a new data folder has no office until one is chosen', async () => {
  expect(await call('setup.status')).toMatchObject({ ok: true, value: { state: 'none', training: false } })
})

test('the training office opens without set-up and an officer signs in with the PIN it shows', async () => {
  const started = await call('setup.startTraining')
  expect(started).toMatchObject({ ok: true, value: { state: 'open', training: true } })
  const { officers, trainingPins } = (
    started as { value: { officers: { id: string }[]; trainingPins: Record<string, string> } }
  ).value
  for (const { id } of officers) {
    const answer = await call('session.signIn', { officerId: id, pin: trainingPins[id] })
    expect(answer).toMatchObject({ ok: true, value: { id } })
  }
})

test('a call without sign-in, to an unknown path or with wrong input is answered with a code, never an exception', async () => {
  await call('setup.startTraining')
  expect(await call('audit.verify')).toEqual({ ok: false, error: { code: 'api.signed-out', params: {} } })
  expect(await call('no.such.call')).toEqual({ ok: false, error: { code: 'api.unknown-call', params: {} } })
  expect(await call('constructor')).toEqual({ ok: false, error: { code: 'api.unknown-call', params: {} } })
  expect(await call('session.signIn', { officerId: 7 })).toEqual({
    ok: false,
    error: { code: 'api.input-invalid', params: { field: 'officerId' } },
  })
})

test('a clerk cannot verify the audit trail, an auditor can', async () => {
  await call('setup.startTraining')
  await call('session.signIn', { officerId: 'training-clerk', pin: '271828' })
  expect(await call('audit.verify')).toMatchObject({ ok: false, error: { code: 'api.not-your-role' } })
  await call('session.signIn', { officerId: 'training-administrator', pin: '314159' }, 'second window')
  expect(await call('audit.verify', undefined, 'second window')).toMatchObject({ ok: true, value: { break: null } })
})

test('an office with a passphrase is locked after a restart, and wrong passphrases and PINs are told apart', async () => {
  const made = await call('setup.create', {
    officeName: 'District office',
    passphrase: 'a long enough passphrase',
    officer: { name: 'Administrator', login: 'admin', pin: '482915' },
  })
  expect(made).toMatchObject({ ok: true, value: { state: 'open', training: false, officeName: 'District office' } })
  await core.close()
  core = await open()
  expect(await call('setup.status')).toMatchObject({ ok: true, value: { state: 'locked' } })
  expect(await call('setup.unlock', { passphrase: 'something else entirely' })).toMatchObject({
    ok: false,
    error: { code: 'vault.wrong-passphrase' },
  })
  const opened = await call('setup.unlock', { passphrase: 'a long enough passphrase' })
  expect(opened).toMatchObject({ ok: true, value: { state: 'open' } })
  const [officer] = (opened as unknown as { value: { officers: { id: string }[] } }).value.officers
  expect(await call('session.signIn', { officerId: officer?.id, pin: '111222' })).toMatchObject({
    ok: false,
    error: { code: 'identity.wrong-pin' },
  })
  expect(await call('session.signIn', { officerId: officer?.id, pin: '482915' })).toMatchObject({ ok: true })
})

test('a second core over the same folder is refused', async () => {
  await expect(openCoreThread({ dataDirectory: directory, door: 'test' })).rejects.toThrow('store.in-use')
})
