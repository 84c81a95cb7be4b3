import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Answered, HttpAnswer, HttpRequest } from '../../../electron/core/http/exchange-types.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { jsonOf } from '../../../electron/core/http/json.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { PublicKey } from '../../../electron/peers/payment-system/security/security-options.ts'
import {
  Acknowledgement,
  type Disbursement,
  findStatusItems,
  ReplyEnvelope,
} from '../../../shared/contract/g2p-connect.ts'

/** The text that a compact JWS covers. */
export const signedContent = (header: unknown, message: unknown): string => JSON.stringify({ header, message })

/** A peer in its own process for one test; it ends with the test. */
export async function peerForTest(options: Partial<PeerOptionsInput> = {}): Promise<G2pConnectPeer> {
  const peer = await startG2pConnectPeer({
    ledgerFile: ledgerFileForTest(),
    controlToken: 'control-token-of-tests',
    ...options,
  })
  onTestFinished(() => peer.stop())
  return peer
}

export function ledgerFileForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'ledger.jsonl')
}

export function payment(number: number, change: Partial<Disbursement> = {}): Disbursement {
  return {
    reference_id: `reference-${number}`,
    payer_fa: 'account:treasury@national-bank',
    payee_fa: `account:${number}@national-bank`,
    amount: '12.50',
    payee_name: `Payee ${number}`,
    currency_code: 'ETB',
    ...change,
  }
}

export const payments = (count: number): Disbursement[] => Array.from({ length: count }, (_, at) => payment(at + 1))

interface Parts {
  readonly header?: Readonly<Record<string, unknown>>
  readonly message?: Readonly<Record<string, unknown>>
}

export interface Keys {
  readonly publicKey: PublicKey
  sign(content: string, times?: { iat?: number; exp?: number }): string
}

/** A key pair of the sending office. */
export function officeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  return {
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: String(x), kid: 'office-1' },
    sign(content, times = {}) {
      const head = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: 'office-1', ...times })).toString('base64url')
      const text = `${head}.${Buffer.from(content).toString('base64url')}`
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`
    },
  }
}

/** A disburse request as the specification wants it; `parts` changes header or message. */
export function disburseBody(items: readonly Disbursement[], parts: Parts = {}, keys?: Keys): string {
  const message = { transaction_id: 'transaction-1', disbursements: items, ...parts.message }
  return body('disburse', items.length, message, parts.header ?? {}, keys)
}

export function statusBody(value: string | readonly string[], type = 'reference_id_list', parts: Parts = {}): string {
  const request = {
    reference_id: randomUUID(),
    txn_type: 'disburse',
    attribute_type: type,
    attribute_value: value,
    locale: 'eng',
  }
  const message = { transaction_id: 'look-up-1', txnstatus_request: request, ...parts.message }
  return body('txn-status', typeof value === 'string' ? 1 : value.length, message, parts.header ?? {})
}

function body(action: string, total: number, message: object, change: object, keys?: Keys): string {
  const header = {
    version: '1.0.0',
    message_id: randomUUID(),
    message_ts: '2026-03-01T10:00:00Z',
    action,
    sender_id: 'office.example.org',
    total_count: total,
    ...change,
  }
  const signature = keys === undefined ? null : keys.sign(signedContent(header, message))
  return JSON.stringify({ signature, header, message })
}

/** Posts as the office does: fresh connection, no redirects, no retries. */
export function post(
  url: string,
  text: string,
  change: Partial<HttpRequest> = {},
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const request: HttpRequest = {
    method: 'POST',
    url,
    body: text,
    timeLimit: { connect: 10_000, total: 20_000 },
    maximumReply: 5_000_000,
    freshConnection: true,
    ...change,
    headers: { 'content-type': 'application/json', ...change.headers },
  }
  return createHttp().request(request, signal)
}

export async function postAnswered(url: string, text: string, change: Partial<HttpRequest> = {}): Promise<Answered> {
  const answer = await post(url, text, change)
  if (answer.outcome !== 'answered') throw new Error(`not answered: ${answer.fault.code}`)
  return answer
}

export async function postJson(url: string, text: string, change: Partial<HttpRequest> = {}): Promise<unknown> {
  const json = jsonOf(await postAnswered(url, text, change))
  if (!json.ok) throw new Error(json.error.code)
  return json.value
}

export async function postReply(url: string, text: string) {
  const reply = ReplyEnvelope.parse(await postJson(url, text))
  return { header: reply.header, items: findStatusItems(reply.message ?? {})?.items ?? [], message: reply.message }
}

export async function postAcknowledged(url: string, text: string) {
  return Acknowledgement.parse(await postJson(url, text)).message
}

/** Status by reference, in short: `reference-1 succ`. */
export async function look(peer: G2pConnectPeer, references: readonly string[]): Promise<string[]> {
  const { items } = await postReply(peer.urls.syncStatus, statusBody(references))
  return items.map((item) => [item.reference_id, item.status, item.status_reason_code].filter(Boolean).join(' '))
}
