import { z } from 'zod'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { HttpAnswer } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import { jsonOf } from '../../http/json.ts'
import { type ConnectionProof, headersOf } from '../authentication.ts'
import { type EncryptionKey, encryptionKey, PublishedKey, verificationKey } from './public-keys.ts'
import type { VerificationKey } from './signing/signature-profile.ts'

const KeySet = z.object({ keys: z.array(z.unknown()).max(100) })

/** Milliseconds that published keys are used before they are fetched again. */
const FRESH = 3600_000
/** When they cannot be fetched, the last ones count for so long. */
const STALE = 24 * 3600_000
/** Not asked more often than this, whatever unknown key ids arrive. */
const PAUSE = 60_000
const LARGEST = 250_000

type Manager = Pick<
  PaymentManager,
  | 'receiverKey'
  | 'receiverJwksUrl'
  | 'encryption'
  | 'apiTimeout'
  | 'certificateAuthority'
  | 'clientCertificate'
  | 'extraHeaders'
>

interface Known {
  readonly keys: readonly PublishedKey[]
  readonly fetchedAt: number
}

/** Why published keys could not be had; `retryAt` when the question did not even leave. */
export interface KeysFailure {
  readonly fault: Fault
  readonly retryAt: number | null
}

export interface ReceiverKeysOptions {
  readonly http: Http
  readonly now: () => number
  /** What the office shows where it connects: keys may lie behind the same gate as the endpoints. */
  readonly connectionTo: (
    manager: Pick<PaymentManager, 'certificateAuthority' | 'clientCertificate'>,
  ) => ConnectionProof
}

/**
 * The keys of payment systems: the one that the settings pin, or those that they publish (`/.well-known/jwks.json`), fetched
 * and kept. A rotated key is found when its id first appears, at most once a minute; one that is published no more is gone.
 */
export class ReceiverKeys {
  readonly #http: Http
  readonly #now: () => number
  readonly #connectionTo: (manager: Manager) => ConnectionProof
  readonly #known = new Map<string, Known>()
  readonly #asked = new Map<string, { readonly at: number; readonly failure: KeysFailure | undefined }>()
  readonly #fetching = new Map<string, Promise<void>>()

  constructor({ http, now, connectionTo }: ReceiverKeysOptions) {
    this.#http = http
    this.#now = now
    this.#connectionTo = connectionTo
  }

  /**
   * Keys that a signature may be verified with.
   *
   * @param kid the key that the signature names; undefined when it names none
   */
  async forSignature(manager: Manager, kid: string | undefined, signal: AbortSignal): Promise<VerificationKey[]> {
    const pinned = manager.receiverKey === null ? undefined : verificationKey(manager.receiverKey)
    const named = (keys: readonly VerificationKey[]): VerificationKey[] =>
      keys.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid)
    const usual = named(pinned === undefined ? [] : [pinned])
    if (usual.length > 0 || manager.receiverJwksUrl === '') return usual
    const find = (): VerificationKey[] =>
      named(this.#keysOf(manager.receiverJwksUrl).flatMap((jwk) => verificationKey(jwk) ?? []))
    return this.#find(manager, find, signal)
  }

  /** The key that messages are encrypted for, or why there is none. */
  async forEncryption(manager: Manager, signal: AbortSignal): Promise<EncryptionKey | KeysFailure> {
    const { encryption, receiverJwksUrl } = manager
    if (encryption.kind === 'none') throw new Error('nothing is encrypted here')
    const { receiverKey, receiverKeyId } = encryption
    const missing: KeysFailure = { fault: { code: 'channel.no-encryption-key', params: {} }, retryAt: null }
    if (receiverKey !== null) return encryptionKey(receiverKey) ?? missing
    const find = (): EncryptionKey[] =>
      this.#keysOf(receiverJwksUrl).flatMap((jwk) => {
        const suits = receiverKeyId === '' ? jwk.use === 'enc' : jwk.kid === receiverKeyId
        return (suits ? encryptionKey(jwk) : undefined) ?? []
      })
    const [key] = receiverJwksUrl === '' ? [] : await this.#find(manager, find, signal)
    return key ?? this.#asked.get(receiverJwksUrl)?.failure ?? missing
  }

  /** What is found among fresh keys, else among keys fetched anew. */
  async #find<T>(manager: Manager, find: () => T[], signal: AbortSignal): Promise<T[]> {
    const url = manager.receiverJwksUrl
    const { fetchedAt = Number.NEGATIVE_INFINITY } = this.#known.get(url) ?? {}
    const found = find()
    if (found.length > 0 && this.#now() - fetchedAt < FRESH) return found
    await this.#refresh(manager, signal)
    return find()
  }

  #keysOf(url: string): readonly PublishedKey[] {
    const known = this.#known.get(url)
    return known !== undefined && this.#now() - known.fetchedAt < STALE ? known.keys : []
  }

  async #refresh(manager: Manager, signal: AbortSignal): Promise<void> {
    const url = manager.receiverJwksUrl
    const asked = this.#asked.get(url)?.at ?? Number.NEGATIVE_INFINITY
    const since = this.#now() - asked
    // A clock that was set back must not silence the question.
    if (since >= 0 && since < PAUSE) return
    const begun = this.#fetching.get(url)
    if (begun !== undefined) return begun
    const fetching = this.#fetch(manager, signal).finally(() => this.#fetching.delete(url))
    this.#fetching.set(url, fetching)
    return fetching
  }

  async #fetch(manager: Manager, signal: AbortSignal): Promise<void> {
    const { receiverJwksUrl: url, apiTimeout, extraHeaders } = manager
    const answer = await this.#http.request(
      {
        method: 'GET',
        url,
        headers: { ...headersOf({ extraHeaders }), accept: 'application/json' },
        timeLimit: { connect: apiTimeout * 1000, total: apiTimeout * 1000 },
        maximumReply: LARGEST,
        ...this.#connectionTo(manager),
      },
      signal,
    )
    const keys = readKeys(answer)
    // A question that never left is no answer; it may be asked again as soon as the line is back.
    if (answer.outcome !== 'never-sent' || answer.retryAt === null) {
      this.#asked.set(url, { at: this.#now(), failure: keys.ok ? undefined : keys.failure })
    } else if (!keys.ok) this.#asked.set(url, { at: Number.NEGATIVE_INFINITY, failure: keys.failure })
    if (keys.ok) this.#known.set(url, { keys: keys.value, fetchedAt: this.#now() })
  }
}

function readKeys(
  answer: HttpAnswer,
):
  | { readonly ok: true; readonly value: readonly PublishedKey[] }
  | { readonly ok: false; readonly failure: KeysFailure } {
  const failed = (fault: Fault, retryAt: number | null = null) => ({ ok: false, failure: { fault, retryAt } }) as const
  if (answer.outcome === 'never-sent') return failed(answer.fault, answer.retryAt)
  if (answer.outcome === 'maybe-sent') return failed(answer.fault)
  const unreadable = failed({ code: 'channel.keys-unreadable', params: { host: answer.host } })
  const json = jsonOf(answer)
  const set = answer.status === 200 && json.ok ? KeySet.safeParse(json.value) : undefined
  if (set?.success !== true) return unreadable
  // A key of a kind that is not known must not hide the others.
  const keys = set.data.keys.flatMap((key) => PublishedKey.safeParse(key).data ?? [])
  return keys.length === 0 ? unreadable : { ok: true, value: keys }
}
