import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProvisionFile } from '../../../electron/core/provision/provision-file.ts'
import { makeOfficerSecret, makeSigningKeySecret, signProvision } from '../../../electron/core/provision/sign.ts'
import type { Role } from '../../../shared/model/officer.ts'
import { managerSettings } from '../managers/settings.ts'
import { connectorSettings } from '../tokenisation/settings.ts'

/** A signed provisioning of a small district, and what it takes to sign another one. */
export interface DistrictFile {
  readonly root: KeyObject
  readonly file: ProvisionFile
  readonly secrets: {
    officers: Record<string, { pin: string; privateKey: string; mustChangePin: boolean }>
    managers: Record<string, { bearer?: string; clientSecret?: string }>
    signingKeys: Record<string, string>
  }
}

export async function districtFile(): Promise<DistrictFile> {
  const root = generateKeyPairSync('ed25519').privateKey
  const signing = await makeSigningKeySecret()
  const officers = [
    ['admin', 'administrator'],
    ['clerk', 'clerk'],
    ['approver', 'approver'],
  ].map(([id, role]) => ({ id: id as string, role: role as Role, ...makeOfficerSecret() }))
  const secrets = {
    officers: Object.fromEntries(
      officers.map(({ id, secret }, index) => [id, { ...secret, pin: `73016${index + 4}`, mustChangePin: false }]),
    ),
    managers: { switch: { bearer: 'tell nobody' } },
    signingKeys: { [signing.keyId]: signing.secret },
  }
  const draft = {
    version: 1,
    officeName: 'Northern district',
    soleOffice: true,
    officers: officers.map(({ id, role, signingKey }) => ({
      id,
      removed: false,
      name: `Officer ${id}`,
      login: id,
      roles: [role],
      state: 'active',
      signingKey,
      sponsors: [],
    })),
    programmes: [
      {
        id: 'school-meals',
        removed: false,
        name: 'School meals',
        state: 'active',
        currency: 'ETB',
        target: 'group',
        entitlementRule: { kind: 'none' },
        fund: null,
        alternateRecipientAllowed: false,
        twoApproversAbove: null,
        paymentManagerId: 'switch',
      },
    ],
    paymentManagers: [
      {
        ...managerSettings(signing.keyId, { authentication: { kind: 'bearer' } }),
        id: 'switch',
        removed: false,
        state: 'active',
      },
    ],
    connectors: [{ ...connectorSettings(), id: 'seeder', removed: false, runsAt: '' }],
  }
  return { root, secrets, file: await signProvision(draft, secrets, root) }
}

/** Writes both files as a door is given them. */
export function writeFiles(directory: string, file: unknown, secrets: unknown) {
  const provisionFile = join(directory, 'provision.json')
  const provisionSecretsFile = join(directory, 'provision-secrets.json')
  writeFileSync(provisionFile, typeof file === 'string' ? file : JSON.stringify(file))
  writeFileSync(provisionSecretsFile, typeof secrets === 'string' ? secrets : JSON.stringify(secrets))
  return { provisionFile, provisionSecretsFile }
}
