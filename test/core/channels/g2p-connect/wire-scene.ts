import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type {
  Envelope,
  Opened,
  PartMessage,
  PostOutcome,
  Question,
  SentMessage,
} from '../../../../electron/core/channels/channel.ts'
import { G2PConnectChannel } from '../../../../electron/core/channels/g2p-connect/g2p-connect-channel.ts'
import type { Answered } from '../../../../electron/core/http/exchange-types.ts'
import { createHttp } from '../../../../electron/core/http/http.ts'
import { answerProtocol } from '../../../../electron/peers/payment-system/door.ts'
import { openPaymentSystem, type PaymentSystem } from '../../../../electron/peers/payment-system/payment-system.ts'
import { PeerOptions, type PeerOptionsInput } from '../../../../electron/peers/payment-system/peer-options.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { managerSettings } from '../../managers/settings.ts'
import { type Receiver, standard } from './receivers.ts'

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
  /** Every answer, as it came. */
  readonly heard: Answered[] = []
  /** Address at which the payment system publishes its keys. */
  readonly keysUrl: string
  /** What the payment system called what it took. */
  readonly #theirs = new Map<string, string>()
  #openedAs = ''
  /** Milliseconds by which the office's clock is ahead. */
  ahead = 0

  private constructor(
    peer: PaymentSystem,
    manager: PaymentManager,
    keys: Readonly<Record<string, string>>,
    keysUrl: string,
  ) {
    const http = createHttp()
    this.peer = peer
    this.manager = manager
    this.keysUrl = keysUrl
    this.channel = new G2PConnectChannel({
      http: {
        ...http,
        request: async (...asked) => {
          const answer = await http.request(...asked)
          if (answer.outcome === 'answered') this.heard.push(answer)
          return answer
        },
      },
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
    settings: (keysUrl: string) => Partial<PaymentManager>,
    receiver: Receiver = standard,
  ): Promise<WireScene> {
    const directory = mkdtempSync(join(tmpdir(), 'wire-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const ledgerFile = join(directory, 'ledger.jsonl')
    for (const { purpose, text } of rsaKeys) writeFileSync(`${ledgerFile}.key-${purpose}`, text)
    const { protocol, behaviour } = receiver
    const told = { ledgerFile, controlToken: 'x'.repeat(20), receiverId: 'switch', behaviour, ...options }
    const peer = openPaymentSystem(PeerOptions.parse(told))
    const server = createServer((request, response) => void answerProtocol(protocol, peer, request, response))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const keysUrl = origin + protocol.keysPath
    const manager = managerOf(receiver, origin, settings(keysUrl))
    return new WireScene(peer, manager, keys, keysUrl)
  }

  /** A part that pays so many people 100.00 each. */
  part(names: readonly string[]): PartMessage {
    const part = this.channel.message(submissionOf(names, this.manager, this.amountOf), '1', this.manager, Date.now())
    if (part === undefined) throw new Error('nobody is paid')
    return part
  }

  async seal(part: PartMessage, names: readonly string[] = ['One']): Promise<Envelope> {
    const opened: Opened | undefined = await this.channel.findOpening(this.manager)?.(
      part,
      submissionOf(names, this.manager, this.amountOf),
      never,
    )
    if (opened?.kind === 'failed') throw new Error(opened.fault.code)
    this.#openedAs = opened?.openedAs ?? ''
    const envelope = await this.channel.seal(part, this.manager, this.#openedAs, never)
    if ('fault' in envelope) throw new Error(envelope.fault.code)
    return envelope
  }

  /** People of a scene are all paid the same, or each another amount. */
  amountOf: (at: number) => number = () => 10_000

  asked = ({ count }: PartMessage) =>
    Array.from({ length: count }, (_, at) => ({
      id: `r-${at}`,
      currency: 'ETB',
      theirReference: this.#theirs.get(`r-${at}`) ?? '',
      amount: this.amountOf(at),
      payeeAddress: `account:${at}@bank`,
    }))

  async post(envelope: Pick<Envelope, 'body' | 'headers'>, part: PartMessage): Promise<PostOutcome> {
    const outcome = await this.channel.post(envelope, this.manager, this.asked(part), never)
    for (const { paymentId, theirReference } of outcome.kind === 'answered' ? outcome.words : []) {
      this.#theirs.set(paymentId, theirReference)
    }
    return outcome
  }

  /** What is asked about a part: everything about it that the office knows by now. */
  question(part: PartMessage): Question {
    const message = { ...sentMessage(part), openedAs: this.#openedAs }
    const asksBy = this.channel.asksBy(this.manager)
    return { payments: this.asked(part), message: asksBy === 'messages' ? message : null }
  }

  lookUp(part: PartMessage) {
    return this.channel.lookUp(this.question(part), this.manager, never)
  }

  /** The answer that named the payments was lost. */
  forgetTheirNames(): void {
    this.#theirs.clear()
  }
}

/** A manager for a receiver at an address, set as its profile suggests. */
export function managerOf(
  { profile, addresses }: Receiver,
  origin: string,
  wanted: Partial<PaymentManager>,
): PaymentManager {
  const mode = wanted.mode ?? profile.suggested.mode
  return {
    ...managerSettings('unused'),
    id: 'manager',
    state: 'active',
    removed: false,
    changedAt: '',
    changedBy: '',
    signature: '',
    profile: profile.name,
    ...profile.suggested,
    ...addresses(origin, mode),
    mode,
    ...wanted,
  }
}

/** So many people, with an amount in minor units for each. */
export const submissionOf = (
  names: readonly string[],
  { payerAddress, payerName }: PaymentManager,
  amountOf: (at: number) => number,
): Submission => ({
  id: 's-1',
  changedAt: '',
  changedBy: '',
  batchId: 'b-1',
  number: 1,
  programmeId: 'p-1',
  programmeName: 'Safety net',
  cycleId: 'c-1',
  cycleName: 'First cycle',
  managerId: 'manager',
  managerDigest: '',
  channel: 'g2p-connect',
  payerAddress,
  payerName,
  currency: 'ETB',
  count: names.length,
  sum: names.reduce((sum, _, at) => sum + amountOf(at), 0),
  partSize: 1000,
  submittedBy: 'clerk',
  makers: ['clerk'],
  digest: '',
  lines: names.map((payeeName, at) => ({
    paymentId: `r-${at}`,
    entitlementId: `e-${at}`,
    attempt: 1,
    registrantId: `x-${at}`,
    payeeId: `x-${at}`,
    payeeName,
    payeeAddress: `account:${at}@bank`,
    amount: amountOf(at),
  })),
})

/** A message that left, as a question names it. */
export const sentMessage = ({
  transactionId,
  messageId,
}: Pick<PartMessage, 'transactionId' | 'messageId'>): SentMessage => ({
  transactionId,
  messageId,
  correlationId: '',
  openedAs: '',
  madeAt: null,
  postedAt: null,
  mayHaveComeTwice: false,
  lines: [],
})
