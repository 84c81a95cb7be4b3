import { createHash, type KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'
import { fail } from '../../../shared/contract/result.ts'
import { editionOf } from '../../../shared/model/record.ts'
import { findCentralPassword, putCentralPassword, putCentralSettings } from '../central/settings.ts'
import { sealOfficerKey, storeOfficerKey } from '../identity/officer-keys.ts'
import { putProviderSecret } from '../identity/openid/provider-keys.ts'
import { forgetPinFailures, markFirstPin, markResetter } from '../identity/pin-marks.ts'
import { findTrustRoot, setTrustRoot } from '../identity/trust.ts'
import { putManagerSecret, putMapperSecret } from '../managers/managers.ts'
import type { Office } from '../office.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { putConnectorPassword } from '../tokenisation/connectors.ts'
import { findClientCertificate, putClientCertificate, readClientCertificate } from '../vault/client-certificates.ts'
import { findKeyType, findPrivateKey, keyPurposes, putMessageKey } from '../vault/message-keys.ts'
import type { SealedBox } from '../vault/sealing.ts'
import { findSealedSecret } from '../vault/secrets.ts'
import { findEd25519 } from '../vault/signing-keys.ts'
import { checkProvision, keyText } from './check.ts'
import { type Problem, refuseProvision } from './problems.ts'
import type { SignInSecret } from './provision-file.ts'
import type { Provision } from './read.ts'

/** What of each record and secret was applied last, by name; what is the same again leaves later edits alone. */
type Applied = Record<string, string>

const DIGEST = 'provision-digest'
const APPLIED = 'provision-applied'

/**
 * Brings an office to what the provisioning says. Everything is checked first and written in one transaction. What the
 * last provisioning already brought is left as it is now, so that the same file can be given at every start and what
 * officers changed since then stays.
 *
 * @throws OfficeError `provision.invalid`, `provision.other-trust-root`
 */
export async function provisionOffice(
  { store, central }: Pick<Office, 'store' | 'central'>,
  provision: Provision,
): Promise<void> {
  const { file, secrets } = provision
  const root = findTrustRoot(store)
  if (root !== undefined && root.x !== file.trustRoot.x) fail('provision.other-trust-root')
  const problems = await checkProvision(provision, {
    findOfficer: (id) => store.find('officer', id),
    hasManager: (id) => store.find('paymentManager', id) !== undefined,
    findKeyType: (purpose, keyId) => findKeyType(store, purpose, keyId),
    hasClientCertificate: (fingerprint) => findClientCertificate(store, fingerprint) !== undefined,
    hasCentralPassword: () => findCentralPassword(store) !== undefined,
  })
  if (problems.length > 0) refuseProvision(problems)

  const before = JSON.parse(store.findMark(APPLIED) ?? '{}') as Applied
  const applied: Applied = { ...before }
  const isNews = (name: string, content: unknown): boolean => {
    const digest = sha256([store.installationId, name, content])
    applied[name] = digest
    return before[name] !== digest
  }
  const news = {
    office: isNews('office', [file.officeName, file.soleOffice]),
    central: file.central !== undefined && isNews('central', file.central),
    centralPassword: secrets.centralPassword !== undefined && isNews('central-password', secrets.centralPassword),
    officers: file.officers.filter((officer) => isNews(`officer:${officer.id}`, officer)),
    programmes: file.programmes.filter((programme) => isNews(`programme:${programme.id}`, programme)),
    managers: file.paymentManagers.filter((manager) => isNews(`manager:${manager.id}`, manager)),
    connectors: file.connectors.filter((connector) => isNews(`connector:${connector.id}`, connector)),
    providers: file.signInProviders.filter((provider) => isNews(`sign-in-provider:${provider.id}`, provider)),
    providerSecrets: Object.entries(secrets.signInProviders).filter(([id, secret]) =>
      isNews(`sign-in-secret:${id}`, secret),
    ),
    connectorSecrets: Object.entries(secrets.connectors).filter(([id, secret]) =>
      isNews(`connector-secret:${id}`, secret),
    ),
    managerSecrets: Object.entries(secrets.managers).filter(([id, secret]) => isNews(`secret:${id}`, secret)),
    certificates: secrets.clientCertificates
      .map(readClientCertificate)
      .filter(({ fingerprint }) => findClientCertificate(store, fingerprint) === undefined),
    messageKeys: newMessageKeys(store, secrets),
  }
  refuseOutdated(store, provision, news)
  const keys = await sealNewKeys(store, provision)
  const changes = Object.values(news).reduce<number>(
    (sum, one) => sum + (Array.isArray(one) ? one.length : one ? 1 : 0),
    keys.length,
  )
  if (changes === 0 && root !== undefined) return

  store.transaction(OFFICE, (transaction) => {
    setTrustRoot(transaction, file.trustRoot)
    if (news.office) {
      transaction.mark('office-name', file.officeName)
      transaction.mark('sole-office', file.soleOffice ? '1' : '0')
    }
    if (news.central && file.central !== undefined) putCentralSettings(transaction, file.central)
    if (news.centralPassword) putCentralPassword(transaction, secrets.centralPassword ?? '')
    if (news.central || news.centralPassword) central.begin(transaction)
    for (const officer of news.officers) transaction.put('officer', officer)
    for (const key of keys) writeKey(transaction, key)
    for (const manager of news.managers) transaction.put('paymentManager', manager)
    for (const connector of news.connectors) {
      const state = transaction.find('connector', connector.id)?.state ?? 'draft'
      transaction.put('connector', { ...connector, state })
    }
    for (const provider of news.providers) transaction.put('signInProvider', provider)
    for (const [id, { clientSecret }] of news.providerSecrets) putProviderSecret(transaction, id, clientSecret)
    for (const [id, { password }] of news.connectorSecrets) putConnectorPassword(transaction, id, password)
    for (const programme of news.programmes) transaction.put('programme', programme)
    for (const [id, { mapper, ...own }] of news.managerSecrets) {
      const secret = secretIn(own)
      if (secret !== undefined) {
        putManagerSecret(transaction, id, { secret, clientSecret: own.password && own.clientSecret })
      }
      const ofMapper = secretIn(mapper ?? {})
      if (ofMapper !== undefined) putMapperSecret(transaction, id, ofMapper)
    }
    for (const { fingerprint, certificate, key } of news.certificates) {
      putClientCertificate(transaction, fingerprint, { certificate, key })
    }
    for (const { purpose, keyId, key } of news.messageKeys) putMessageKey(transaction, purpose, keyId, key)
    const digest = sha256(file)
    transaction.mark(DIGEST, digest)
    transaction.mark(APPLIED, JSON.stringify(applied))
    transaction.audit({
      action: 'office.provisioned',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: {
        digest,
        officers: news.officers.length,
        programmes: news.programmes.length,
        managers: news.managers.length,
        connectors: news.connectors.length,
        signInProviders: news.providers.length,
        keys: keys.length + news.messageKeys.length,
        secrets:
          news.managerSecrets.length +
          news.connectorSecrets.length +
          news.providerSecrets.length +
          (news.centralPassword ? 1 : 0),
        central: news.central ? 1 : 0,
      },
    })
  })
}

const secretIn = ({ bearer, password, clientSecret, apiKey }: SignInSecret): string | undefined =>
  bearer ?? password ?? clientSecret ?? apiKey

/** Keys for messages that the vault does not have yet. */
const newMessageKeys = (store: Store, secrets: Provision['secrets']) =>
  keyPurposes.flatMap((purpose) =>
    Object.entries(secrets[`${purpose}Keys`]).flatMap(([keyId, text]) => {
      const key = findKeyType(store, purpose, keyId) === undefined ? findPrivateKey(keyText(text)) : undefined
      return key === undefined ? [] : [{ purpose, keyId, key }]
    }),
  )

interface SealedKey {
  readonly officerId: string
  readonly sealed: SealedBox
  readonly mustChangePin: boolean
}

/** Keys that this office does not have yet; a PIN that the officer has changed since is never set back. */
async function sealNewKeys(store: Store, { file, secrets }: Provision): Promise<SealedKey[]> {
  const keys: SealedKey[] = []
  for (const [officerId, { pin, privateKey: key, mustChangePin }] of Object.entries(secrets.officers)) {
    const officer = file.officers.find(({ id }) => id === officerId)
    const known = store.find('officer', officerId)
    const same = known !== undefined && known.signingKey.x === officer?.signingKey.x
    if (same && findSealedSecret(store, 'officer-key', officerId) !== undefined) continue
    // A key that a reset has replaced here is not brought back by an old file.
    if (known !== undefined && !same && wasApplied(store, officerId, officer)) continue
    keys.push({ officerId, sealed: await sealOfficerKey(officerId, privateKey(key), pin), mustChangePin })
  }
  return keys
}

const wasApplied = (store: Store, officerId: string, officer: unknown): boolean =>
  (JSON.parse(store.findMark(APPLIED) ?? '{}') as Applied)[`officer:${officerId}`] ===
  sha256([store.installationId, `officer:${officerId}`, officer])

function writeKey(transaction: Transaction, { officerId, sealed, mustChangePin }: SealedKey): void {
  storeOfficerKey(transaction, officerId, sealed)
  markFirstPin(transaction, officerId, mustChangePin)
  markResetter(transaction, officerId, '')
  forgetPinFailures(transaction, officerId)
}

function privateKey(key: string | object): KeyObject {
  const found = findEd25519(keyText(key))
  if (found === undefined) throw new Error('a key that was checked is no key')
  return found
}

const sha256 = (content: unknown): string =>
  createHash('sha256')
    .update(canonicalize(content) as string)
    .digest('hex')

type SignedList = 'officers' | 'paymentManagers' | 'connectors' | 'signInProviders'

/** What was signed again since, in this office or elsewhere in the district, changes only by a later signing. */
function refuseOutdated(
  store: Store,
  { file }: Provision,
  {
    officers,
    managers,
    connectors,
    providers,
  }: Readonly<Record<'officers' | 'managers' | 'connectors' | 'providers', readonly { readonly id: string }[]>>,
): void {
  const outdated = (
    list: SignedList,
    kind: 'officer' | 'paymentManager' | 'connector' | 'signInProvider',
    signed: readonly { readonly id: string; readonly edition?: number | undefined }[],
  ): Problem[] =>
    signed.flatMap((record) => {
      const known = editionOf(store.find(kind, record.id) ?? {})
      if (editionOf(record) >= known) return []
      const index = file[list].findIndex(({ id }) => id === record.id)
      return [{ path: `${list}[${index}].edition`, problem: `provision.older-edition (${known})` }]
    })
  const problems = [
    ...outdated('officers', 'officer', officers),
    ...outdated('paymentManagers', 'paymentManager', managers),
    ...outdated('connectors', 'connector', connectors),
    ...outdated('signInProviders', 'signInProvider', providers),
  ]
  if (problems.length > 0) refuseProvision(problems)
}
