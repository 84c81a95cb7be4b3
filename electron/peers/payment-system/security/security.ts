import type { Reply } from '../reply.ts'
import { decrypt, encrypt } from './cipher.ts'
import { type Carrier, judge, signAs, type Verdict } from './forms.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import type { EncryptionOptions, PublicKey, SignatureOptions } from './security-options.ts'

/** A request as it came from the network. */
export interface Arrived {
  readonly body: string
  /** The HTTP header `Signature`. */
  readonly httpSignature: string | undefined
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** What stands behind the path. */
  readonly query: URLSearchParams
}

type Body = Readonly<Record<string, unknown>> & { readonly header?: unknown; readonly message?: unknown }

/** A body after decryption: what it says, and what its signature has to cover. */
export interface OpenedBody {
  readonly message: unknown
  readonly covered: Body
}

/** What the payment system does to envelopes, by its options. */
export interface Security {
  readonly keys: KeyRing
  /** The message in the clear; undefined when it is encrypted and cannot be opened, or is not encrypted and should be. */
  open(body: Body): OpenedBody | undefined
  verify(arrived: Arrived, body: Body, now: number): Verdict
  /** Body and HTTP headers of a reply. `now` in epoch milliseconds. */
  seal(header: Readonly<Record<string, unknown>>, message: unknown, now: number): Pick<Reply, 'body' | 'headers'>
}

export function createSecurity(
  keyFile: string,
  sender: string,
  signatures: SignatureOptions,
  encryption: EncryptionOptions | null,
): Security {
  const keys = openKeyRing(keyFile)
  const { form, alg } = signatures.replies
  // They are published from the start.
  keys.signing('EdDSA')
  if (form !== 'none') keys.signing(alg)
  if (encryption !== null) keys.encryption()
  return {
    keys,

    open(body) {
      const { header, message } = body
      const says = (header as { is_msg_encrypted?: unknown } | undefined)?.is_msg_encrypted === true
      if (!says) return encryption?.required === true ? undefined : { message, covered: body }
      if (encryption === null || typeof message !== 'object' || message === null) return undefined
      const text = decrypt(message as Record<string, unknown>, keys.encryption())
      if (text === undefined) return undefined
      const meant: unknown = JSON.parse(text)
      return { message: meant, covered: encryption.signs === 'meant' ? { ...body, message: meant } : body }
    },

    verify({ httpSignature }, covered, now) {
      const { signature, header, message } = covered
      const carrier: Carrier = { signature, httpSignature, header, message, body: covered }
      return judge(signatures.form, carrier, signatures.keys, now)
    },

    seal(plainHeader, message, now) {
      const recipient: PublicKey | null = encryption?.repliesFor ?? null
      const header = recipient === null ? plainHeader : { ...plainHeader, is_msg_encrypted: true }
      const sent = recipient === null ? message : encrypt(JSON.stringify(message), recipient)
      const covered = { header, message: encryption?.signs === 'meant' ? message : sent }
      if (form === 'none') return { body: { header, message: sent } }
      const { signature, headers } = signAs(form, covered, keys.signing(alg), sender, now)
      return { body: { signature, header, message: sent }, headers }
    },
  }
}
