import { z } from 'zod'
import { Role } from './officer.ts'
import { editableFields, Line, signedFields } from './record.ts'

/** Paths and ports of the address to which the provider sends the officer back: registered there once, so never made up. */
export const CALLBACK_PATH = '/callback'

/** e-Signet takes no address with an open port (RFC 8252 §7.3), so a few fixed ones are registered. */
export const usualPorts = [47_113, 47_127, 47_149] as const

export const ClientAuthentication = z.enum(['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'])
export type ClientAuthentication = z.infer<typeof ClientAuthentication>

/** By what a provider signs; one of them is pinned. */
export const SigningAlgorithm = z.enum(['RS256', 'PS256', 'ES256'])
export type SigningAlgorithm = z.infer<typeof SigningAlgorithm>

/** A server by which officers sign in: e-Signet, or any other OpenID provider (OpenID Connect Core 1.0). Without secrets. */
export const SignInProvider = z.object({
  ...editableFields,
  ...signedFields,
  name: Line.min(1),
  kind: z.enum(['esignet', 'openid']),
  /** Whom it signs in: officers, also where it does not say; or registrants at an officer's table, and then nobody else. */
  serves: z.enum(['officers', 'registrants']).optional(),
  /** For registrants: as which type of identity number their subject is kept; never the one of a token or a VID. */
  subjectType: z.string().max(40).optional(),
  state: z.enum(['active', 'suspended']),
  /** Where the metadata lies; e-Signet's stands elsewhere than its issuer says. */
  metadataUrl: z.url(),
  /** What the metadata and every token must name, letter by letter. */
  issuer: z.string().min(1).max(500),
  /** Where codes are exchanged, when not where the metadata says; else empty. */
  tokenEndpoint: z.union([z.url(), z.literal('')]),
  /** Client at the provider where all offices share one; an office with a client of its own keeps that beside this. */
  clientId: z.string().max(256),
  /** Of 127.0.0.1; the first free one is used. */
  ports: z.array(z.int().min(1_024).max(65_535)).min(1).max(5),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/))
    .min(1)
    .max(10),
  /** One of them is asked for, and has to be confirmed; empty takes what the provider takes. */
  acrValues: z.array(z.string().min(1).max(120)).max(10),
  /** Claims asked for by the `claims` parameter (OpenID Connect Core 1.0 §5.5). */
  claims: z.array(z.string().regex(/^[a-z0-9_]{1,60}$/)).max(20),
  clientAuthentication: ClientAuthentication,
  /** By what this office signs its assertions. */
  assertionAlgorithm: SigningAlgorithm,
  /** Who the assertion is for: e-Signet up to 1.6 takes its token endpoint only, later profiles the issuer only. */
  assertionAudience: z.enum(['token-endpoint', 'issuer', 'text']),
  /** For `text`. */
  assertionAudienceText: z.string().max(500),
  /** By what the provider signs ID tokens and user info. */
  signingAlgorithm: SigningAlgorithm,
  userInfo: z.enum(['none', 'plain', 'signed', 'encrypted']),
  /** Seconds between the provider's clock and ours, above which nobody is let in. */
  clockToleranceSeconds: z.int().min(0).max(300),
  /** e-Signet leaves `iss` (RFC 9207) out of some answers although its metadata promises it. */
  missingIssuer: z.enum(['refuse', 'accept']),
  /** What the officer is known by; never an identity number. */
  subjectClaim: z.enum(['sub', 'preferred_username', 'email', 'oid']),
  /** Days since the last sign-in by the provider in which a PIN is enough; 0 sets no limit. */
  onlineEveryDays: z.int().min(0).max(366),
  /** What is left to officers who signed in by PIN. */
  offlineRoles: z.array(Role).max(4),
  /** Deeds before which the officer shows up at the provider once more. */
  stepUp: z.enum(['never', 'approving', 'approving-and-sending']),
  /** One of them has to be confirmed then; empty takes `acrValues`. */
  stepUpAcrValues: z.array(z.string().min(1).max(120)).max(10),
  /** What is enough for such a deed while there is no line. */
  stepUpOffline: z.enum(['pin', 'refused']),
  /** PEM; when given, this authority alone is trusted. */
  certificateAuthority: z.string().max(20_000),
  /** Compact JWS (EdDSA) by an administrator over `SignInProviderClaims`. */
  signature: z.string(),
})
export type SignInProvider = z.infer<typeof SignInProvider>

export const SignInProviderClaims = SignInProvider.omit({ signature: true, changedAt: true, changedBy: true })
export type SignInProviderClaims = z.infer<typeof SignInProviderClaims>

/** What an administrator decides about a provider. */
export const SignInProviderSettings = SignInProviderClaims.omit({
  id: true,
  removed: true,
  edition: true,
  state: true,
})
export type SignInProviderSettings = z.infer<typeof SignInProviderSettings>

const shared = {
  name: '',
  serves: 'officers',
  subjectType: '',
  metadataUrl: '',
  issuer: '',
  tokenEndpoint: '',
  clientId: '',
  ports: [...usualPorts],
  assertionAlgorithm: 'RS256',
  assertionAudienceText: '',
  signingAlgorithm: 'RS256',
  subjectClaim: 'sub',
  onlineEveryDays: 14,
  offlineRoles: ['clerk', 'approver', 'administrator', 'auditor'],
  stepUp: 'never',
  stepUpAcrValues: [],
  stepUpOffline: 'refused',
  certificateAuthority: '',
} as const satisfies Partial<Record<keyof SignInProviderSettings, unknown>>

/** What suits each kind and use; the administrator fills in the addresses. */
export const providerPresets = {
  esignet: {
    ...shared,
    kind: 'esignet',
    scopes: ['openid', 'profile'],
    acrValues: ['mosip:idp:acr:generated-code', 'mosip:idp:acr:biometrics'],
    claims: ['name'],
    clientAuthentication: 'private_key_jwt',
    assertionAudience: 'token-endpoint',
    userInfo: 'signed',
    clockToleranceSeconds: 30,
    missingIssuer: 'accept',
  },
  openid: {
    ...shared,
    kind: 'openid',
    scopes: ['openid', 'profile'],
    acrValues: [],
    claims: [],
    clientAuthentication: 'none',
    assertionAudience: 'issuer',
    userInfo: 'plain',
    clockToleranceSeconds: 30,
    missingIssuer: 'refuse',
  },
  /** e-Signet once more, as another client: for the people at the table. */
  registrants: {
    ...shared,
    kind: 'esignet',
    serves: 'registrants',
    subjectType: 'ESIGNET_PSUT',
    scopes: ['openid', 'profile'],
    acrValues: ['mosip:idp:acr:generated-code', 'mosip:idp:acr:biometrics'],
    claims: ['name', 'birthdate', 'gender', 'address', 'phone_number', 'email'],
    clientAuthentication: 'private_key_jwt',
    assertionAudience: 'token-endpoint',
    userInfo: 'signed',
    clockToleranceSeconds: 30,
    missingIssuer: 'accept',
  },
} as const
