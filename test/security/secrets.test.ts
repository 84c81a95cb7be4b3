import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { appRouter } from '../../electron/core/api/router.ts'
import { openOfficerKey } from '../../electron/core/identity/officer-keys.ts'
import { findSecret, putSecret, type SecretKind } from '../../electron/core/vault/secrets.ts'
import { replicaNames } from '../../shared/model/replica.ts'
import { approvedBatch, furnish, PIN as WORLD_PIN } from '../core/dispatch/approved-batches.ts'
import { individual, put } from '../core/district.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice, PASSPHRASE } from '../core/open-office.ts'
import { type Sampled, samplesOf } from './sample-input.ts'

/*
 * An office full of secrets, and everything that can be asked of it: none of them is in any answer, in the log, in what the
 * screens' live copies get, or in the trail, be it as it is or in base64 or hex.
 */

const EVERYTHING_PIN = '639185'

interface Procedure {
  readonly path: string
  readonly type: string
  readonly inputs: readonly unknown[]
}

const procedures: readonly Procedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { readonly _def: { readonly type: string; readonly inputs: readonly unknown[] } }
  >,
).map(
  ([
    path,
    {
      _def: { type, inputs },
    },
  ]) => ({ path, type, inputs }),
)

/** Each with an owner of its own, as settings, connectors and a central server keep them. */
const planted: Readonly<Partial<Record<SecretKind, string>>> = {
  'manager-secret': 'manager secret Qz71',
  'mapper-secret': 'mapper secret Wx82',
  'manager-client-secret': 'client secret Ev93',
  'callback-inbox-password': 'inbox password Rt04',
  'central-password': 'central password Yu15',
  'connector-password': 'seeder password Io26',
  'sign-in-secret': 'provider secret Pa37',
}

let office: OpenOffice
let managerId: string
let exported: string
let ids: Readonly<Record<string, readonly string[]>>
const secrets = new Map<string, Uint8Array>()
const logged: string[] = []

const keep = (name: string, secret: string | Uint8Array): void => {
  secrets.set(name, typeof secret === 'string' ? Buffer.from(secret) : secret)
}

/** Of a JWK the private members, as the bytes that they stand for; of a sealed box what is sealed. */
function keepContent(name: string, text: string): void {
  if (!text.trimStart().startsWith('{')) {
    keep(name, text)
    return
  }
  const members = JSON.parse(text) as Record<string, unknown>
  for (const member of ['d', 'p', 'q', 'k']) {
    const value = members[member]
    if (typeof value === 'string') keep(`${name} ${member}`, Buffer.from(value, 'base64url'))
  }
  if (typeof members.box === 'string') keep(`${name} box`, members.box)
}

beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void logged.push(words.map(String).join(' ')))
  }
  ;({ office } = await newOffice())
  await hire(office, 'everything', ['clerk', 'approver', 'administrator', 'auditor'], EVERYTHING_PIN)
  const open = office.core.getOffice()
  const { store } = open
  const nowhere = 'http://127.0.0.1:9/'
  const world = await furnish(store, { disburse: nowhere, status: nowhere })
  managerId = world.managerId
  await approvedBatch(world, { name: 'one', count: 3 })
  put(open, 'registrant', individual('R1'))
  for (const [kind, value] of Object.entries(planted)) {
    store.transaction('office', (transaction) => {
      putSecret(transaction, kind as SecretKind, managerId, value)
      transaction.audit({ action: 'test.secret', subjectKind: 'secret', subjectId: managerId })
    })
    keep(kind, value)
  }
  const recovery = await office.get<{ text: string }>('recovery.make', { pin: ADMIN_PIN })
  await office.get('recovery.prove', { recoveryKey: recovery.text })
  keep('recovery key', recovery.text)
  keep('recovery key without its lines', recovery.text.replaceAll('-', ''))
  keep('passphrase', PASSPHRASE)
  keep('key of the data', open.key)
  for (const [name, pin] of Object.entries({
    administrator: ADMIN_PIN,
    everything: EVERYTHING_PIN,
    world: WORLD_PIN,
  })) {
    keep(`PIN of ${name}`, pin)
  }
  const officers = await office.get<{ id: string; login: string }[]>('officers.list')
  for (const { id, login } of officers.filter((one) => one.login === 'almaz')) {
    const key = await openOfficerKey(store, id, ADMIN_PIN)
    keepContent(`key of ${login}`, JSON.stringify(key.export({ format: 'jwk' })))
  }
  // What the office makes for itself: keys of the device, of replication, of exports.
  exported = (await office.get<{ id: string }>('audit.exportBegin', {}, 'everything')).id
  const made = store.sql('SELECT kind, name, value FROM secret').all() as {
    kind: string
    name: string
    value: Buffer
  }[]
  for (const { kind, name, value } of made) {
    if (kind in planted) continue
    keepContent(name, value.toString('utf8'))
  }
  const all = (table: string, column = 'id'): string[] =>
    store.sql(`SELECT DISTINCT ${column} FROM ${table} LIMIT 3`).pluck().all() as string[]
  ids = {
    managerId: [managerId],
    registrantId: all('registrant'),
    programmeId: all('programme'),
    cycleId: all('cycle'),
    batchId: all('batch'),
    paymentId: all('payment'),
    submissionId: all('submission'),
    officerId: all('officer'),
    installationId: [store.installationId],
    digest: all('submission', "body ->> '$.digest'"),
    subjectId: [...all('officer'), ...all('batch'), ...all('payment')],
    id: [exported, managerId, ...all('registrant'), ...all('batch'), ...all('officer')],
    ids: [managerId, ...all('officer')],
    page: ['a page of this test'],
  }
}, 180_000)

