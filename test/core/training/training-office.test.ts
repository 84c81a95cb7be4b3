import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3-multiple-ciphers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import { Core } from '../../../electron/core/core.ts'
import type { Office } from '../../../electron/core/office.ts'
import { trainingPins } from '../../../electron/training/training-officers.ts'
import { trainingRoom } from '../../../electron/training/training-room.ts'

const CLERK = 'training-clerk'
const APPROVER = 'training-approver'
/** The cold start of two servers on a busy machine, and patience with a payment system that loses answers. */
const PATIENCE = 120_000

let folder: string
const open = new Set<Core>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'field-office-training-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const core of open) await core.close()
  open.clear()
  rmSync(folder, { recursive: true, force: true })
})

/** Its minutes are short. */
async function enter(): Promise<{ office: Office; close: () => Promise<void> }> {
  const core = new Core({ dataDirectory: folder, door: 'test' }, trainingRoom, { ...systemTime, minute: 300 })
  open.add(core)
  await core.openTraining()
  return {
    office: core.getOffice(),
    async close() {
      open.delete(core)
      await core.close()
    },
  }
}

const until = (what: () => unknown): Promise<unknown> => vi.waitUntil(what, { timeout: PATIENCE, interval: 100 })

/** A contact has brought everything to the central server since this was asked. */
async function allIsThere({ central }: Office): Promise<void> {
  await until(() => central.settings() !== undefined)
  await until(async () => (await central.syncNow()).ok)
  await until(() => {
    const { outgoing } = central.status()
    return outgoing !== null && outgoing.batches + outgoing.people + outgoing.other === 0
  })
}

/** Approved by the training officers and on its way. */
async function sendFirstCycle(office: Office): Promise<string> {
  const cycleId = office.store.sql('SELECT id FROM cycle').pluck().get() as string
  const day = new Date().toISOString().slice(0, 10)
  const { batchIds } = await prepareCycle(office, { cycleId, day, officerId: CLERK })
  const [batchId] = batchIds
  if (batchId === undefined) throw new Error('nothing to pay')
  const { submission } = await submitBatch(office, { batchId, day, officerId: CLERK, now: Date.now() })
  const decision = { batchId, submissionId: submission.id, digest: submission.digest, reason: '' }
  await decideBatch(
    office,
    office.store.get('officer', APPROVER),
    { ...decision, verdict: 'approve', pin: trainingPins[APPROVER] as string },
    Date.now(),
    (transaction, batch) => office.dispatch.queueApprovedBatch(transaction, batch),
  )
  office.dispatch.send(CLERK, [batchId])
  return batchId
}

const stateOf = ({ store }: Office, batchId: string): string => store.get('batch', batchId).state
const paid = async (office: Office, batchId: string): Promise<unknown> =>
  until(() => {
    const notPaid = "SELECT count(*) FROM payment WHERE batch_id = ? AND state NOT IN ('paid', 'rejected')"
    return office.store.sql(notPaid).pluck().get(batchId) === 0
  })

/** What the closed central server has among the claims under an id. */
function claimAtCentre(id: string): Record<string, unknown> {
  const sqlite = new SQLite(join(folder, 'training', 'central-server.db'), { readonly: true })
  try {
    const body = sqlite
      .prepare(
        `SELECT document.body FROM document JOIN database ON database.number = document.database
         WHERE database.name LIKE '%-claims' AND document.id = ? AND document.deleted = 0`,
      )
      .pluck()
      .get(id)
    return JSON.parse((body as string | undefined) ?? '{}')
  } finally {
    sqlite.close()
  }
}

test('a batch approved while the line is cut waits, and goes on by itself with a claim at the central server', {
  timeout: 3 * PATIENCE,
}, async () => {
  const { office, close } = await enter()
  await allIsThere(office)
  const registrant = office.store.sql('SELECT id FROM registrant LIMIT 1').pluck().get() as string
  expect(office.central.receiptOf('registrant', registrant)).toBeDefined()

  office.http.cutLine(true)
  const batchId = await sendFirstCycle(office)
  expect(await office.central.syncNow()).toMatchObject({ ok: false, error: { code: 'http.line-down' } })
  await until(() => stateOf(office, batchId) === 'queued')
  expect(office.central.receiptOf('batch', batchId)).toBeUndefined()

  office.http.cutLine(false)
  await paid(office, batchId)
  await allIsThere(office)
  expect(office.central.receiptOf('batch', batchId)).toBeDefined()
  const { installationId } = office.store
  await close()
  expect(claimAtCentre(`batch:${batchId}`)).toMatchObject({ installationId, state: 'claimed', whole: true })
})

test('after a restart the office finds its central server where it listens now, with everything in it', {
  timeout: 3 * PATIENCE,
}, async () => {
  const first = await enter()
  await allIsThere(first.office)
  const before = first.office.central.settings()
  await first.close()

  const port = Number(new URL(before?.url ?? '').port)
  const another = createServer().listen(port, '127.0.0.1')
  const second = await enter()
  try {
    await until(() => second.office.central.settings()?.url !== before?.url)
    await allIsThere(second.office)
    expect(second.office.central.settings()).toMatchObject({ district: 'training', user: before?.user })
    // Who was known before is not sent again.
    expect(second.office.central.status().lastReport?.pushed ?? 0).toBeLessThan(20)
    expect(second.office.standing.findServerDoubt()).toBeUndefined()
  } finally {
    another.close()
  }
})

test('without its central server the training office works alone, and tells it of its claims once it is there', {
  timeout: 3 * PATIENCE,
}, async () => {
  const log = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const file = join(folder, 'training', 'central-server.db')
  mkdirSync(file, { recursive: true })
  const alone = await enter()
  await until(() => log.mock.calls.some(([text]) => String(text).includes('without its central server')))
  const batchId = await sendFirstCycle(alone.office)
  await until(() => ['following', 'settled'].includes(stateOf(alone.office, batchId)))
  expect(alone.office.central.settings()).toBeUndefined()
  await alone.close()

  rmSync(file, { recursive: true })
  const together = await enter()
  await allIsThere(together.office)
  await paid(together.office, batchId)
  expect(together.office.standing.findServerDoubt()).toBeUndefined()
})

test('a programme that chooses the Payment Hub is paid by it, row by row', { timeout: 3 * PATIENCE }, async () => {
  const { office } = await enter()
  await until(() => office.store.find('paymentManager', 'training-payment-hub') !== undefined)
  const programmeId = office.store.sql('SELECT programme_id FROM cycle').pluck().get() as string
  office.store.transaction(CLERK, (transaction) => {
    const { changedAt, changedBy, ...programme } = transaction.get('programme', programmeId)
    transaction.put('programme', { ...programme, paymentManagerId: 'training-payment-hub' })
    transaction.audit({ action: 'programme.changed', subjectKind: 'programme', subjectId: programmeId })
  })
  const batchId = await sendFirstCycle(office)
  // Its minutes are so short that what the hub pays late counts as stalled.
  const states = 'SELECT state, count(*) AS n FROM payment WHERE batch_id = ? GROUP BY state'
  const ended = new Set(['paid', 'rejected', 'review'])
  const standing = () => office.store.sql(states).all(batchId) as { state: string; n: number }[]
  await until(() => standing().every(({ state }) => ended.has(state)))
  expect(standing().find(({ state }) => state === 'paid')?.n).toBeGreaterThan(0)
  const files = office.store.sql('SELECT body FROM transmission WHERE batch_id = ?').pluck().all(batchId) as string[]
  expect(files.length).toBeGreaterThan(0)
  expect(files.every((body) => body.includes('payee_identifier'))).toBe(true)
})
