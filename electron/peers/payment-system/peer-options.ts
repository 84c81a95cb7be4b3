import { z } from 'zod'
import { Behaviour, FaultRule } from './behaviour.ts'
import { ALL_PAID, OutcomeProfile } from './outcome.ts'
import { EncryptionOptions, PublicKey, SignatureOptions } from './security/security-options.ts'

/** An Ed25519 key (RFC 8037) with its id. */
const Ed25519Key = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.string(),
})

export const PeerAuthentication = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), token: z.string().min(1) }),
  z.object({ kind: z.literal('api-key'), header: z.string().min(1), key: z.string().min(1) }),
  z.object({
    kind: z.literal('oauth2'),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    /** Seconds by the peer's clock. */
    expiresIn: z.int().min(1).default(36_000),
  }),
  /** A user's password beside the client's own name and secret, as Payment Hub EE wants it. */
  z.object({
    kind: z.literal('oauth2-password'),
    clientId: z.string().min(1),
    clientSecret: z.string(),
    username: z.string().min(1),
    password: z.string().min(1),
    /** Seconds by the peer's clock. */
    expiresIn: z.int().min(1).default(600),
  }),
])
export type PeerAuthentication = z.infer<typeof PeerAuthentication>

/** Everything the payment system is told when it starts. */
export const PeerOptions = z.object({
  /** 0 takes a free one. A restart that must be found again names the port of before. */
  port: z.int().min(0).max(65_535).default(0),
  /** JSON Lines; made when missing, gone on with when there. The own signing key lies beside it. */
  ledgerFile: z.string().min(1),
  /** Bearer token of the control API. */
  controlToken: z.string().min(16),
  receiverId: z.string().min(1).default('payments.example.org'),
  /** Senders it knows; empty lets everyone in. */
  senderIds: z.array(z.string()).default([]),
  signatures: SignatureOptions.default(SignatureOptions.parse({ required: false, keys: [] })),
  /** Null where messages are not encrypted. */
  encryption: EncryptionOptions.nullable().default(null),
  authentication: PeerAuthentication.default({ kind: 'none' }),
  tls: z
    .object({
      certificate: z.string(),
      key: z.string(),
      /** PEM: only who shows a certificate of this authority is let in (mutual TLS); empty lets everyone in. */
      clientAuthority: z.string().default(''),
    })
    .nullable()
    .default(null),
  seed: z.int().default(1),
  profile: OutcomeProfile.default(ALL_PAID),
  behaviour: Behaviour.default(Behaviour.parse({})),
  rules: z.array(FaultRule).default([]),
  /** Nothing falls due until the control API says so. */
  held: z.boolean().default(false),
})
export type PeerOptions = z.infer<typeof PeerOptions>
/** As callers write them: what has a default may be left out. */
export type PeerOptionsInput = z.input<typeof PeerOptions>

/** The one line that the process prints when it listens. */
export const ReadyLine = z.object({
  ready: z.literal(true),
  pid: z.int(),
  /** Where the protocol is spoken. */
  origin: z.url(),
  /** Where the control API listens; always plain HTTP on the loopback address. */
  controlOrigin: z.url(),
  /** The key with which it signs where nothing else was wanted. */
  publicKey: Ed25519Key,
  /** Every key that it publishes. */
  keys: z.array(PublicKey),
})
export type ReadyLine = z.infer<typeof ReadyLine>
