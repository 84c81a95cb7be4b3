import { z } from 'zod'
import { CentralSettings } from '../../../shared/model/central.ts'
import { OfficerClaims, PublicKey } from '../../../shared/model/officer.ts'
import { Programme } from '../../../shared/model/programme.ts'
import { Id, Line } from '../../../shared/model/record.ts'
import { SignInProviderClaims } from '../../../shared/model/sign-in-provider.ts'
import { ConnectorClaims } from '../../../shared/model/tokenisation.ts'
import { provisionedManager } from './provisioned-manager.ts'

const Signature = z
  .string()
  .min(1)
  .describe('Compact JWS (EdDSA) over the RFC 8785 form of the record without this field')

/** What an office is set up with: one JSON file, without secrets. */
export const ProvisionFile = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    trustRoot: PublicKey.describe(
      'Public key from which every officer, payment manager, connector and sign-in provider is signed',
    ),
    officeName: Line.min(1),
    soleOffice: z
      .boolean()
      .describe(
        'True when no other office pays for these programmes: payments are claimed here, not at a central server',
      ),
    central: z
      .strictObject(CentralSettings.shape)
      .optional()
      .describe('The CouchDB server of the district, where its offices meet; soleOffice must be false with it'),
    officers: z.array(OfficerClaims.extend({ signature: Signature })).min(1),
    programmes: z.array(Programme.omit({ changedAt: true, changedBy: true })).default([]),
    paymentManagers: z.array(provisionedManager(Signature)).default([]),
    connectors: z
      .array(ConnectorClaims.extend({ signature: Signature }))
      .default([])
      .describe(
        'To token seeders; where `runsAt` is empty a sole office runs them, and among several one whose administrator takes them on',
      ),
    signInProviders: z
      .array(SignInProviderClaims.extend({ signature: Signature }))
      .default([])
      .describe('e-Signet and other OpenID providers by which officers sign in; keys are made on each machine'),
  })
  .describe('Provisioning file of a G2P Field Office')
export type ProvisionFile = z.infer<typeof ProvisionFile>

const PrivateKey = z.union([
  z.string().min(1).describe('PKCS#8 in PEM'),
  z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }).describe('JWK'),
])

const MessageKey = z.union([
  z.string().min(1).describe('PKCS#8 in PEM'),
  z.looseObject({ kty: z.enum(['OKP', 'EC', 'RSA']), d: z.string() }).describe('JWK'),
])

const OfficerSecret = z.strictObject({
  pin: z.string().describe('First PIN: 6 to 12 digits'),
  privateKey: PrivateKey,
  mustChangePin: z.boolean().default(true).describe('False when the officer chose this PIN'),
})

const SignInSecret = z.strictObject({
  bearer: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  password: z.string().min(1).optional().describe('Of the user; clientSecret beside it where the client has one'),
  apiKey: z.string().min(1).optional(),
})
export type SignInSecret = z.infer<typeof SignInSecret>

const ManagerSecret = SignInSecret.extend({
  mapper: SignInSecret.optional().describe('The same for its account mapper'),
}).describe('The one that the authentication of the manager asks for')

/** What belongs to a provisioning file and must not stand in it. Kept apart, handed over apart, deleted afterwards. */
export const ProvisionSecrets = z.strictObject({
  officers: z.record(Id, OfficerSecret).default({}),
  managers: z.record(Id, ManagerSecret).default({}),
  connectors: z
    .record(Id, z.strictObject({ password: z.string().min(1).max(1_000) }))
    .default({})
    .describe('For ODK Central'),
  signInProviders: z
    .record(Id, z.strictObject({ clientSecret: z.string().min(1).max(1_000) }))
    .default({})
    .describe('For providers that are shown a secret'),
  centralPassword: z.string().min(1).max(1_000).optional().describe('Of the user that `central` names'),
  clientCertificates: z
    .array(z.string().min(1))
    .default([])
    .describe('For mutual TLS, each with its private key: PEM, one after the other'),
  signingKeys: z.record(z.string(), MessageKey).default({}).describe('Ed25519, P-256 or RSA, by key id'),
  decryptionKeys: z.record(z.string(), MessageKey).default({}).describe('RSA, by key id'),
})
export type ProvisionSecrets = z.infer<typeof ProvisionSecrets>

/** The published schema of both files (JSON Schema 2020-12). */
export function provisioningSchema(): Record<string, unknown> {
  const { $schema, ...file } = z.toJSONSchema(ProvisionFile, { io: 'input' })
  const { $schema: _, ...secrets } = z.toJSONSchema(ProvisionSecrets, { io: 'input' })
  return { $schema, title: 'G2P Field Office provisioning', ...file, $defs: { secrets } }
}
