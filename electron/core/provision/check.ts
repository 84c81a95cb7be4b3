import { OfficeError } from '../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { currencyDigits } from '../../../shared/rules/currency.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { isAuthority, isEncryptedEnough } from '../central/settings.ts'
import { isPinStrongEnough } from '../identity/officer-keys.ts'
import { checkProvider } from '../identity/openid/settings-check.ts'
import {
  isConnectorTrustedIn,
  isManagerTrustedIn,
  isOfficerTrustedIn,
  isProviderTrustedIn,
  type SignedOfficer,
  type TrustSource,
} from '../identity/trust.ts'
import { checkManager } from '../managers/settings-check.ts'
import { checkConnector } from '../tokenisation/settings-check.ts'
import { readClientCertificate } from '../vault/client-certificates.ts'
import { findPrivateKey, type KeyPurpose, type KeyType, keyPurposes, suits, typeOf } from '../vault/message-keys.ts'
import { findEd25519, publicJwk } from '../vault/signing-keys.ts'
import type { Problem } from './problems.ts'
import type { SignInSecret } from './provision-file.ts'
import type { Provision } from './read.ts'

/** What the office already has; empty for one that is being made. */
export interface ProvisionSurroundings {
  findOfficer(id: string): SignedOfficer | undefined
  hasManager(id: string): boolean
  findKeyType(purpose: KeyPurpose, keyId: string): KeyType | undefined
  hasClientCertificate(fingerprint: string): boolean
  hasCentralPassword(): boolean
}

const NO_OFFICE: ProvisionSurroundings = {
  findOfficer: () => undefined,
  hasManager: () => false,
  findKeyType: () => undefined,
  hasClientCertificate: () => false,
  // Whoever checks the file alone may keep the secrets apart.
  hasCentralPassword: () => true,
}

