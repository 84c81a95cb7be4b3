import { z } from 'zod'
import { Authentication } from './authentication.ts'
import { JwsAlgorithm, ReceiverKey, ReplySigning, Signing } from './message-security.ts'
import { Line } from './record.ts'

/*
 * Account mappers: asked by an id of a person, they answer with the account that the person wants to be paid on (G2P Connect
 * "mapper", OpenG2P SPAR). They are only ever asked here; linking accounts is nobody's work at a payment desk.
 */

/** The generations of the protocol that are spoken: G2P Connect 1.0.0, OpenG2P SPAR 0.1, 1.0 and 1.1, 2.x. */
export const MapperProfileName = z.enum(['g2p-connect-1.0', 'spar-0.1', 'spar-1', 'spar-2'])
export type MapperProfileName = z.infer<typeof MapperProfileName>

const [httpSigString, jws, detachedJws] = Signing.options

/** How questions to a mapper are signed. */
export const MapperSigning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  httpSigString,
  jws,
  detachedJws,
  /** A JWT of the whole body with issuer, audience and end, as it is in `Authorization` (SPAR 1.x). */
  z.object({
    kind: z.literal('authorization-jwt'),
    keyId: z.string().min(1).max(80),
    alg: JwsAlgorithm,
    issuer: z.string().min(1).max(200),
    audience: z.string().min(1).max(200),
    lifetime: z.int().min(120).max(86_400),
  }),
])
export type MapperSigning = z.infer<typeof MapperSigning>

/** Upstream load tests of mappers went from here. */
export const LARGEST_QUESTION = 1000

/** What kind of account it is. */
export const AccountKind = z.enum(['bank', 'mobile', 'email'])
export type AccountKind = z.infer<typeof AccountKind>

/** Type in a financial address (`type:id@provider`). */
const AddressType = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/)

/** A provider as the mapper names it, and as the payment system does. */
export const ProviderCode = z.object({
  theirs: z.string().min(1).max(100),
  ours: z.string().regex(/^[^\s:@\p{C}]{1,100}$/u),
})
export type ProviderCode = z.infer<typeof ProviderCode>

/** Where payees' accounts are asked for: part of a payment manager, so that its signature and every approval cover it. */
export const MapperSettings = z.object({
  profile: MapperProfileName,
  resolveUrl: z.url(),
  senderId: z.string().min(1).max(200),
  senderUri: z.union([z.url(), z.literal('')]),
  receiverId: z.string().max(200),
  /** Which identity number a person is asked for by. */
  idType: z.string().min(1).max(40),
  /** How the mapper writes it, with `{value}` for the number: `token:{value}@nationalId`. */
  idTemplate: z.string().min(1).max(200),
  /** How accounts come that are one text: templates such as `account:{account_no}@{branch}.{bank}.{type}`. */
  strategies: z.array(z.string().min(1).max(300)).max(20),
  /** What stands before the `:` of a payee's address, by kind of account. */
  addressTypes: z.object({ bank: AddressType, mobile: AddressType, email: AddressType }),
  /** Kinds of account that the payment system can pay; who has another one is not paid. */
  kinds: z.array(AccountKind).min(1).max(3),
  providers: z.array(ProviderCode).max(500),
  /** Accounts at providers that the table does not name are not paid. */
  onlyListedProviders: z.boolean(),
  /** People in one question. */
  questionSize: z.int().min(1).max(LARGEST_QUESTION),
  /** Seconds. */
  apiTimeout: z.int().min(1).max(300),
  authentication: Authentication,
  signing: MapperSigning,
  /** What answers must carry to count; `none` where the mapper does not sign. */
  replySigning: ReplySigning,
  receiverKey: ReceiverKey.nullable(),
  /** Extra certificate authority (PEM) of the mapper; empty for the system's. */
  certificateAuthority: z.string().max(20_000),
})
export type MapperSettings = z.infer<typeof MapperSettings>

/** Where a payee's address comes from when a mapper gave it. */
export const MappedFrom = z.object({
  /** The provider as the mapper names it. */
  provider: Line,
  /** Reference of the question that was answered so; the mapper's own records know it. */
  reference: z.string().max(64),
  /** Epoch milliseconds. */
  at: z.number(),
})
export type MappedFrom = z.infer<typeof MappedFrom>