afterAll(async () => {
  vi.restoreAllMocks()
  await office.close()
})

/** Every way in which one of them could stand in a text. */
const forms = (secret: Uint8Array): string[] => {
  const buffer = Buffer.from(secret)
  const text = buffer.toString('utf8')
  const isText = Buffer.from(text).equals(buffer)
  return [
    buffer.toString('hex'),
    ...(buffer.length < 9 ? [] : [buffer.toString('base64').replace(/=+$/, ''), buffer.toString('base64url')]),
    // A PIN is six digits, which counts and moments hold by chance: only where it stands alone is it one.
    ...(isText ? [/^\d{6,12}$/.test(text) ? `"${text}"` : JSON.stringify(text).slice(1, -1)] : []),
  ]
}

function findSecretIn(text: string): string[] {
  const lower = text.toLowerCase()
  return [...secrets]
    .filter(([, secret]) => forms(secret).some((form) => text.includes(form) || lower.includes(form.toLowerCase())))
    .map(([name]) => name)
}

test('the test itself would see one', () => {
  expect(secrets.size).toBeGreaterThan(15)
  for (const [name, secret] of secrets) {
    for (const form of forms(secret)) expect(findSecretIn(JSON.stringify([form.replaceAll('"', '')]))).toContain(name)
  }
})

test('no answer to anything that reads holds one, and most of it is really answered', async () => {
  const reading = procedures.filter(({ type, path }) => type === 'query' && !leavesTheHouse.has(path))
  expect(reading.length).toBeGreaterThan(90)
  const found: string[] = []
  const answered = new Set<string>()
  for (const { path, inputs } of reading) {
    const tried: readonly Sampled[] = inputs.length === 0 ? [undefined] : samplesOf(inputs[0], ids)
    for (const input of tried) {
      const answer = await office.ask(path, input, 'everything')
      if (answer.ok) answered.add(path)
      found.push(...findSecretIn(JSON.stringify(answer)).map((name) => `${path}: ${name}`))
    }
  }
  expect([...new Set(found)]).toEqual([])
  const silent = reading.map(({ path }) => path).filter((path) => !answered.has(path))
  expect(silent.length / reading.length, silent.join(' ')).toBeLessThan(0.2)
}, 180_000)

test('nothing that is followed holds one', async () => {
  const followed = procedures.filter(({ type, path }) => type === 'subscription' && path !== 'conformance.run')
  const streams = followed.flatMap(({ path, inputs }) =>
    (inputs.length === 0 ? [undefined] : samplesOf(inputs[0], ids)).map((input) => ({
      path,
      ...office.follow(path, 'everything', input),
    })),
  )
  await office.get('officers.list')
  await office.get('setup.change', { officeName: 'Renamed', autoLockMinutes: 0 })
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (const collection of replicaNames) {
    const page = { page: 'a page of this test', collection, checkpoint: null, limit: 100 }
    const documents = await office.get('replica.pull', page, 'everything')
    expect(findSecretIn(JSON.stringify(documents)), collection).toEqual([])
  }
  const events = streams.map(({ path, events: seen }) => ({ path, found: findSecretIn(JSON.stringify(seen)) }))
  expect(events.filter(({ found }) => found.length > 0)).toEqual([])
})

test('no answer to a change holds one, not even to the one that sets it', async () => {
  const found: string[] = []
  const set = planted['manager-secret']
  for (const { path, inputs } of procedures.filter(({ type }) => type === 'mutation')) {
    // These two tell a recovery key this one time, and that is a new one; the others close the office.
    if (/^(setup|restore|moving|session)\.|^keys\.replace$/.test(path)) continue
    const tried: readonly Sampled[] =
      inputs.length === 0
        ? []
        : samplesOf(inputs[0], { ...ids, secret: [set ?? ''], password: [set ?? ''], pin: ['000000'] })
    for (const input of tried.slice(0, 2)) {
      const answer = await office.ask(path, input, 'everything')
      found.push(...findSecretIn(JSON.stringify(answer)).map((name) => `${path}: ${name}`))
    }
  }
  expect([...new Set(found)]).toEqual([])
  expect(findSecret(office.core.getOffice().store, 'central-password', managerId)).toBe(planted['central-password'])
}, 120_000)

test('neither the log nor the audit trail nor an unforeseen fault holds one', () => {
  const { store } = office.core.getOffice()
  const trail = store.sql('SELECT detail FROM audit').pluck().all() as string[]
  const jobs = store.sql('SELECT * FROM job').all()
  expect(trail.length).toBeGreaterThan(10)
  const faults = office.faults.map((fault) =>
    fault instanceof Error ? `${fault.message} ${fault.stack}` : String(fault),
  )
  expect(findSecretIn(JSON.stringify([trail, jobs]))).toEqual([])
  expect(findSecretIn(JSON.stringify([logged, faults]))).toEqual([])
})

/** Asks a server elsewhere, with a password that the caller gives. */
const leavesTheHouse: ReadonlySet<string> = new Set([
  'odk.forms',
  'odk.questions',
  'odk.preview',
  'tokenisation.connectors.tryWithThree',
])
