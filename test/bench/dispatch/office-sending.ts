import { join } from 'node:path'
import { openOffice } from '../../../electron/core/office.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import { OFFICE, Store } from '../../../electron/core/store/store.ts'
import { putSecret } from '../../../electron/core/vault/secrets.ts'
import type { Payment, Transmission } from '../../../shared/model/payment.ts'
import { approvedBatch, furnish, type ManagerSettings } from '../../core/dispatch/approved-batches.ts'
import { batchesReach } from '../batches-reach.ts'
import { type Lap, stopwatch } from '../stopwatch.ts'
import { KEY_ID, type Way } from './ways.ts'

export const KEY = new Uint8Array(32).fill(11)
/** Payments of one batch. */
const LARGEST_BATCH = 5_000

/** Batches that an approver has signed and nobody has sent yet. @returns their ids */
export async function makeApprovedBatches(
  directory: string,
  { key }: Way,
  settings: ManagerSettings,
  payments: number,
): Promise<string[]> {
  const store = new Store({ file: join(directory, 'office.db'), key: { bytes: KEY } })
  try {
    store.transaction(OFFICE, (tx) => {
      putSecret(tx, 'signing-key', KEY_ID, key.export({ format: 'pem', type: 'pkcs8' }) as string)
      tx.audit({ action: 'bench.key', subjectKind: 'secret', subjectId: KEY_ID })
    })
    const urls = { disburse: settings.paymentEndpointUrl ?? '', status: settings.statusEndpointUrl ?? '' }
    const world = await furnish(store, urls, settings)
    const batchIds: string[] = []
    for (let from = 0; from < payments; from += LARGEST_BATCH) {
      const count = Math.min(LARGEST_BATCH, payments - from)
      batchIds.push((await approvedBatch(world, { name: `${from}`, count, from })).batchId)
    }
    return batchIds
  } finally {
    store.close()
  }
}

/** Sends them through the office's own services, until every message is taken. */
export async function sendThroughOffice(directory: string, batchIds: readonly string[]): Promise<Lap> {
  const office = await openOffice({ directory, key: KEY, training: true })
  try {
    // The checks after the start are no part of sending.
    await office.upkeep.run()
    globalThis.gc?.()
    const lap = stopwatch()
    const sent = batchesReach(office.store, batchIds, ['following', 'settled'])
    office.dispatch.send('clerk', batchIds)
    await sent
    const taken = lap()
    const open = office.store.sql("SELECT count(*) FROM payment WHERE state <> 'acknowledged'").pluck().get()
    if (open !== 0) throw new Error(`${open} payments were not acknowledged`)
    return taken
  } finally {
    await office.close()
  }
}

/** A row of a table with the names of its columns. */
export type Row = Readonly<Record<string, string | number | null>>

/** A message as it left, with all that the office wrote about it. */
export interface SentBytes {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly batchId: string
  readonly transmission: Row
  /** Noted before it left, and what became of it. */
  readonly deliveries: readonly Row[]
  /** As they ended. */
  readonly payments: readonly Payment[]
}

/** What a run through the office posted, in its order. */
export function readSent(directory: string): SentBytes[] {
  const database = openDatabase(join(directory, 'office.db'), { bytes: KEY }, 'read')
  try {
    const payments = database
      .prepare(
        `SELECT payment.body FROM submission, json_each(submission.body, '$.lines') AS line
         JOIN payment ON payment.id = line.value ->> '$.paymentId' WHERE submission.id = ? ORDER BY line.key`,
      )
      .pluck()
    const deliveries = database.prepare('SELECT * FROM delivery WHERE transmission_id = ? ORDER BY rowid')
    const next = new Map<string, number>()
    return (database.prepare('SELECT * FROM transmission ORDER BY rowid').all() as Row[]).map((transmission) => {
      const { id, body, headers, batchId, submissionId, count } = JSON.parse(String(transmission.body)) as Transmission
      const from = next.get(submissionId) ?? 0
      next.set(submissionId, from + count)
      const bodies = (payments.all(submissionId) as string[]).slice(from, from + count)
      return {
        body,
        headers,
        batchId,
        transmission,
        deliveries: deliveries.all(id) as Row[],
        payments: bodies.map((text) => JSON.parse(text) as Payment),
      }
    })
  } finally {
    database.close()
  }
}
