import type { KeyObject } from 'node:crypto'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { fail } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentHubSettings } from '../../../../shared/model/payment-hub.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { OfficeTime } from '../../clock/office-time.ts'
import type { HttpAnswer, HttpRequest } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import { findPrivateKey } from '../../vault/message-keys.ts'
import { Authentication, type AuthenticationOptions, type Permit } from '../authentication.ts'
import type {
  Channel,
  Envelope,
  LookUpOutcome,
  PartMessage,
  PostedPayment,
  PostOutcome,
  Question,
  SentMessage,
} from '../channel.ts'
import type { SelfTest } from '../self-test.ts'
import { readHubCallback } from './callback-caller.ts'
import { fileMessage, type HubFile, hubSettings } from './files.ts'
import { type Ask, baseOf, findBatches, isNotAnswered, type NotAnswered, newestBatches, rowsOf } from './operations.ts'
import { wordsOf } from './results.ts'
import { hubSelfTest } from './self-test.ts'
import type { Transfer } from './transfer.ts'
import { fileIn, uploadOf } from './upload.ts'
import { readUploadReply } from './upload-reply.ts'

export interface PaymentHubOptions {
  readonly http: Http
  readonly time: Pick<OfficeTime, 'now' | 'minute'>
  /** Bearer token or password of a manager, from the vault. */
  readonly findSecret: (managerId: string) => string | undefined
  /** Client secret of a manager, from the vault. */
  readonly findClientSecret: (managerId: string) => string | undefined
  readonly findClientCertificate: AuthenticationOptions['findClientCertificate']
  /** Private signing key by its id, from the vault. */
  readonly findSigningKey: (keyId: string) => string | undefined
  /** Where the hub may call this office; undefined where nobody listens. */
  readonly findCallbackAddress: (managerId: string) => string | undefined
}

type HubRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'freshConnection' | 'keptBack'>
type Bytes = Pick<Envelope, 'body' | 'headers'> & Pick<HttpRequest, 'keptBack'>

/** Bytes; a page of rows with long error texts fits. */
const LARGEST_REPLY = 8_000_000
/** Milliseconds of the whole time limit that connecting may take. */
const LONGEST_CONNECT = 10_000

/**
 * Files to Mifos Payment Hub EE. An upload is only ever accepted, and nothing there hinders the same file from being taken
 * twice; what became of each payment is read, row by row, from the hub's operations app.
 */
export class PaymentHubChannel implements Channel {
  readonly kind = 'payment-hub'
  readonly #options: PaymentHubOptions
  readonly #authentication: Authentication

  constructor(options: PaymentHubOptions) {
    this.#options = options
    this.#authentication = new Authentication({ ...options, now: options.time.now })
  }

  /** The hub takes a file as often as it comes, whatever the settings say. */
  profile = ({ noMoneyMovedCodes }: PaymentManager) => ({
    duplicateProtectionProven: false,
    noMoneyMovedCodes,
    repliesAreSigned: false,
  })

  message(submission: Submission, part: PartKey, manager: PaymentManager): PartMessage | undefined {
    return fileMessage(submission, part, manager)
  }

  findOpening(): undefined {
    return undefined
  }

  async seal(part: PartMessage, manager: PaymentManager): Promise<Envelope> {
    const settings = hubSettings(manager)
    return uploadOf(part.message as HubFile, {
      messageId: part.messageId,
      settings,
      key: this.#keyOf(settings),
      callbackAddress: this.#options.findCallbackAddress(manager.id) ?? '',
    })
  }

  readMessage: Channel['readMessage'] = ({ body }) => fileIn(body)

