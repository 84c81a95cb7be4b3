import { sign } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { AuditLog } from '../../../electron/core/audit/audit-log.ts'
import { collections } from '../../../electron/core/store/collections.ts'
import { type Database, openDatabase, type Statement } from '../../../electron/core/store/database.ts'
import type { Batch, Decision, Submission } from '../../../shared/model/batch.ts'
import type { Delivery, Observation, Payment, Transmission } from '../../../shared/model/payment.ts'
import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { stopwatch } from '../stopwatch.ts'
import { CYCLE, KEY, PART_SIZE, type RunPlace, SIGNED_BY, senderKey } from './paying-office.ts'
import type { Phases } from './whole-job.ts'

/** What a run through the office left behind: all that the bare run writes and sends again. */
export interface Rows {
  readonly batches: readonly Batch[]
  /** In the order on the wire, as they ended. */
  readonly payments: ReadonlyMap<string, Payment>
  readonly submissions: readonly Submission[]
  readonly decisions: readonly Decision[]
  readonly messages: readonly {
    readonly transmission: Omit<Transmission, 'body'>
    readonly content: { readonly header: unknown; readonly message: unknown }
    readonly paymentIds: readonly string[]
    readonly deliveries: readonly Delivery[]
  }[]
  readonly observations: ReadonlyMap<string, Observation>
}

export function readRows(place: RunPlace): Rows {
  const database = openDatabase(join(place.directory, 'office.db'), { bytes: KEY }, 'read')
  const all = <T>(sql: string): T[] =>
    (database.prepare(sql).pluck().all() as string[]).map((body) => JSON.parse(body) as T)
  const submissions = all<Submission>('SELECT body FROM submission ORDER BY batch_id')
  const deliveries = Map.groupBy(all<Delivery>('SELECT body FROM delivery ORDER BY seq'), (row) => row.transmissionId)
  const rows: Rows = {
    batches: all('SELECT body FROM batch ORDER BY id'),
    payments: new Map(all<Payment>('SELECT body FROM payment ORDER BY rowid').map((row) => [row.id, row])),
    submissions,
    decisions: all('SELECT body FROM decision ORDER BY seq'),
    messages: all<Transmission>('SELECT body FROM transmission ORDER BY batch_id, part').map(({ body, ...rest }) => {
      const { header, message } = JSON.parse(body)
      const lines = submissions.find(({ id }) => id === rest.submissionId)?.lines ?? []
      return {
        transmission: rest,
        content: { header, message },
        paymentIds: lines
          .slice((Number(rest.part) - 1) * PART_SIZE, Number(rest.part) * PART_SIZE)
          .map(({ paymentId }) => paymentId),
        deliveries: deliveries.get(rest.id) ?? [],
      }
    }),
    observations: new Map(all<Observation>('SELECT body FROM observation').map((row) => [row.paymentId, row])),
  }
  database.close()
  return rows
}

/**
 * The bare limit: what must be paid is read once from the encrypted file, the same rows go into the same tables of it with
 * the same durability, in bulk transactions with one audit row a message, and the same bytes are serialised, signed and
 * posted; no other logic.
 */