/** Everything that is wrong with a provisioning beyond its form: signatures, references, keys and settings. */
export async function checkProvision(
  { file, secrets }: Provision,
  surroundings: ProvisionSurroundings = NO_OFFICE,
): Promise<Problem[]> {
  const problems: Problem[] = []
  const add = (path: string, problem: string): void => void problems.push({ path, problem })

  for (const list of ['officers', 'programmes', 'paymentManagers', 'connectors', 'signInProviders'] as const) {
    const seen = new Set<string>()
    for (const [index, { id }] of file[list].entries()) {
      if (seen.has(id)) add(`${list}[${index}].id`, 'the same id stands in the list twice')
      seen.add(id)
    }
  }
  checkLine('officeName', file.officeName, add)

  const officers = new Map<string, SignedOfficer>(file.officers.map((officer) => [officer.id, officer]))
  const findOfficer = (id: string) => officers.get(id) ?? surroundings.findOfficer(id)
  const source: TrustSource = { root: file.trustRoot, findOfficer }
  const logins = new Set<string>()
  for (const [index, officer] of file.officers.entries()) {
    const path = `officers[${index}]`
    checkLine(`${path}.name`, officer.name, add)
    const login = officer.login.toLowerCase()
    if (logins.has(login)) add(`${path}.login`, 'identity.login-taken')
    logins.add(login)
    for (const [at, sponsor] of officer.sponsors.entries()) {
      if (findOfficer(sponsor) === undefined) add(`${path}.sponsors[${at}]`, 'no officer of this id')
    }
    if (!(await isOfficerTrustedIn(source, officer))) add(`${path}.signature`, 'identity.signature-invalid')
  }
  const canAdminister = ({ roles, state, removed }: SignedOfficer): boolean =>
    roles.includes('administrator') && state === 'active' && !removed
  if (!file.officers.some(canAdminister)) add('officers', 'identity.last-administrator')

  const ownKeys = { signing: secrets.signingKeys, decryption: secrets.decryptionKeys }
  const findOwnType = (purpose: KeyPurpose, keyId: string): KeyType | undefined => {
    const key = ownKeys[purpose][keyId]
    const found = key === undefined ? undefined : findPrivateKey(keyText(key))
    return found === undefined ? undefined : typeOf(found)
  }
  const certificates = checkCertificates(secrets, add)
  for (const [index, manager] of file.paymentManagers.entries()) {
    const path = `paymentManagers[${index}]`
    const findings = checkManager(manager, {
      training: false,
      hasClientCertificate: (fingerprint) =>
        certificates.has(fingerprint) || surroundings.hasClientCertificate(fingerprint),
      // Who signs a provisioning file vouches for what was tested elsewhere.
      duplicateProofOf: () => 'proven',
      findKeyType: (purpose, keyId) => findOwnType(purpose, keyId) ?? surroundings.findKeyType(purpose, keyId),
      isNameTaken: (name) => file.paymentManagers.some((other, at) => at < index && other.name === name),
    })
    for (const { path: within, code, weight } of findings) {
      if (weight === 'error') add(`${path}.${within.replace(/\.(\d+)/g, '[$1]')}`, code)
    }
    if (!(await isManagerTrustedIn(source, manager))) add(`${path}.signature`, 'identity.signature-invalid')
  }
  for (const [index, connector] of file.connectors.entries()) {
    await checkProvisionedConnector({ file, secrets }, index, connector, source, add)
  }
  for (const [index, provider] of file.signInProviders.entries()) {
    const path = `signInProviders[${index}]`
    const { id, removed, state, signature, ...settings } = provider
    const findings = checkProvider(settings, {
      isNameTaken: (name) => file.signInProviders.some((other, at) => at < index && other.name === name),
      isTypeTaken: (type) =>
        file.signInProviders.some((other, at) => at < index && other.subjectType === type) ||
        file.connectors.some(({ vidType, tokenType }) => vidType === type || tokenType === type),
    })
    for (const { path: within, code } of findings) add(`${path}.${within}`, code)
    if (!(await isProviderTrustedIn(source, provider))) add(`${path}.signature`, 'identity.signature-invalid')
  }
  const managers = new Set(file.paymentManagers.map(({ id }) => id))
  for (const [index, programme] of file.programmes.entries()) {
    const path = `programmes[${index}]`
    checkLine(`${path}.name`, programme.name, add)
    const digits = currencyDigits(programme.currency)
    if (!digits.ok) add(`${path}.currency`, digits.error.code)
    const { paymentManagerId } = programme
    if (paymentManagerId !== '' && !managers.has(paymentManagerId) && !surroundings.hasManager(paymentManagerId)) {
      add(`${path}.paymentManagerId`, 'no payment manager of this id')
    }
  }
  checkCentral({ file, secrets }, surroundings, add)
  checkSecrets({ file, secrets }, add)
  return problems
}

type Add = (path: string, problem: string) => void

async function checkProvisionedConnector(
  { file, secrets }: Provision,
  index: number,
  connector: Provision['file']['connectors'][number],
  source: TrustSource,
  add: Add,
): Promise<void> {
  const path = `connectors[${index}]`
  const { id, removed, runsAt, signature, ...settings } = connector
  const findings = checkConnector(settings, {
    training: false,
    isNameTaken: (name) => file.connectors.some((other, at) => at < index && other.name === name),
    hasPassword: secrets.connectors[id] !== undefined,
    isSubjectType: (type) => file.signInProviders.some(({ subjectType }) => subjectType === type),
    canBeCalled: () => true,
  })
  for (const { path: within, code, weight } of findings) {
    if (weight === 'error') add(`${path}.${within.replace(/\.(\d+)/g, '[$1]')}`, code)
  }
  const trusted = await isConnectorTrustedIn(source, { ...connector, state: 'draft' })
  if (!trusted) add(`${path}.signature`, 'identity.signature-invalid')
}

function checkLine(path: string, line: string, add: Add): void {
  const { text, problems } = cleanLine(line)
  const [problem] = problems
  if (problem !== undefined) add(path, problem.code)
  else if (text !== line) add(path, 'surplus spaces or text that is not in Unicode form NFC')
}

