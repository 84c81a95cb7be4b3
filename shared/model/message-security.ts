import { z } from 'zod'

/** Id of a key in the vault. */
const KeyId = z.string().min(1).max(80)

/** How long a signature is good for, in seconds; an envelope goes out again unchanged for so long. */
const Lifetime = z.int().min(120).max(86_400)

/** Signature algorithms of JSON Web Signatures that are spoken (RFC 7518, RFC 8037). No shared secrets, never `none`. */
export const JwsAlgorithm = z.enum(['EdDSA', 'ES256', 'PS256', 'RS256'])
export type JwsAlgorithm = z.infer<typeof JwsAlgorithm>

/**
 * How messages are signed. G2P Connect 1.0.0 names the member `signature` and gives one example of it; what receivers do
 * with it differs, so each form is a profile of its own.
 */
export const Signing = z.discriminatedUnion('kind', [
  /** The specification's example: an Ed25519 signature string with a digest (OpenSPP). */
  z.object({
    kind: z.literal('http-sig-string'),
    keyId: KeyId,
    /** `g2p` in the specification, `dci` in OpenSPP. */
    namespace: z.enum(['g2p', 'dci']),
    /** How the receiver spells the parameter with the key's id. */
    keyParameter: z.enum(['kidId', 'keyId']),
    lifetime: Lifetime,
  }),
  /** Compact JWS in `signature`, its payload the JSON of header and message (OpenCRVS). */
  z.object({ kind: z.literal('jws'), keyId: KeyId, alg: JwsAlgorithm, lifetime: Lifetime }),
  /** JWS without payload in the HTTP header `Signature`, over the whole body (OpenG2P SPAR, G2P Bridge). */
  z.object({ kind: z.literal('detached-jws'), keyId: KeyId, alg: JwsAlgorithm, lifetime: Lifetime }),
  /** SHA-256 with RSA over header and message, without parameters (g2pc-registry). It never expires. */
  z.object({ kind: z.literal('raw-rsa'), keyId: KeyId }),
  /** A constant text that signs nothing: the training office, and sandboxes that an administrator opted in to. */
  z.object({ kind: z.literal('placeholder'), sandbox: z.boolean() }),
])
export type Signing = z.infer<typeof Signing>

/** Seconds that a signature is good for when nobody decided otherwise. */
export const USUAL_LIFETIME = 1800

/** In which form replies and callbacks are signed; `none` where the receiver does not sign. */
export const ReplySigning = z.enum(['none', 'http-sig-string', 'jws', 'detached-jws', 'raw-rsa'])
export type ReplySigning = z.infer<typeof ReplySigning>

/** A public key of the receiver (JWK) with the one algorithm that it may be used with. */
export const ReceiverKey = z.object({
  kty: z.string(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  kid: z.string().optional(),
  alg: z.string(),
})
export type ReceiverKey = z.infer<typeof ReceiverKey>

/** Whether messages are encrypted for the receiver (§ EncryptedMessage), and how. */
export const Encryption = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('jwe'),
    /** The specification leaves the order open: OpenCRVS signs what is transmitted, others what was meant. */
    order: z.enum(['sign-then-encrypt', 'encrypt-then-sign']),
    alg: z.literal('RSA-OAEP-256'),
    enc: z.literal('A256GCM'),
    /** The receiver's RSA key; null takes it from the published keys. */
    receiverKey: ReceiverKey.nullable(),
    /** Which of the published keys; empty for the first one that is for encryption. */
    receiverKeyId: z.string().max(200),
    /** Key of the vault that opens encrypted replies; empty where replies are not encrypted. */
    ownKeyId: z.string().max(80),
  }),
])
export type Encryption = z.infer<typeof Encryption>
