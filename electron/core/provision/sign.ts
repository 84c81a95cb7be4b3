import { generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto'
import type { z } from 'zod'
import { isPinStrongEnough } from '../identity/officer-keys.ts'
import {
  connectorClaims,
  officerClaims,
  paymentManagerClaims,
  providerClaims,
  signClaims,
} from '../identity/signatures.ts'
import { ROOT } from '../identity/trust.ts'
import { keyIdOf, publicJwk } from '../vault/signing-keys.ts'
import { checkProvision } from './check.ts'
import { refuseProvision } from './problems.ts'
import { ProvisionFile, ProvisionSecrets } from './provision-file.ts'
import { pathText } from './read.ts'

type Secrets = z.input<typeof ProvisionSecrets>

/**
 * Signs every officer, payment manager, connector and sign-in provider of a file with the trust root and checks the whole.
 *
 * @param draft a provisioning file whose `trustRoot` and `signature`s may be missing or old
 * @throws OfficeError `provision.invalid`
 */
export async function signProvision(draft: unknown, secrets: Secrets, root: KeyObject): Promise<ProvisionFile> {
  const unsigned = withPlaceholders(draft, root)
  const parsed = ProvisionFile.safeParse(unsigned)
  if (!parsed.success) {
    refuseProvision(parsed.error.issues.map(({ path, message }) => ({ path: pathText('', path), problem: message })))
  }
  const file = {
    ...parsed.data,
    officers: await Promise.all(
      parsed.data.officers.map(async (officer) => ({
        ...officer,
        signature: await signClaims('officer', officerClaims(officer), ROOT, root),
      })),
    ),
    paymentManagers: await Promise.all(
      parsed.data.paymentManagers.map(async (manager) => ({
        ...manager,
        signature: await signClaims('payment-manager', paymentManagerClaims(manager), ROOT, root),
      })),
    ),
    connectors: await Promise.all(
      parsed.data.connectors.map(async (connector) => ({
        ...connector,
        signature: await signClaims('connector', connectorClaims({ ...connector, state: 'draft' }), ROOT, root),
      })),
    ),
    signInProviders: await Promise.all(
      parsed.data.signInProviders.map(async (provider) => ({
        ...provider,
        signature: await signClaims('sign-in-provider', providerClaims(provider), ROOT, root),
      })),
    ),
  }
  const problems = await checkProvision({ file, secrets: ProvisionSecrets.parse(secrets) })
  if (problems.length > 0) refuseProvision(problems)
  return file
}

/** The parts that signing fills in, so that the rest of the draft can be checked before. */
function withPlaceholders(draft: unknown, root: KeyObject): unknown {
  if (typeof draft !== 'object' || draft === null) return draft
  const unsigned = (records: unknown): unknown =>
    Array.isArray(records) ? records.map((record) => ({ ...record, signature: 'unsigned' })) : records
  const { officers, paymentManagers, connectors, signInProviders, ...rest } = draft as Record<string, unknown>
  return {
    ...rest,
    trustRoot: publicJwk(root),
    officers: unsigned(officers),
    ...(paymentManagers === undefined ? {} : { paymentManagers: unsigned(paymentManagers) }),
    ...(connectors === undefined ? {} : { connectors: unsigned(connectors) }),
    ...(signInProviders === undefined ? {} : { signInProviders: unsigned(signInProviders) }),
  }
}

/** A key pair and a random first PIN for an officer: the public half for the file, the rest for the file of secrets. */
export function makeOfficerSecret() {
  const { privateKey } = generateKeyPairSync('ed25519')
  let pin: string
  do pin = String(randomInt(1_000_000)).padStart(6, '0')
  while (!isPinStrongEnough(pin))
  return { signingKey: publicJwk(privateKey), secret: { pin, privateKey: pem(privateKey), mustChangePin: true } }
}

/** A key with which an office signs its messages: its id and public half for the manager, the rest for the secrets. */
export async function makeSigningKeySecret() {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = publicJwk(privateKey)
  return { keyId: await keyIdOf(publicKey), publicKey, secret: pem(privateKey) }
}

const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString()
