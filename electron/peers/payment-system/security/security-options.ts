import { z } from 'zod'

/** A public key (RFC 7517) with its id; what else it has is handed to the cryptography as it is. */
export const PublicKey = z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string().optional() })
export type PublicKey = z.infer<typeof PublicKey>

export const Algorithm = z.enum(['EdDSA', 'ES256', 'PS256', 'RS256'])
export type Algorithm = z.infer<typeof Algorithm>

/**
 * Where a signature stands and what it covers: `string` is the specification's example, `compact` a JWS in `signature`,
 * `detached` a JWS in the HTTP header, `raw` RSA over the two texts.
 */
export const Form = z.enum(['string', 'compact', 'detached', 'raw'])
export type Form = z.infer<typeof Form>

export const SignatureOptions = z.object({
  /** An unsigned request is refused. */
  required: z.boolean(),
  /** Keys that verify requests. */
  keys: z.array(PublicKey),
  /** The only form that is taken. */
  form: Form.default('compact'),
  /** Form and algorithm of replies. */
  replies: z
    .object({ form: z.union([Form, z.literal('none')]), alg: Algorithm })
    .default({ form: 'compact', alg: 'EdDSA' }),
})
export type SignatureOptions = z.infer<typeof SignatureOptions>

export const EncryptionOptions = z.object({
  /** A message in the clear is refused. */
  required: z.boolean(),
  /** What the signature covers: the message as it was meant, or as it is transmitted. */
  signs: z.enum(['meant', 'transmitted']),
  /** Replies are encrypted for this key of the sender; null leaves them in the clear. */
  repliesFor: PublicKey.nullable(),
})
export type EncryptionOptions = z.infer<typeof EncryptionOptions>