  async post(
    envelope: Bytes,
    manager: PaymentManager,
    _payments: readonly PostedPayment[],
    signal: AbortSignal,
    keptBack?: () => ErrorCode | undefined,
  ): Promise<PostOutcome> {
    const answer = await this.#send(
      {
        method: 'POST',
        url: manager.paymentEndpointUrl,
        headers: envelope.headers,
        body: envelope.body,
        freshConnection: true,
        ...(keptBack === undefined ? {} : { keptBack }),
      },
      manager,
      signal,
    )
    if (answer.outcome === 'never-sent') return { kind: 'never-sent', fault: answer.fault, retryAt: answer.retryAt }
    if (answer.outcome === 'maybe-sent') {
      return { kind: 'unknown', fault: answer.fault, slowDown: false, httpStatus: answer.status, code: '', text: '' }
    }
    return readUploadReply(answer)
  }

  asksBy(): 'messages' {
    return 'messages'
  }

  async lookUp({ payments, message }: Question, manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome> {
    const ask = this.#asker(manager, signal)
    const nothing = { kind: 'answered', words: [], absent: [], left: [] } as const
    if (message === null) return nothing
    if (message.lines.length === 0) {
      const heard = await newestBatches(ask, 0, 1)
      return isNotAnswered(heard) ? heard : { ...nothing, absent: payments.map(({ id }) => id) }
    }
    const found = await this.#findRows(ask, message)
    if (found === 'absent') return { ...nothing, absent: payments.map(({ id }) => id) }

    if (isNotAnswered(found)) return found
    const settings = hubSettings(manager)
    const { now, minute } = this.#options.time
    const isStalled = message.postedAt !== null && now() - message.postedAt > settings.stallLimit * minute
    const lines = new Map(message.lines.map((line) => [line.paymentId, line]))
    const rows = Map.groupBy(found.rows, ({ clientCorrelationId }) => clientCorrelationId.toLowerCase())
    const words = payments.flatMap((payment) =>
      wordsOf(payment, rows.get(payment.id.toLowerCase()) ?? [], {
        line: lines.get(payment.id),
        settings,
        isStalled,
        isThere: found.isThere,
      }),
    )
    return { ...nothing, words }
  }

  /** The rows of every batch that came of a message. */
  async #findRows(
    ask: Ask,
    message: SentMessage,
  ): Promise<{ readonly rows: readonly Transfer[]; readonly isThere: boolean } | 'absent' | NotAnswered> {
    const ids = new Set(message.correlationId === '' ? [] : [message.correlationId])
    let isThere = false
    // Where the answer was lost, or where a file may have come twice, the list tells which batches there are.
    if (ids.size === 0 || message.mayHaveComeTwice) {
      const found = await findBatches(ask, message)
      if (isNotAnswered(found)) return found
      isThere = found.ids.length > 0
      for (const id of found.ids) ids.add(id)
    }
    if (ids.size === 0) return 'absent'
    const rows: Transfer[] = []
    for (const id of ids) {
      const ofBatch = await rowsOf(ask, id)
      if (isNotAnswered(ofBatch)) return ofBatch
      rows.push(...ofBatch)
    }
    return { rows, isThere: isThere || rows.length > 0 }
  }

  readCallback: Channel['readCallback'] = async (call) => readHubCallback(call)

  selfTest: SelfTest = (wishes) =>
    hubSelfTest(
      {
        ask: (manager, signal, anonymous) => newestBatches(this.#asker(manager, signal, anonymous), 0, 1),
        uploadNothing: (manager, signal) =>
          this.#send(
            {
              method: 'POST',
              url: manager.paymentEndpointUrl,
              headers: {
                ...tenantHeader(hubSettings(manager)),
                'content-type': 'multipart/form-data; boundary=nothing',
              },
              body: '--nothing--\r\n',
              freshConnection: true,
            },
            manager,
            signal,
          ),
        canSign: (manager) => {
          const { signing } = hubSettings(manager)
          if (signing.kind === 'none') return undefined
          const text = this.#options.findSigningKey(signing.keyId)
          if (text === undefined) return 'channel.no-signing-key'
          return findPrivateKey(text)?.asymmetricKeyType === 'rsa' ? undefined : 'channel.signing-key-unfit'
        },
      },
      wishes,
    )

  /** @throws OfficeError `channel.no-signing-key`, `channel.signing-key-unfit` */
  #keyOf({ signing }: PaymentHubSettings): KeyObject | undefined {
    if (signing.kind === 'none') return undefined
    const text = this.#options.findSigningKey(signing.keyId) ?? fail('channel.no-signing-key')
    const key = findPrivateKey(text)
    return key?.asymmetricKeyType === 'rsa' ? key : fail('channel.signing-key-unfit')
  }

  #asker(manager: PaymentManager, signal: AbortSignal, anonymous = false): Ask {
    const base = baseOf(manager)
    return (path) =>
      this.#send(
        { method: 'GET', url: `${base}${path}`, headers: tenantHeader(hubSettings(manager)) },
        manager,
        signal,
        anonymous,
      )
  }

  /** One request; after a 401 the token is fetched anew once: who asks for one has not looked at the rest. */
  async #send(
    request: HubRequest,
    manager: PaymentManager,
    signal: AbortSignal,
    anonymous = false,
  ): Promise<HttpAnswer> {
    if (anonymous) return this.#request(request, manager, STRANGER, signal)
    const first = await this.#once(request, manager, signal)
    if (first.outcome !== 'answered' || first.status !== 401 || !this.#authentication.renew(manager)) return first
    return this.#once(request, manager, signal)
  }

  async #once(request: HubRequest, manager: PaymentManager, signal: AbortSignal): Promise<HttpAnswer> {
    // Who asks for a token names the tenant too.
    const tenant = { name: 'platform-tenantid', value: hubSettings(manager).tenant }
    const settings = { ...manager, extraHeaders: [...manager.extraHeaders, tenant] }
    const permit = await this.#authentication.authorise(settings, signal)
    if (!permit.ok) return { outcome: 'never-sent', fault: permit.fault, retryAt: permit.retryAt }
    return this.#request(request, manager, permit, signal)
  }

  #request(
    request: HubRequest,
    manager: PaymentManager,
    permit: Pick<Permit, 'headers' | 'connection'>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const total = manager.apiTimeout * 1000
    return this.#options.http.request(
      {
        ...request,
        headers: { ...permit.headers, ...request.headers, accept: 'application/json' },
        timeLimit: { connect: Math.min(total, LONGEST_CONNECT), total },
        maximumReply: LARGEST_REPLY,
        certificateAuthority: manager.certificateAuthority,
        ...permit.connection,
      },
      signal,
    )
  }
}

/** Shows nothing of this office. */
const STRANGER: Pick<Permit, 'headers' | 'connection'> = { headers: {}, connection: {} }

const tenantHeader = ({ tenant }: PaymentHubSettings): Readonly<Record<string, string>> => ({
  'platform-tenantid': tenant,
})
