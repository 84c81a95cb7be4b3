import type { Fault } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { MapperSettings } from '../../../shared/model/mapper.ts'
import { type AskedPerson, judgeAnswer, type Mapped } from '../../../shared/rules/mapper/judge.ts'
import { mappedAddress } from '../../../shared/rules/mapper/mapped-address.ts'
import { Authentication } from '../channels/authentication.ts'
import { openReply } from '../channels/g2p-connect/opening.ts'
import { verificationKey } from '../channels/g2p-connect/public-keys.ts'
import { readPrivateKey } from '../channels/g2p-connect/sealing.ts'
import type { Answered } from '../http/exchange-types.ts'
import type { Http } from '../http/http.ts'
import { mapperProfiles } from './profiles/profiles.ts'
import { type SealedQuestion, sealQuestion } from './seal-question.ts'

/** What became of a question. */
export type MapperOutcome =
  /** One verdict for each person who was asked about, by reference. */
  | { readonly kind: 'answered'; readonly mapped: ReadonlyMap<string, Mapped> }
  /** Not tried, since the line is down or the mapper rests. */
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number }
  /** Tried, and may go better another time. */
  | { readonly kind: 'failed'; readonly fault: Fault; readonly slowDown: boolean }
  /** It will not go better before somebody does something. */
  | { readonly kind: 'refused'; readonly fault: Fault }

export interface MapperClientOptions {
  readonly http: Http
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly findSecret: (managerId: string) => string | undefined
  readonly findSigningKey: (keyId: string) => string | undefined
}

/** The mapper of a manager. */
export interface MapperOf {
  readonly managerId: string
  readonly mapper: MapperSettings
}

/** Bytes of a reply: far more than the largest question needs. */
const LARGEST_REPLY = 20_000_000
/** The mapper takes fewer people in one question. */
const TOO_MANY = 'rjct.total_count.limit_exceeded'

/** Asks account mappers. A question changes nothing, so it may be asked as often as one likes. */
export class MapperClient {
  readonly #options: MapperClientOptions
  readonly #authentication: Authentication

  constructor(options: MapperClientOptions) {
    this.#options = options
    this.#authentication = new Authentication({ ...options, findClientCertificate: () => undefined })
  }

  /** Asks about people; where the mapper takes fewer of them at once, in halves. */
  async ask(of: MapperOf, people: readonly AskedPerson[], signal: AbortSignal): Promise<MapperOutcome> {
    const outcome = await this.#askOnce(of, people, signal, true)
    if (outcome !== 'too-many') return outcome
    const middle = Math.ceil(people.length / 2)
    const first = await this.ask(of, people.slice(0, middle), signal)
    if (first.kind !== 'answered') return first
    const second = await this.ask(of, people.slice(middle), signal)
    if (second.kind !== 'answered') return second
    return { kind: 'answered', mapped: new Map([...first.mapped, ...second.mapped]) }
  }