export async function payBare(place: RunPlace, rows: Rows): Promise<Phases> {
  const database = openDatabase(join(place.directory, 'office.db'), { bytes: KEY }, 'write')
  const audit = new AuditLog(database)
  const insertOf = <K extends RecordKind>(kind: K): ((record: RecordOf<K>) => void) => {
    const { table, columns } = collections[kind]
    const names = ['id', 'seq', 'changed_at', ...Object.keys(columns), 'body']
    const statement = database.prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    )
    const facts = Object.values(columns) as ((of: RecordOf<K>) => string | number | null)[]
    return (record) => {
      statement.run(record.id, sequence, record.changedAt, ...facts.map((fact) => fact(record)), JSON.stringify(record))
    }
  }
  let sequence = 1_000_000
  const insertPayment = insertOf('payment')
  const insertBatch = insertOf('batch')
  const insertSubmission = insertOf('submission')
  const insertDecision = insertOf('decision')
  const insertTransmission = insertOf('transmission')
  const insertDelivery = insertOf('delivery')
  const insertObservation = insertOf('observation')
  const updatePayment: Statement = database.prepare(
    'UPDATE payment SET seq = ?, changed_at = ?, state = ?, state_at = ?, amount_paid = ?, body = ? WHERE id = ?',
  )
  const updateBatch = database.prepare('UPDATE batch SET seq = ?, state = ?, state_at = ?, body = ? WHERE id = ?')
  const paymentOf = (id: string): Payment => {
    const payment = rows.payments.get(id)
    if (payment === undefined) throw new Error('a line without its payment')
    return payment
  }
  const move = (id: string, state: Payment['state']): void => {
    const payment: Payment = { ...paymentOf(id), state }
    if (state !== 'paid') payment.amountPaid = null
    updatePayment.run(
      ...[sequence, payment.changedAt, state, payment.stateAt, payment.amountPaid, JSON.stringify(payment), id],
    )
  }
  const moveBatch = (batch: Batch, state: Batch['state']): void => {
    updateBatch.run(sequence, state, batch.stateAt, JSON.stringify({ ...batch, state }), batch.id)
  }
  const bulk = (work: () => void): void => {
    sequence += 1
    database.transaction(work).immediate()
  }
  const note = (action: string, subjectId: string): void => {
    audit.append({ action, subjectKind: 'batch', subjectId }, 'clerk', '000000000-0000-bare')
  }

  const lap = stopwatch()
  readOwed(database)
  const read = lap()
  bulk(() => {
    for (const batch of rows.batches) insertBatch({ ...batch, state: 'open' })
    for (const payment of rows.payments.values()) insertPayment({ ...payment, state: 'prepared', amountPaid: null })
    for (const { id } of rows.batches) note('batch.prepared', id)
  })
  const written = lap()
  const prepare = { time: read.time + written.time, work: read.work + written.work }
  process.stderr.write(
    `  bare: of prepare, reading took ${Math.round(read.time)} ms, processor ${Math.round(read.work)} ms\n`,
  )
  bulk(() => {
    for (const submission of rows.submissions) insertSubmission(submission)
    for (const batch of rows.batches) moveBatch(batch, 'submitted')
    for (const { id } of rows.batches) note('batch.submitted', id)
  })
  const submit = lap()
  bulk(() => {
    for (const decision of rows.decisions) insertDecision(decision)
    for (const batch of rows.batches) moveBatch(batch, 'approved')
    for (const { id } of rows.batches) note('batch.approved', id)
  })
  const approve = lap()
  bulk(() => {
    for (const id of rows.payments.keys()) move(id, 'queued')
    for (const batch of rows.batches) moveBatch(batch, 'queued')
  })
  for (const { transmission, content, paymentIds, deliveries } of rows.messages) {
    const body = seal(content)
    const [posting, done] = deliveries
    if (posting === undefined || done === undefined) throw new Error('a message that was not posted once')
    bulk(() => {
      insertTransmission({ ...transmission, body })
      insertDelivery(posting)
      for (const id of paymentIds) move(id, 'sent')
      note('part.posting', transmission.batchId)
    })
    await post(place.peer.urls.disburse, body)
    bulk(() => {
      insertDelivery(done)
      for (const id of paymentIds) move(id, 'acknowledged')
    })
  }
  bulk(() => {
    for (const batch of rows.batches) moveBatch(batch, 'following')
  })
  const send = lap()
  for (const { content, paymentIds, transmission } of rows.messages) {
    const answer = await post(place.peer.urls.syncStatus, seal(question(content.header, paymentIds)))
    JSON.parse(answer)
    bulk(() => {
      for (const id of paymentIds) {
        move(id, 'paid')
        const observation = rows.observations.get(id)
        if (observation === undefined) throw new Error('a payment that nothing was said about')
        insertObservation(observation)
      }
      note('payments.looked-up', transmission.batchId)
    })
  }
  bulk(() => {
    for (const batch of rows.batches) moveBatch(batch, 'settled')
  })
  const settle = lap()

  const paid = database.prepare("SELECT count(*) FROM payment WHERE state = 'paid'").pluck().get()
  if (paid !== rows.payments.size) throw new Error(`bare: ${paid} payments are paid`)
  database.close()
  return { prepare, submit, approve, send, settle }
}

/** Each entitlement with its household and the person who is paid for it. */
function readOwed(database: Database): void {
  const rows = database
    .prepare(
      `SELECT e.body, g.body, m.body, p.body FROM entitlement e
       CROSS JOIN registrant g ON g.id = e.registrant_id
       CROSS JOIN membership m ON m.group_id = g.id AND m.body ->> '$.kinds' LIKE '%"head"%'
       CROSS JOIN registrant p ON p.id = m.individual_id
       WHERE e.cycle_id = ? AND e.removed = 0 AND e.state = 'approved'`,
    )
    .raw()
    .iterate(CYCLE) as Iterable<string[]>
  let owed = 0
  for (const bodies of rows) owed += bodies.map((body) => JSON.parse(body)).length
  if (owed === 0) throw new Error('nobody is to be paid')
}

const encode = (content: string): string => Buffer.from(content).toString('base64url')

function seal({ header, message }: { readonly header: unknown; readonly message: unknown }): string {
  const iat = Math.floor(Date.now() / 1000)
  const marks = { alg: 'EdDSA', kid: SIGNED_BY, iat, exp: iat + 1800 }
  const signed = `${encode(JSON.stringify(marks))}.${encode(JSON.stringify({ header, message }))}`
  const signature = `${signed}.${sign(null, Buffer.from(signed), senderKey).toString('base64url')}`
  return JSON.stringify({ signature, header, message })
}

const question = (header: unknown, paymentIds: readonly string[]) => ({
  header: { ...(header as object), message_id: crypto.randomUUID(), action: 'txn-status' },
  message: {
    transaction_id: crypto.randomUUID(),
    txnstatus_request: {
      reference_id: crypto.randomUUID(),
      txn_type: 'disburse',
      attribute_type: 'reference_id_list',
      attribute_value: paymentIds,
      locale: 'eng',
    },
  },
})

async function post(url: string, body: string): Promise<string> {
  const call = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } })
  call.end(body)
  const [response] = await once(call, 'response')
  const answer = await text(response)
  if (response.statusCode !== 200) throw new Error(`the payment system answered ${response.statusCode}: ${answer}`)
  return answer
}
