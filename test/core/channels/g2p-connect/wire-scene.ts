import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Envelope, PartMessage } from '../../../../electron/core/channels/channel.ts'
import { G2PConnectChannel } from '../../../../electron/core/channels/g2p-connect/g2p-connect-channel.ts'
import { createHttp } from '../../../../electron/core/http/http.ts'
import { PATHS } from '../../../../electron/peers/g2p-connect/paths.ts'
import { G2P_CONNECT } from '../../../../electron/peers/g2p-connect/protocol.ts'
import { answerProtocol } from '../../../../electron/peers/payment-system/door.ts'
import { openPaymentSystem, type PaymentSystem } from '../../../../electron/peers/payment-system/payment-system.ts'
import { PeerOptions, type PeerOptionsInput } from '../../../../electron/peers/payment-system/peer-options.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { managerSettings } from '../../managers/settings.ts'

const never = new AbortController().signal

/** RSA keys take long to make, so that the payment systems of one run find theirs already there. */
const rsaKeys = ['RS256', 'PS256', 'RSA-OAEP-256'].map((purpose) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { purpose, text: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: `peer-${purpose}` }) }
})

/** A channel beside a payment system, over real HTTP on this machine. */
export class WireScene {
  readonly peer: PaymentSystem
  readonly channel: G2PConnectChannel
  readonly manager: PaymentManager
  /** Milliseconds by which the office's clock is ahead. */
  ahead = 0

  private constructor(peer: PaymentSystem, manager: PaymentManager, keys: Readonly<Record<string, string>>) {
    const http = createHttp()
    this.peer = peer
    this.manager = manager
    this.channel = new G2PConnectChannel({
      http,
      now: () => Date.now() + this.ahead,
      training: false,
      findSecret: () => undefined,
      findSigningKey: (keyId) => keys[keyId],
      findDecryptionKey: (keyId) => keys[keyId],
      findClientCertificate: () => undefined,
      findCallbackAddress: () => undefined,
    })
    onTestFinished(() => http.close())
  }

  /** @param keys private keys of the vault (PEM) by their ids */
  static async open(
    keys: Readonly<Record<string, string>>,
    options: Partial<PeerOptionsInput>,
    settings: (urls: Readonly<Record<keyof typeof PATHS, string>>) => Partial<PaymentManager>,
  ): Promise<WireScene> {
    const directory = mkdtempSync(join(tmpdir(), 'wire-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const ledgerFile = join(directory, 'ledger.jsonl')
    for (const { purpose, text } of rsaKeys) writeFileSync(`${ledgerFile}.key-${purpose}`, text)
    const told = { ledgerFile, controlToken: 'x'.repeat(20), receiverId: 'switch', ...options }
    const peer = openPaymentSystem(PeerOptions.parse(told))
    const server = createServer((request, response) => void answerProtocol(G2P_CONNECT, peer, request, response))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const urls = Object.fromEntries(Object.entries(PATHS).map(([name, path]) => [name, origin + path]))
    const wanted = settings(urls as Record<keyof typeof PATHS, string>)
    const manager: PaymentManager = {
      ...managerSettings('unused'),
      id: 'manager',
      state: 'active',
      removed: false,
      changedAt: '',
      changedBy: '',
      signature: '',
      paymentEndpointUrl: wanted.mode === 'sync' ? `${origin}${PATHS.syncDisburse}` : `${origin}${PATHS.disburse}`,
      statusEndpointUrl: `${origin}${PATHS.syncStatus}`,
      ...wanted,
    }
    return new WireScene(peer, manager, keys)
  }

  part(names: readonly string[]): PartMessage {
    const items = names.map((payee_name, at) => ({
      reference_id: `r-${at}`,
      payer_fa: 'account:1@treasury',
      payee_fa: `account:${at}@bank`,
      amount: '100.00',
      payee_name,
      currency_code: 'ETB',
    }))
    const message = { transaction_id: 't-1', disbursements: items }
    return { part: '1', transactionId: 't-1', messageId: 'm-1', count: items.length, message, digest: '' }
  }

  async seal(part: PartMessage): Promise<Envelope> {
    const envelope = await this.channel.seal(part, this.manager, '', never)
    if ('fault' in envelope) throw new Error(envelope.fault.code)
    return envelope
  }

  asked = ({ count }: PartMessage) =>
    Array.from({ length: count }, (_, at) => ({
      id: `r-${at}`,
      currency: 'ETB',
      theirReference: '',
      amount: 10_000,
      payeeAddress: `account:${at}@bank`,
    }))

  post(envelope: Pick<Envelope, 'body' | 'headers'>, part: PartMessage) {
    return this.channel.post(envelope, this.manager, this.asked(part), never)
  }

  lookUp(part: PartMessage) {
    return this.channel.lookUp({ payments: this.asked(part), message: null }, this.manager, never)
  }
}
