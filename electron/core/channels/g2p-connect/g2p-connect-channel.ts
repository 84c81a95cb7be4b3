import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { type Fault, fail, type Result } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { Answered, HttpAnswer, HttpRequest } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import { Authentication, type AuthenticationOptions, type Permit, type TokenFailure } from '../authentication.ts'
import type {
  Channel,
  Envelope,
  LookUpOutcome,
  NotSealed,
  Opened,
  PartMessage,
  PostedPayment,
  PostOutcome,
  Question,
} from '../channel.ts'
import type { SelfTest } from '../self-test.ts'
import { readCallback } from './callback-reading.ts'
import { requestHeader } from './messages.ts'
import { type Arrived, type OpenedReply, openReply } from './opening.ts'
import { profileOf } from './profiles/profiles.ts'
import type { Content, Inquiry } from './profiles/receiver-profile.ts'
import type { EncryptionKey } from './public-keys.ts'
import { ReceiverKeys } from './receiver-keys.ts'
import { readPrivateKey, sealEnvelope } from './sealing.ts'
import { type AskedOtherwise, type Heard, selfTest, type TestedChannel } from './self-test/self-test.ts'

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
  /** Where the payment system may call this office about a manager's payments; undefined where nobody listens. */
  readonly findCallbackAddress: (managerId: string) => string | undefined
}

type Bytes = Pick<Envelope, 'body' | 'headers'> & Pick<HttpRequest, 'keptBack'>

/** Bytes; a page of 5,000 statuses with long messages fits. */
const LARGEST_REPLY = 8_000_000
/** Milliseconds of the whole time limit that connecting may take. */
const LONGEST_CONNECT = 10_000

/**
 * Payments in the envelope of G2P Connect 1.0.0. What is in it, and what the answers mean, is the business of the manager's
 * receiver profile; here it is signed, encrypted, sent and opened.
 */
export class G2PConnectChannel implements Channel {
  readonly kind = 'g2p-connect'
  readonly #options: G2PConnectOptions
  readonly #authentication: Authentication
  readonly #receiverKeys: ReceiverKeys

