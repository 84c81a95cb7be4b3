import { createHash, type KeyObject, privateEncrypt, sign } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sha3_256 } from '@noble/hashes/sha3'
import { bytesToHex } from '@noble/hashes/utils'
import { AuditLog } from '../../../electron/core/audit/audit-log.ts'
import { type Database, openDatabase, type Statement } from '../../../electron/core/store/database.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { type Lap, stopwatch } from '../stopwatch.ts'
import { KEY, type Row, type SentBytes } from './office-sending.ts'
import type { Way } from './ways.ts'

/** What leaves, as it was made anew. */
type Made = Pick<SentBytes, 'body' | 'headers'>

const encode = (content: string | Buffer): string => Buffer.from(content).toString('base64url')
const decode = (content: string | undefined): string => Buffer.from(content ?? '', 'base64url').toString()

/** What is in a message is taken apart before the watch starts; what it gives back writes and signs it within the time. */
const writers: Readonly<Record<Way['kind'], (sent: SentBytes, key: KeyObject) => () => Made>> = {
  'g2p-connect': ({ body, headers }, key) => {
    const { signature, header, message } = JSON.parse(body)
    const marks = JSON.parse(decode(String(signature).split('.')[0]))
    return () => {
      const signed = `${encode(JSON.stringify(marks))}.${encode(JSON.stringify({ header, message }))}`
      const jws = `${signed}.${encode(sign(null, Buffer.from(signed), key))}`
      return { body: JSON.stringify({ signature: jws, header, message }), headers }
    }
  },
  'payment-hub': ({ body, headers }, key) => {
    const [head = '', file = ''] = body.split('\r\n\r\n')
    const [csv = '', ...tail] = file.split('\r\n')
    const rows = csv.split('\n').map((row) => row.split(','))
    const { 'x-signature': _, ...others } = headers
    const named = `${headers['x-correlationid']}:${headers['platform-tenantid']}`
    return () => {
      const written = rows.map((cells) => cells.join(',')).join('\n')
      // By a library: the cryptography in Electron has no SHA-3.
      const digest = bytesToHex(sha3_256(new TextEncoder().encode(`${named}:${written}`)))
      const signature = privateEncrypt(key, Buffer.from(digest, 'ascii')).toString('base64')
      return {
        body: `${head}\r\n\r\n${[written, ...tail].join('\r\n')}`,
        headers: { ...others, 'x-signature': signature },
      }
    }
  },
  file: ({ body, headers }, key) => {
    const rows = body.split('\r\n').map((row) => row.split(','))
    const [head = ''] = (headers.Signature ?? '').split('.')
    const marks = JSON.parse(decode(head))
    return () => {
      const written = rows.map((cells) => cells.join(',')).join('\r\n')
      const signed = `${encode(JSON.stringify(marks))}.${encode(written)}`
      const signature = `${signed.slice(0, signed.indexOf('.'))}..${encode(sign(null, Buffer.from(signed), key))}`
      const digest = createHash('sha256').update(written).digest('hex')
      return { body: written, headers: { ...headers, 'File-Digest': digest, Signature: signature } }
    }
  },
}

/** What is written beside the bytes that leave. */
export type Written =
  /** Before each message one synced commit: its bytes, the row of each payment once, an audit entry. */
  | 'once'
  /** Every row that the office writes, in bulk: queued; before each message, and after it. */
  | 'same-rows'

/** What the bare limit is, in words. */
export const bareWords = (way: Way, messages: number, written: Written): string =>
  `bare limit (the same ${messages} messages, ${way.words}; ${
    written === 'once'
      ? 'one synced commit for each: its bytes, one update of each payment, one audit entry'
      : 'the rows that the office writes: each payment queued, sent and acknowledged, two synced commits for each message'
  })`

/** The bare limit: the same bytes, written and signed anew, kept and posted; no other logic. */
export async function sendBare(
  directory: string,
  way: Way,
  url: string,
  sent: readonly SentBytes[],
  written: Written,
): Promise<Lap> {
  const database = openDatabase(join(directory, 'office.db'), { bytes: KEY }, 'write')
  const rows = rowsOf(database)
  const messages = sent.map((one) => ({ ...one, write: writers[way.kind](one, way.key) }))
  const made: Made[] = []
  globalThis.gc?.()
  const lap = stopwatch()
  if (written === 'same-rows') {
    rows.commit(() => {
      for (const { payments, batchId } of messages) {
        rows.move(payments, 'queued')
        rows.note('batch.queued', batchId)
      }
    })
  }
  for (const { write, payments, batchId, transmission, deliveries } of messages) {
    const message = write()
    made.push(message)
    const [posting, done] = deliveries
    rows.commit(() => {
      rows.insert('transmission', transmission)
      rows.note('part.posting', batchId)
      if (written === 'once') rows.move(payments, 'acknowledged')
      else {
        rows.insert('delivery', posting)
        rows.move(payments, 'sent')
      }
    })
    if (url !== '') await post(url, message)
    if (written === 'once') continue
    rows.commit(() => {
      rows.insert('delivery', done)
      rows.move(payments, 'acknowledged')
      rows.note('part.posted', batchId)
    })
  }
  const taken = lap()
  const open = database.prepare("SELECT count(*) FROM payment WHERE state <> 'acknowledged'").pluck().get()
  database.close()
  if (open !== 0) throw new Error(`bare: ${open} payments were left out`)
  for (const [place, { body, headers }] of made.entries()) {
    const other = sent[place]
    const isSame =
      body === other?.body && Object.entries(other.headers).every(([name, value]) => headers[name] === value)
    if (!isSame) throw new Error(`bare: message ${place} is another one than the office sent`)
  }
  return taken
}

function rowsOf(database: Database) {
  const audit = new AuditLog(database)
  const update = database.prepare(
    'UPDATE payment SET seq = ?, changed_at = ?, state = ?, state_at = ?, body = ? WHERE id = ?',
  )
  const inserts = new Map<string, Statement>()
  let sequence = 1_000_000
  return {
    commit(work: () => void): void {
      sequence += 1
      database.transaction(work).immediate()
    },
    insert(table: 'transmission' | 'delivery', row: Row | undefined): void {
      if (row === undefined) throw new Error('a message that was not posted once')
      let insert = inserts.get(table)
      if (insert === undefined) {
        const names = Object.keys(row)
        insert = database.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`)
        inserts.set(table, insert)
      }
      insert.run(...Object.values(row))
    },
    move(payments: readonly Payment[], state: Payment['state']): void {
      for (const payment of payments) {
        const { id, changedAt, stateAt } = payment
        update.run(sequence, changedAt, state, stateAt, JSON.stringify({ ...payment, state }), id)
      }
    },
    note(action: string, subjectId: string): void {
      audit.append({ action, subjectKind: 'batch', subjectId }, 'clerk', '000000000-0000-bare')
    },
  }
}

async function post(url: string, { body, headers }: Made): Promise<void> {
  const call = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  })
  call.end(body)
  const [response] = await once(call, 'response')
  const answer = await text(response)
  if (response.statusCode >= 300) throw new Error(`the payment system answered ${response.statusCode}: ${answer}`)
}
