import type { KeyObject } from 'node:crypto'
import type { MapperSigning } from '../../../shared/model/mapper.ts'
import { sortedJson } from '../channels/g2p-connect/signing/json-text.ts'
import { makeJws } from '../channels/g2p-connect/signing/jws.ts'
import { signatureProfiles } from '../channels/g2p-connect/signing/profiles.ts'
import type { Content, SignatureProfile } from '../channels/g2p-connect/signing/signature-profile.ts'

/** A question ready to leave. */
export interface SealedQuestion {
  readonly body: string
  /** HTTP headers that belong to the body. */
  readonly headers: Readonly<Record<string, string>>
}

/** Ways to sign that need the members `header` and `message`. */
export const needsEnvelope = ({ kind }: MapperSigning): boolean => kind === 'http-sig-string' || kind === 'jws'

/**
 * Signs a question.
 *
 * @param isEnvelope whether it has the members `header` and `message`
 * @param now epoch milliseconds
 */
export function sealQuestion(
  members: Readonly<Record<string, unknown>>,
  isEnvelope: boolean,
  signing: Exclude<MapperSigning, { kind: 'none' }>,
  key: KeyObject,
  now: number,
): SealedQuestion {
  switch (signing.kind) {
    case 'authorization-jwt': {
      const { issuer: iss, audience: aud, lifetime } = signing
      const exp = Math.floor(now / 1000) + lifetime
      // The whole body is in the token too, which stands in the header as it is, without a scheme.
      const { head, body, signature } = makeJws(JSON.stringify({ ...members, iss, aud, exp }), key, { ...signing, now })
      return { body: JSON.stringify(members), headers: { Authorization: `${head}.${body}.${signature}` } }
    }
    case 'detached-jws': {
      const text = sortedJson(isEnvelope ? { signature: '', ...members } : members)
      const { head, signature } = makeJws(text, key, { ...signing, now })
      return { body: text, headers: { Signature: `${head}..${signature}` } }
    }
    default: {
      const profile: SignatureProfile<typeof signing> = signatureProfiles[signing.kind]
      const content = members as unknown as Content
      const { signature, headers } = profile.sign(content, signing, key, now)
      return { body: profile.write(signature, content), headers }
    }
  }
}
