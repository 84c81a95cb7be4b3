import { newId } from '../../../../shared/model/ids.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { HttpAnswer } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import type { AskedPayment, Channel, Envelope, LookUpOutcome, PostOutcome, Question } from '../channel.ts'
import { Authentication, type TokenFailure } from './authentication.ts'
import { sealEnvelope } from './envelope.ts'
import { disburseMessage, requestHeader, statusMessage } from './messages.ts'
import { readPostReply, readStatusReply } from './replies.ts'

export interface G2PConnectOptions {
  readonly http: Http
  readonly now: () => number
  /** The training office may send unsigned messages to its own payment system. */
  readonly training: boolean
  /** Bearer token or client secret of a manager, from the vault. */
  readonly findSecret: (managerId: string) => string | undefined
  /** Private signing key by its id, from the vault. */
  readonly findSigningKey: (keyId: string) => string | undefined
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

  constructor(options: G2PConnectOptions) {
    this.#options = options
    this.#authentication = new Authentication(options)
  }

  profile = (manager: PaymentManager) => ({
    duplicateProtectionProven: manager.duplicateProtectionProven,
    noMoneyMovedCodes: manager.noMoneyMovedCodes,
    repliesAreSigned: manager.replySigning !== 'none',
  })

  message = disburseMessage

  async seal(part: Parameters<Channel['seal']>[0], manager: PaymentManager) {
    const { now } = this.#options
    const header = requestHeader(manager, { id: part.messageId, action: 'disburse', count: part.count, now: now() })
    return this.#seal(header, part.message, manager)
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
    return readPostReply({ answer, manager, payments, now: this.#options.now() })
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
    const envelope = this.#seal(header, message, manager)
    const answer = await this.#send(manager.statusEndpointUrl, envelope, manager, signal)
    if (answer.outcome === 'never-sent' && answer.retryAt !== null) {
      return { kind: 'put-off', fault: answer.fault, retryAt: answer.retryAt }
    }
    if (answer.outcome !== 'answered') return { kind: 'failed', fault: answer.fault, slowDown: false }
    return readStatusReply({ answer, manager, payments, now: now() })
  }

  #seal(header: Parameters<typeof sealEnvelope>[0], message: unknown, { signing }: PaymentManager) {
    const { training, findSigningKey, now } = this.#options
    return sealEnvelope(header, message, { signing, training, findKey: findSigningKey, now: now() })
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
        certificateAuthority: manager.certificateAuthority,
        freshConnection: true,
      },
      signal,
    )
  }
}

/** Without a token nothing leaves. */
const withoutToken = ({ fault, retryAt }: TokenFailure): HttpAnswer => ({ outcome: 'never-sent', fault, retryAt })