  constructor(options: G2PConnectOptions) {
    this.#options = options
    this.#authentication = new Authentication(options)
    this.#receiverKeys = new ReceiverKeys({
      ...options,
      // Without its certificate the office asks as a stranger, and is told so by whoever lets none in.
      connectionTo: (manager) => {
        const { certificateAuthority } = manager
        return this.#authentication.findConnection(manager) ?? { certificateAuthority }
      },
    })
  }

  profile = (manager: PaymentManager) => ({
    duplicateProtectionProven: manager.duplicateProtectionProven && profileOf(manager).canProtect,
    noMoneyMovedCodes: manager.noMoneyMovedCodes,
    repliesAreSigned: manager.replySigning !== 'none',
  })

  message(...[submission, part, manager, at]: Parameters<Channel['message']>): PartMessage | undefined {
    return profileOf(manager).message(submission, part, manager, at)
  }

  async seal(
    part: PartMessage,
    manager: PaymentManager,
    openedAs: string,
    signal: AbortSignal,
  ): Promise<Envelope | NotSealed> {
    const content = profileOf(manager).posted(part, openedAs)
    const envelope = await this.#seal(part.messageId, content, manager, signal)
    if ('fault' in envelope || content.message === part.message) return envelope
    // What leaves names what was opened for it; what was approved does not, and is what must be found again.
    return { ...envelope, message: JSON.stringify(part.message) }
  }

  readMessage: Channel['readMessage'] = ({ body }) => (JSON.parse(body) as { readonly message: unknown }).message

  async post(
    envelope: Bytes,
    manager: PaymentManager,
    payments: readonly PostedPayment[],
    signal: AbortSignal,
    keptBack?: () => ErrorCode | undefined,
  ): Promise<PostOutcome> {
    const bytes = keptBack === undefined ? envelope : { ...envelope, keptBack }
    const answer = await this.#send(manager.paymentEndpointUrl, bytes, manager, signal)
    if (answer.outcome === 'never-sent') return { kind: 'never-sent', fault: answer.fault, retryAt: answer.retryAt }
    if (answer.outcome === 'maybe-sent') {
      return { kind: 'unknown', fault: answer.fault, slowDown: false, httpStatus: answer.status, code: '', text: '' }
    }
    const opened = await this.open(answer, manager, signal)
    return profileOf(manager).readPostReply({ answer, manager, payments, opened })
  }

  findOpening(
    manager: PaymentManager,
  ): ((part: PartMessage, submission: Submission, signal: AbortSignal) => Promise<Opened>) | undefined {
    const { opening } = profileOf(manager)
    if (opening === undefined) return undefined
    return async (part, submission, signal) => {
      const inquiry = opening(part, submission, manager, this.#options.now())
      const heard = await this.#inquire(inquiry, manager, signal)
      return heard.kind === 'answered'
        ? inquiry.read({ ...heard, manager })
        : { kind: 'failed', fault: heard.fault, retryAt: heard.retryAt, slowDown: false }
    }
  }

  asksBy(manager: PaymentManager): 'payments' | 'messages' {
    return profileOf(manager).asksBy(manager)
  }

  async lookUp(question: Question, manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome> {
    const [first, ...others] = profileOf(manager).inquiries(question, manager)
    if (first === undefined) return { kind: 'answered', words: [], absent: [], left: [] }
    let total = await this.#ask(first, manager, signal)
    for (const inquiry of others) {
      if (total.kind !== 'answered') return total
      const outcome = await this.#ask(inquiry, manager, signal)
      // What was answered counts; dispatch asks again for the others alone, and then hears what is wrong.
      const left = inquiry.payments.map(({ id }) => id)
      const { words, absent, left: leftThere } = outcome.kind === 'answered' ? outcome : { words: [], absent: [], left }
      total = {
        kind: 'answered',
        words: [...total.words, ...words],
        absent: [...total.absent, ...absent],
        left: [...total.left, ...leftThere],
      }
    }
    return total
  }

  async #ask(inquiry: Inquiry<LookUpOutcome>, manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome> {
    const heard = await this.#inquire(inquiry, manager, signal)
    if (heard.kind === 'answered') return inquiry.read({ ...heard, manager })
    const { fault, retryAt } = heard
    return retryAt === null ? { kind: 'failed', fault, slowDown: false } : { kind: 'put-off', fault, retryAt }
  }

  /** A request that moves no money: signed under an id of its own, sent, and its answer opened. */
  async #inquire(
    { url, ...content }: Content & { readonly url: string },
    manager: PaymentManager,
    signal: AbortSignal,
    { change = (envelope) => envelope, anonymous = false }: AskedOtherwise = {},
  ): Promise<
    | { readonly kind: 'answered'; readonly answer: Answered; readonly opened: Result<OpenedReply> }
    | { readonly kind: 'not-answered'; readonly fault: Fault; readonly retryAt: number | null }
  > {
    const envelope = await this.#seal(newId(), content, manager, signal)
    if ('fault' in envelope) return { kind: 'not-answered', ...envelope }
    const answer = await this.#send(url, change(envelope), manager, signal, anonymous)
    if (answer.outcome === 'answered') {
      return { kind: 'answered', answer, opened: await this.open(answer, manager, signal) }
    }
    const retryAt = answer.outcome === 'never-sent' ? answer.retryAt : null
    return { kind: 'not-answered', fault: answer.fault, retryAt }
  }

  /** Reads what a payment system said: decrypted, and with a verdict on its signature at the time it came. */
  open(
    arrived: Arrived,
    manager: PaymentManager,
    signal: AbortSignal,
    at = this.#options.now(),
  ): Promise<Result<OpenedReply>> {
    return openReply(arrived, {
      settings: manager,
      keysFor: (kid) => this.#receiverKeys.forSignature(manager, kid, signal),
      findDecryptionKey: (keyId) => {
        const text = this.#options.findDecryptionKey(keyId)
        return text === undefined ? undefined : readPrivateKey(text)
      },
      now: at,
    })
  }

  readCallback: Channel['readCallback'] = (call, manager, findPayments) =>
    readCallback(call, manager, findPayments, () =>
      this.open({ ...call, host: '' }, manager, new AbortController().signal, call.cameAt),
    )

  async #seal(
    id: string,
    { action, count, message }: Content,
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
    const callbackAddress = this.#options.findCallbackAddress(manager.id) ?? ''
    const header = requestHeader(manager, { id, action, count, now: now(), callbackAddress })
    return sealEnvelope(header, message, {
      settings: manager,
      training,
      findKey: findSigningKey,
      encryptFor,
      now: now(),
    })
  }

  /** What the endpoint does before any money goes through it; with a sandbox account also what it does with test money. */
  selfTest: SelfTest = (wishes) =>
    selfTest(
      {
        ask: (...asked) => this.#askOtherwise(...asked),
        sealFirst: (...sealed) => this.#sealFirst(...sealed),
        post: (...posted) => this.post(...posted),
      },
      wishes,
    )

  async #askOtherwise(...[question, manager, signal, otherwise]: Parameters<TestedChannel['ask']>): Promise<Heard> {
    const [inquiry] = profileOf(manager).inquiries(question, manager)
    if (inquiry === undefined) {
      return { kind: 'not-answered', fault: { code: 'channel.reply-not-understood', params: { host: '' } } }
    }
    const heard = await this.#inquire(inquiry, manager, signal, otherwise)
    if (heard.kind === 'not-answered') return heard
    const { status, host } = heard.answer
    return { kind: 'answered', status, host, outcome: inquiry.read({ ...heard, manager }) }
  }

  async #sealFirst(...[submission, manager, signal]: Parameters<TestedChannel['sealFirst']>) {
    const first: PartKey = '1'
    const part = this.message(submission, first, manager, this.#options.now()) ?? fail('channel.message-changed')
    const opened = await this.findOpening(manager)?.(part, submission, signal)
    if (opened?.kind === 'failed') return opened
    const openedAs = opened?.openedAs ?? ''
    const envelope = await this.seal(part, manager, openedAs, signal)
    if ('fault' in envelope) return envelope
    const sent = {
      transactionId: part.transactionId,
      messageId: part.messageId,
      correlationId: '',
      openedAs,
      madeAt: null,
      postedAt: null,
      mayHaveComeTwice: false,
      lines: submission.lines,
    }
    return { envelope, sent }
  }

  /** One request; after a 401 the token is fetched anew once and the very same bytes go out again. */
  async #send(
    url: string,
    envelope: Bytes,
    manager: PaymentManager,
    signal: AbortSignal,
    anonymous = false,
  ): Promise<HttpAnswer> {
    if (anonymous) return this.#request(url, envelope, manager, STRANGER, signal)
    const first = await this.#once(url, envelope, manager, signal)
    if (first.outcome !== 'answered' || first.status !== 401 || !this.#authentication.renew(manager)) return first
    return this.#once(url, envelope, manager, signal)
  }

  async #once(url: string, envelope: Bytes, manager: PaymentManager, signal: AbortSignal): Promise<HttpAnswer> {
    const permit = await this.#authentication.authorise(manager, signal)
    return permit.ok ? this.#request(url, envelope, manager, permit, signal) : withoutToken(permit)
  }

  #request(
    url: string,
    { body, headers, keptBack }: Bytes,
    manager: PaymentManager,
    permit: Pick<Permit, 'headers' | 'connection'>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const total = manager.apiTimeout * 1000
    return this.#options.http.request(
      {
        method: 'POST',
        url,
        headers: { ...headers, ...permit.headers, 'content-type': 'application/json', accept: 'application/json' },
        body,
        timeLimit: { connect: Math.min(total, LONGEST_CONNECT), total },
        maximumReply: LARGEST_REPLY,
        certificateAuthority: manager.certificateAuthority,
        ...permit.connection,
        freshConnection: true,
        ...(keptBack === undefined ? {} : { keptBack }),
      },
      signal,
    )
  }
}

/** Shows nothing of this office. */
const STRANGER: Pick<Permit, 'headers' | 'connection'> = { headers: {}, connection: {} }

/** Without a token nothing leaves. */
const withoutToken = ({ fault, retryAt }: TokenFailure): HttpAnswer => ({ outcome: 'never-sent', fault, retryAt })
