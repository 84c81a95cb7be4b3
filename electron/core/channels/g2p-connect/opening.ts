import type { KeyObject } from 'node:crypto'
import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { parseJson } from '../../http/json.ts'
import { decryptMessage, EncryptedMessage } from './encryption/encrypted-message.ts'
import { membersOf } from './signing/json-text.ts'
import { replyProfile } from './signing/profiles.ts'
import type { Received, Verdict, VerificationKey } from './signing/signature-profile.ts'

/** A reply or callback as it came. */
export interface Arrived {
  readonly body: Uint8Array
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Who said it, for the sentence about it. */
  readonly host: string
}

/** What a reply or callback says, in the clear, and what its signature is worth. */
export interface OpenedReply {
  /** Amounts come out as the text that was sent. */
  readonly value: unknown
  /** `not-wanted` where the receiver does not sign. */
  readonly verdict: Verdict | 'not-wanted'
}

export interface OpenMeans {
  readonly settings: Pick<PaymentManager, 'replySigning' | 'encryption'>
  /** Keys that a signature may be verified with. */
  readonly keysFor: (kid: string | undefined) => Promise<readonly VerificationKey[]>
  /** Private key that opens encrypted replies. */
  readonly findDecryptionKey: (keyId: string) => KeyObject | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Reads a reply: decrypts its message and judges its signature over the text that came.
 * Errors: `http.reply-not-json`, `http.reply-too-deep`, `channel.reply-not-decrypted`.
 */
export async function openReply(arrived: Arrived, means: OpenMeans): Promise<Result<OpenedReply>> {
  const { settings, findDecryptionKey } = means
  const parsed = parseJson(arrived.body, arrived.host)
  if (!parsed.ok) return parsed
  const sent = membersOf(new TextDecoder('utf-8').decode(arrived.body))
  if (sent === undefined) return success({ value: parsed.value, verdict: 'unreadable' })
  const { headers } = arrived
  const encrypted = EncryptedMessage.safeParse((parsed.value as { readonly message?: unknown }).message)
  if (!encrypted.success)
    return success({ value: parsed.value, verdict: await judge({ members: sent, headers }, means) })

  const { encryption } = settings
  const key = encryption.kind === 'jwe' ? findDecryptionKey(encryption.ownKeyId) : undefined
  const text = key === undefined ? undefined : decryptMessage(encrypted.data, key)
  const message = text === undefined ? undefined : parseJson(Buffer.from(text), arrived.host)
  if (text === undefined || message === undefined || !message.ok) {
    return failure('channel.reply-not-decrypted', { host: arrived.host })
  }
  const signsSent = encryption.kind === 'jwe' && encryption.order === 'encrypt-then-sign'
  const members = signsSent ? sent : new Map([...sent, ['message', text]])
  return success({
    value: { ...(parsed.value as object), message: message.value },
    verdict: await judge({ members, headers }, means),
  })
}

async function judge(received: Received, { settings, keysFor, now }: OpenMeans): Promise<OpenedReply['verdict']> {
  if (settings.replySigning === 'none') return 'not-wanted'
  const profile = replyProfile(settings.replySigning)
  try {
    if (!profile.isSigned(received)) return 'missing'
    const kid = profile.keyIdIn(received)
    // No key is asked for where there is nothing to verify.
    if (kid === null) return 'unreadable'
    let verdict: Verdict = 'unknown-key'
    for (const key of await keysFor(kid)) {
      verdict = profile.verify(received, key, now)
      if (verdict === 'valid') break
    }
    return verdict
  } catch {
    // Whatever is wrong with it, it is not the receiver's signature.
    return 'unreadable'
  }
}