  async #askOnce(
    of: MapperOf,
    people: readonly AskedPerson[],
    signal: AbortSignal,
    mayRenew: boolean,
  ): Promise<MapperOutcome | 'too-many'> {
    const { mapper } = of
    const { http, now } = this.#options
    const signIn = {
      id: of.managerId,
      authentication: mapper.authentication,
      apiTimeout: mapper.apiTimeout,
      extraHeaders: [],
      certificateAuthority: mapper.certificateAuthority,
      clientCertificate: '',
    }
    const permit = await this.#authentication.authorise(signIn, signal)
    if (!permit.ok) {
      const { fault, retryAt } = permit
      if (retryAt !== null) return { kind: 'put-off', fault, retryAt }
      if (fault.code === 'channel.no-secret') return refused('mapper.no-secret')
      return fault.code === 'channel.sign-in-refused'
        ? { kind: 'refused', fault: { ...fault, code: 'mapper.sign-in-refused' } }
        : { kind: 'failed', fault, slowDown: true }
    }
    const profile = mapperProfiles[mapper.profile]
    const transactionId = newId()
    const members = profile.body({ messageId: newId(), transactionId, at: now(), people }, mapper)
    const sealed = this.#seal(members, profile.isEnvelope, mapper)
    if ('kind' in sealed) return sealed
    const answer = await http.request(
      {
        method: 'POST',
        url: mapper.resolveUrl,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...permit.headers,
          ...sealed.headers,
        },
        body: sealed.body,
        timeLimit: { connect: mapper.apiTimeout * 1000, total: mapper.apiTimeout * 1000 },
        maximumReply: LARGEST_REPLY,
        ...permit.connection,
      },
      signal,
    )
    if (answer.outcome === 'never-sent') {
      const { fault, retryAt } = answer
      return retryAt === null ? { kind: 'failed', fault, slowDown: false } : { kind: 'put-off', fault, retryAt }
    }
    if (answer.outcome === 'maybe-sent') return { kind: 'failed', fault: answer.fault, slowDown: false }
    if (answer.status === 401 && mayRenew && this.#authentication.renew(signIn)) {
      return this.#askOnce(of, people, signal, false)
    }
    return this.#read(answer, of, people, transactionId)
  }

  #seal(
    members: Readonly<Record<string, unknown>>,
    isEnvelope: boolean,
    { signing }: MapperSettings,
  ): SealedQuestion | Extract<MapperOutcome, { kind: 'refused' }> {
    if (signing.kind === 'none') return { body: JSON.stringify(members), headers: {} }
    const text = this.#options.findSigningKey(signing.keyId)
    if (text === undefined) return refused('mapper.no-signing-key')
    try {
      return sealQuestion(members, isEnvelope, signing, readPrivateKey(text), this.#options.now())
    } catch {
      // Whatever the key's own complaint is, the key is of another kind than this way of signing asks for.
      return refused('mapper.signing-key-unfit')
    }
  }

  async #read(
    answer: Answered,
    { mapper }: MapperOf,
    people: readonly AskedPerson[],
    transactionId: string,
  ): Promise<MapperOutcome | 'too-many'> {
    const { host, status } = answer
    if (status === 413 && people.length > 1) return 'too-many'
    if (status === 429) return failed('mapper.too-many-requests', { host })
    if (status >= 500) return failed('mapper.failing', { host, status })
    if (status === 401 || status === 403) return refused('mapper.sign-in-refused', { host })
    const profile = mapperProfiles[mapper.profile]
    const { receiverKey } = mapper
    const key = receiverKey === null ? undefined : verificationKey(receiverKey)
    const opened = await openReply(answer, {
      settings: { replySigning: mapper.replySigning, encryption: { kind: 'none' } },
      keysFor: async () => (key === undefined ? [] : [key]),
      findDecryptionKey: () => undefined,
      now: this.#options.now(),
    })
    if (!opened.ok)
      return status >= 400
        ? refused('mapper.request-refused', { host, code: `HTTP ${status}` })
        : failed('mapper.reply-not-understood', { host })
    const reply = profile.read(opened.value.value)
    if (reply.kind === 'refused') {
      if (reply.code === TOO_MANY && people.length > 1) return 'too-many'
      return refused('mapper.request-refused', { host, code: reply.code.slice(0, 80) })
    }
    if (status >= 400) return refused('mapper.request-refused', { host, code: `HTTP ${status}` })
    if (reply.kind === 'not-understood') return failed('mapper.reply-not-understood', { host })
    const { verdict } = opened.value
    if (verdict !== 'valid' && verdict !== 'not-wanted') return refused('mapper.reply-not-signed', { host })
    // An answer to another question, as a cache in between or a mixed-up mapper gives it, says nothing of these people.
    if (reply.transactionId !== '' && reply.transactionId !== transactionId)
      return failed('mapper.answer-to-another', { host })
    const addressOf: Parameters<typeof judgeAnswer>[2] = (item) => {
      const account = profile.accountOf(item, mapper)
      return account.ok ? mappedAddress(account.value, item.provider, mapper) : account
    }
    return { kind: 'answered', mapped: judgeAnswer(people, reply.items, addressOf) }
  }
}

const refused = (code: Fault['code'], params: Fault['params'] = {}): Extract<MapperOutcome, { kind: 'refused' }> => ({
  kind: 'refused',
  fault: { code, params },
})

const failed = (code: Fault['code'], params: Fault['params']): MapperOutcome => ({
  kind: 'failed',
  fault: { code, params },
  slowDown: true,
})
