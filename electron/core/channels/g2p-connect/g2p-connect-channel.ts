import type { RequestHeader } from '../../../../shared/contract/g2p-connect.ts'
import type { Result } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { HttpAnswer } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import type { AskedPayment, Channel, Envelope, LookUpOutcome, NotSealed, PostOutcome, Question } from '../channel.ts'
import { Authentication, type AuthenticationOptions, type TokenFailure } from './authentication.ts'
import { disburseMessage, requestHeader, statusMessage } from './messages.ts'
import { type Arrived, type OpenedReply, openReply } from './opening.ts'
import type { EncryptionKey } from './public-keys.ts'
import { ReceiverKeys } from './receiver-keys.ts'
import { readPostReply, readStatusReply } from './replies.ts'
import { readPrivateKey, sealEnvelope } from './sealing.ts'

export interface G2PConnectOptions {
  readonly http: Http
  readonly now: () => number
  /** The training office may send unsigned messages to its own payment system. */
  readonly training: boolean
  /** Bearer token or client secret of a manager, from the vault. */
  readonly findSecret: (managerId: string) => string | undefined
  /** Certificate and key for mutual TLS by fingerprint, from the vault. */
  readonly findClientCertificate: AuthenticationOptions['findClientCertificate']
  /** Private signing key by its id, from the vault. */
  readonly findSigningKey: (keyId: string) => string | undefined
  /** Private key that opens encrypted replies by its id, from the vault. */
  readonly findDecryptionKey: (keyId: string) => string | undefined
}

type Bytes = Pick<Envelope, 'body' | 'headers'>

/** Bytes; a page of 5,000 statuses with long messages fits. */
const LARGEST_REPLY = 8_000_000
/** Milliseconds of the whole time limit that connecting may take. */
const LONGEST_CONNECT = 10_000

/** Payments over G2P Connect 1.0.0: disburse and its status, synchronous or asynchronous. */
export class G2PConnectChannel implements Channel {
  readonly kind = 'g2p-connect'
  readonly #options: G2PConnectOptions
  readonly #authentication: Authentication
  readonly #receiverKeys: ReceiverKeys

  constructor(options: G2PConnectOptions) {
    this.#options = options
    this.#authentication = new Authentication(options)
    this.#receiverKeys = new ReceiverKeys(options)
  }

  profile = (manager: PaymentManager) => ({
    duplicateProtectionProven: manager.duplicateProtectionProven,
    noMoneyMovedCodes: manager.noMoneyMovedCodes,
    repliesAreSigned: manager.replySigning !== 'none',
  })

  message = disburseMessage

  async seal(part: Parameters<Channel['seal']>[0], manager: PaymentManager, _: string, signal: AbortSignal) {
    const { now } = this.#options
    const header = requestHeader(manager, { id: part.messageId, action: 'disburse', count: part.count, now: now() })
    return this.#seal(header, part.message, manager, signal)
  }

  async post(
    envelope: Bytes,
    manager: PaymentManager,
    payments: readonly AskedPayment[],
    signal: AbortSignal,
  ): Promise<PostOutcome> {
    const answer = await this.#send(manager.paymentEndpointUrl, envelope, manager, signal)
    if (answer.outcome === 'never-sent') return { kind: 'never-sent', fault: answer.fault, retryAt: answer.retryAt }
    if (answer.outcome === 'maybe-sent') {
      return { kind: 'unknown', fault: answer.fault, slowDown: false, httpStatus: answer.status, code: '', text: '' }
    }
    return readPostReply({ answer, manager, payments, opened: await this.open(answer, manager, signal) })
  }

  findOpening = () => undefined

  asksBy = () => 'payments' as const

  async lookUp({ payments }: Question, manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome> {
    const { now } = this.#options
    const message = statusMessage(
      payments.map(({ id }) => id),
      manager,
    )
    const header = requestHeader(manager, {
      id: newId(),
      action: manager.statusAction,
      count: payments.length,
      now: now(),
    })
    const envelope = await this.#seal(header, message, manager, signal)
    if ('fault' in envelope) {
      const { fault, retryAt } = envelope
      return retryAt === null ? { kind: 'failed', fault, slowDown: false } : { kind: 'put-off', fault, retryAt }
    }
    const answer = await this.#send(manager.statusEndpointUrl, envelope, manager, signal)
    if (answer.outcome === 'never-sent' && answer.retryAt !== null) {
      return { kind: 'put-off', fault: answer.fault, retryAt: answer.retryAt }
    }
    if (answer.outcome !== 'answered') return { kind: 'failed', fault: answer.fault, slowDown: false }
    return readStatusReply({ answer, manager, payments, opened: await this.open(answer, manager, signal) })
  }

  /** Reads what a payment system said: decrypted, and with a verdict on its signature. */
  open(arrived: Arrived, manager: PaymentManager, signal: AbortSignal): Promise<Result<OpenedReply>> {
    return openReply(arrived, {
      settings: manager,
      keysFor: (kid) => this.#receiverKeys.forSignature(manager, kid, signal),
      findDecryptionKey: (keyId) => {
        const text = this.#options.findDecryptionKey(keyId)
        return text === undefined ? undefined : readPrivateKey(text)
      },
      now: this.#options.now(),
    })
  }

  async #seal(
    header: RequestHeader,
    message: unknown,
    manager: PaymentManager,
    signal: AbortSignal,
  ): Promise<Envelope | NotSealed> {
    const { training, findSigningKey, now } = this.#options
    let encryptFor: EncryptionKey | undefined
    if (manager.encryption.kind !== 'none') {
      const found = await this.#receiverKeys.forEncryption(manager, signal)
      if ('fault' in found) return found
      encryptFor = found
    }
    return sealEnvelope(header, message, {
      settings: manager,
      training,
      findKey: findSigningKey,
      encryptFor,
      now: now(),
    })
  }

  /** One request; after a 401 the token is fetched anew once and the very same bytes go out again. */
  async #send(url: string, envelope: Bytes, manager: PaymentManager, signal: AbortSignal): Promise<HttpAnswer> {
    const first = await this.#once(url, envelope, manager, signal)
    if (first.outcome !== 'answered' || first.status !== 401 || !this.#authentication.renew(manager)) return first
    return this.#once(url, envelope, manager, signal)
  }

  async #once(
    url: string,
    { body, headers }: Bytes,
    manager: PaymentManager,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const authorised = await this.#authentication.authorise(manager, signal)
    if (!authorised.ok) return withoutToken(authorised)
    const total = manager.apiTimeout * 1000
    return this.#options.http.request(
      {
        method: 'POST',
        url,
        headers: { ...headers, ...authorised.headers, 'content-type': 'application/json', accept: 'application/json' },
        body,
        timeLimit: { connect: Math.min(total, LONGEST_CONNECT), total },
        maximumReply: LARGEST_REPLY,
        ...authorised.connection,
        freshConnection: true,
      },
      signal,
    )
  }
}

/** Without a token nothing leaves. */
const withoutToken = ({ fault, retryAt }: TokenFailure): HttpAnswer => ({ outcome: 'never-sent', fault, retryAt })