function checkCentral({ file, secrets }: Provision, surroundings: ProvisionSurroundings, add: Add): void {
  const { central, soleOffice } = file
  const hasPassword = secrets.centralPassword !== undefined
  if (central === undefined) {
    if (hasPassword) add('secrets.centralPassword', 'no central server in the file')
    return
  }
  if (soleOffice) add('soleOffice', 'must be false where a central server is named: other offices pay there too')
  if (!isEncryptedEnough(central.url)) add('central.url', 'central.url-not-encrypted')
  if (!isAuthority(central.certificateAuthority)) add('central.certificateAuthority', 'not a certificate in PEM')
  if (!hasPassword && !surroundings.hasCentralPassword()) {
    add('secrets.centralPassword', 'the central server asks for a password')
  }
}

/** The fingerprints of the certificates that the file of secrets brings. */
function checkCertificates({ clientCertificates }: Provision['secrets'], add: Add): ReadonlySet<string> {
  const fingerprints = new Set<string>()
  for (const [index, pem] of clientCertificates.entries()) {
    try {
      fingerprints.add(readClientCertificate(pem).fingerprint)
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error
      add(`secrets.clientCertificates[${index}]`, error.fault.code)
    }
  }
  return fingerprints
}

const secretFor = (kind: PaymentManager['authentication']['kind'], secret: SignInSecret): string | undefined => {
  switch (kind) {
    case 'none':
      return undefined
    case 'bearer':
      return secret.bearer
    case 'oauth2':
      return secret.clientSecret
    case 'oauth2-password':
      return secret.password
    case 'api-key':
      return secret.apiKey
  }
}

function checkSecrets({ file, secrets }: Provision, add: Add): void {
  for (const [id, { pin, privateKey }] of Object.entries(secrets.officers)) {
    const path = `secrets.officers.${id}`
    const officer = file.officers.find((one) => one.id === id)
    if (officer === undefined) add(path, 'no officer of this id in the file')
    if (!isPinStrongEnough(pin)) add(`${path}.pin`, 'identity.weak-pin')
    const key = findEd25519(keyText(privateKey))
    if (key === undefined) add(`${path}.privateKey`, 'not a private Ed25519 key')
    else if (officer !== undefined && publicJwk(key).x !== officer.signingKey.x) {
      add(`${path}.privateKey`, "does not belong to the officer's signingKey")
    }
  }
  for (const [id, secret] of Object.entries(secrets.managers)) {
    const path = `secrets.managers.${id}`
    const manager = file.paymentManagers.find((one) => one.id === id)
    if (manager === undefined) {
      add(path, 'no payment manager of this id in the file')
      continue
    }
    const { mapper, ...own } = secret
    const { kind } = manager.authentication
    const isForMapper = mapper !== undefined && Object.keys(own).length === 0
    // A manager that signs in nowhere itself may have a mapper that wants it.
    if (secretFor(kind, own) === undefined && !(kind === 'none' && isForMapper)) {
      add(path, kind === 'none' ? 'manager.no-secret-wanted' : 'manager.secret-missing')
    }
    if (mapper === undefined) continue
    const wanted = manager.mapper?.authentication.kind ?? 'none'
    if (secretFor(wanted, mapper) === undefined) {
      add(`${path}.mapper`, wanted === 'none' ? 'manager.no-secret-wanted' : 'manager.secret-missing')
    }
  }
  for (const id of Object.keys(secrets.connectors)) {
    if (!file.connectors.some((connector) => connector.id === id)) {
      add(`secrets.connectors.${id}`, 'no connector of this id in the file')
    }
  }
  for (const id of Object.keys(secrets.signInProviders)) {
    if (!file.signInProviders.some((provider) => provider.id === id)) {
      add(`secrets.signInProviders.${id}`, 'no sign-in provider of this id in the file')
    }
  }
  for (const purpose of keyPurposes) {
    const list = `${purpose}Keys` as const
    for (const [keyId, key] of Object.entries(secrets[list])) {
      const found = findPrivateKey(keyText(key))
      const type = found === undefined ? undefined : typeOf(found)
      if (type === undefined || !suits(purpose, type)) add(`secrets.${list}.${keyId}`, 'vault.key-unusable')
    }
  }
}

/** A key of the secrets file as the vault reads it. */
export const keyText = (key: string | object): string => (typeof key === 'string' ? key : JSON.stringify(key))
