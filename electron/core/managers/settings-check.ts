import { X509Certificate } from 'node:crypto'
import { LARGEST_PART } from '../../../shared/model/payment-manager.ts'
import { check, filterSchemas, parse } from '../../../shared/rules/filter/index.ts'
import { parseFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { isCatchAll } from '../../../shared/rules/grouping.ts'
import { isIdTemplate } from '../../../shared/rules/mapper/mapper-id.ts'
import { findTemplate } from '../../../shared/rules/mapper/template.ts'
import { findAddressSettingsFault } from '../../../shared/rules/payee-address.ts'
import { saysReceived } from '../../../shared/rules/retry-class.ts'
import { findProfile } from '../channels/g2p-connect/profiles/profiles.ts'
import { encryptionKey, verificationKey } from '../channels/g2p-connect/public-keys.ts'
import { keyTypeFor } from '../channels/g2p-connect/sealing.ts'
import { mapperProfiles } from '../mapper/profiles/profiles.ts'
import { needsEnvelope } from '../mapper/seal-question.ts'
import { checkFiles } from './file-check.ts'
import { at, type CheckSurroundings, type Finding, ManagerSettings } from './finding.ts'
import { checkPaymentHub } from './payment-hub-check.ts'

/** Filters over amounts are written in the currency of the programme, which a manager does not know; two digits are usual. */
const schemas = filterSchemas(2)
const LOCAL_HOSTS = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/

/** Everything that is wrong or doubtful about a manager's settings; empty when nothing is. */
export function checkManager(input: unknown, surroundings: CheckSurroundings): Finding[] {
  const parsed = ManagerSettings.safeParse(input)
  if (!parsed.success) {
    // What can be judged without the rest is judged, so that everything to mend is seen at once.
    const urls = Urls.safeParse(input)
    return [...parsed.error.issues.map(findingOf), ...(urls.success ? checkUrls(urls.data, surroundings) : [])]
  }
  const settings = parsed.data
  return [
    ...(settings.name.trim() === '' ? [at('name', 'manager.bad-value')] : []),
    ...(surroundings.isNameTaken(settings.name) ? [at('name', 'manager.name-taken')] : []),
    ...checkUrls(settings, surroundings),
    ...checkTags(settings),
    ...checkFilter('sendFilter', settings.sendFilter, 'batch'),
    ...checkPayeeAddress(settings),
    ...checkCertificates(settings, surroundings),
    ...checkMapper(settings, surroundings),
    ...checkHeaders(settings),
    ...checkCodes(settings),
    ...checkChannel[settings.kind](settings, surroundings),
  ]
}

/** What only one way to pay has. */
const checkChannel: Readonly<
  Record<ManagerSettings['kind'], (settings: ManagerSettings, surroundings: CheckSurroundings) => Finding[]>
> = {
  'g2p-connect': (settings, surroundings) => [
    ...checkProfile(settings, surroundings),
    ...checkNames(settings),
    ...checkSecurity(settings, surroundings),
  ],
  'payment-hub': checkPaymentHub,
  file: checkFiles,
}

const Urls = ManagerSettings.pick({
  kind: true,
  paymentEndpointUrl: true,
  statusEndpointUrl: true,
  envelopeUrl: true,
  envelopeStatusUrl: true,
  senderUri: true,
  receiverJwksUrl: true,
  authentication: true,
})

function findingOf({ path, code }: { readonly path: readonly PropertyKey[]; readonly code?: string }): Finding {
  const place = path.join('.')
  if (code === 'too_big' && place === 'partSize') return at(place, 'manager.part-too-large', { largest: LARGEST_PART })
  if (code === 'invalid_format' && isUrlPath(path)) return at(place, 'manager.url-invalid')
  return at(place, code === 'too_small' ? 'manager.value-needed' : 'manager.bad-value')
}

const isUrlPath = (path: readonly PropertyKey[]): boolean => /url|uri/i.test(String(path.at(-1)))

function checkUrls(settings: ReturnType<typeof Urls.parse>, { training }: CheckSurroundings): Finding[] {
  const { authentication, senderUri } = settings
  const urls: [string, string][] = [
    // What is paid by files goes nowhere.
    ...(['paymentEndpointUrl', 'statusEndpointUrl'] as const)
      .filter(() => settings.kind !== 'file')
      .map((path): [string, string] => [path, settings[path]]),
    ...(settings.receiverJwksUrl === ''
      ? []
      : [['receiverJwksUrl', settings.receiverJwksUrl] satisfies [string, string]]),
    ...(authentication.kind === 'oauth2' || authentication.kind === 'oauth2-password'
      ? [['authentication.tokenUrl', authentication.tokenUrl] satisfies [string, string]]
      : []),
    ...(['envelopeUrl', 'envelopeStatusUrl'] as const)
      .filter((path) => settings[path] !== '')
      .map((path): [string, string] => [path, settings[path]]),
  ]
  const findings = urls.flatMap(([path, url]) => checkUrl(path, url, training))
  // Only named in messages, never called by this office.
  if (senderUri !== '' && !/^https?:/.test(senderUri)) findings.push(at('senderUri', 'manager.url-invalid'))
  return findings
}

function checkUrl(path: string, text: string, training: boolean): Finding[] {
  if (text === '') return [at(path, 'manager.url-invalid')]
  const url = new URL(text)
  if (!['https:', 'http:'].includes(url.protocol) || url.hostname === '') return [at(path, 'manager.url-invalid')]
  if (url.username !== '' || url.password !== '') return [at(path, 'manager.url-with-password')]
  if (url.hash !== '') return [at(path, 'manager.url-invalid')]
  const local = LOCAL_HOSTS.test(url.hostname)
  if (training) return local ? [] : [at(path, 'manager.url-outside-training')]
  if (url.protocol === 'https:') return []
  return local ? [at(path, 'manager.url-plain-local', {}, 'warning')] : [at(path, 'manager.url-not-encrypted')]
}

/** What the receivers of a profile need, and what they are known not to take or to be. */
function checkProfile(settings: ManagerSettings, surroundings: CheckSurroundings): Finding[] {
  const profile = findProfile(settings.profile)
  if (profile === undefined) return [at('profile', 'channel.profile-unknown', { profile: settings.profile })]
  const { takes, needs, canProtect } = profile
  const takesIt = { mode: takes.mode?.includes(settings.mode), statusBy: takes.statusBy?.includes(settings.statusBy) }
  return [
    ...needs.filter((field) => settings[field] === '').map((field) => at(field, 'manager.value-needed')),
    ...(['mode', 'statusBy'] as const)
      .filter((field) => takesIt[field] === false)
      .map((field) => at(field, 'manager.profile-takes-not', {}, 'warning')),
    ...(settings.duplicateProtectionProven ? checkProof(settings, canProtect, surroundings) : []),
  ]
}

function checkProof(
  settings: ManagerSettings,
  canProtect: boolean,
  { duplicateProofOf }: CheckSurroundings,
): Finding[] {
  if (!canProtect) return [at('duplicateProtectionProven', 'manager.profile-never-protects')]
  switch (duplicateProofOf(settings)) {
    case 'proven':
      return []
    case 'disproven':
      return [at('duplicateProtectionProven', 'conformance.disproven')]
    case 'unproven':
      return [at('duplicateProtectionProven', 'conformance.no-proof')]
  }
}

function checkTags({ batchTags }: ManagerSettings): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<string>()
  const ids = new Set<string>()
  for (const [index, { id, name, filter }] of batchTags.entries()) {
    const last = index === batchTags.length - 1
    if (ids.has(id)) findings.push(at(`batchTags.${index}`, 'manager.bad-value'))
    if (seen.has(name)) findings.push(at(`batchTags.${index}.name`, 'manager.tag-name-twice', { name }))
    seen.add(name)
    ids.add(id)
    if (isCatchAll(filter)) {
      if (!last) findings.push(at(`batchTags.${index}.filter`, 'manager.tag-takes-all', { name }, 'warning'))
      continue
    }
    findings.push(...checkFilter(`batchTags.${index}.filter`, filter, 'entitlement'))
    if (last) findings.push(at(`batchTags.${index}.filter`, 'grouping.no-catch-all'))
  }
  return findings
}

function checkFilter(path: string, text: string, record: 'entitlement' | 'batch'): Finding[] {
  if (isCatchAll(text)) return []
  const parsed = parse(text)
  const checked = parsed.ok ? check(parsed.domain, schemas[record]) : parsed
  if (checked.ok) return []
  const { code, params, offset, length } = checked.error
  return [{ ...at(path, code, params), offset, length }]
}

function checkPayeeAddress(settings: ManagerSettings): Finding[] {
  const fault = findAddressSettingsFault(settings)
  if (fault === undefined) return []
  const path = {
    'address.bad-suffix': 'payeeSuffix',
    'address.no-identity-type': 'regIdTypeForPayeeId',
    'mapper.no-settings': 'mapper',
  }[fault.code as string]
  return [at(path ?? 'payeePrefix', fault.code, fault.params)]
}

/** Where payees' accounts are asked for, while that is what the manager does. */
function checkMapper(settings: ManagerSettings, surroundings: CheckSurroundings): Finding[] {
  const { payeeIdType, mapper, paymentHub } = settings
  if (payeeIdType !== 'mapper' || mapper === undefined) return []
  const { authentication, signing, senderUri, certificateAuthority } = mapper
  const { training, findKeyType } = surroundings
  const inMapper = (path: string): string => `mapper.${path}`
  const findings: Finding[] = [
    ...checkUrl(inMapper('resolveUrl'), mapper.resolveUrl, training),
    ...(authentication.kind === 'oauth2'
      ? checkUrl(inMapper('authentication.tokenUrl'), authentication.tokenUrl, training)
      : []),
    ...(certificateAuthority.trim() === ''
      ? []
      : checkAuthority(certificateAuthority, inMapper('certificateAuthority'))),
  ]
  if (senderUri !== '' && !/^https?:/.test(senderUri)) findings.push(at(inMapper('senderUri'), 'manager.url-invalid'))
  // The hub's file names one kind of identifier for everybody: an account number would be paid as somebody's phone number.
  const isPhones = paymentHub?.payeeIdentifierType === 'MSISDN'
  if (settings.kind === 'payment-hub' && mapper.kinds.some((kind) => (kind === 'mobile') !== isPhones)) {
    findings.push(at(inMapper('kinds'), 'mapper.kind-not-paid'))
  }
  if (!isIdTemplate(mapper.idTemplate)) findings.push(at(inMapper('idTemplate'), 'mapper.bad-id-template'))
  for (const [index, strategy] of mapper.strategies.entries()) {
    if (findTemplate(strategy) === undefined)
      findings.push(at(inMapper(`strategies.${index}`), 'mapper.template-unusable'))
  }
  const seen = new Set<string>()
  for (const [index, { theirs }] of mapper.providers.entries()) {
    const code = theirs.trim().toLowerCase()
    if (seen.has(code)) findings.push(at(inMapper(`providers.${index}.theirs`), 'mapper.provider-twice'))
    seen.add(code)
  }
  if (authentication.kind === 'api-key' && RESERVED.test(authentication.header)) {
    findings.push(at(inMapper('authentication.header'), 'manager.header-reserved', { name: authentication.header }))
  }
  // Both would be the one header `Authorization`.
  if (signing.kind === 'authorization-jwt' && (authentication.kind === 'bearer' || authentication.kind === 'oauth2')) {
    findings.push(at(inMapper('authentication'), 'mapper.two-sign-ins'))
  }
  if (needsEnvelope(signing) && !mapperProfiles[mapper.profile].isEnvelope) {
    findings.push(at(inMapper('signing'), 'mapper.signing-unfit'))
  }
  if (signing.kind === 'none') {
    if (!training) findings.push(at(inMapper('signing'), 'mapper.unsigned', {}, 'warning'))
  } else {
    const type = findKeyType('signing', signing.keyId)
    const wanted = signing.kind === 'authorization-jwt' ? keyTypeFor({ ...signing, kind: 'jws' }) : keyTypeFor(signing)
    if (type === undefined) findings.push(at(inMapper('signing'), 'channel.no-signing-key'))
    else if (type !== wanted) findings.push(at(inMapper('signing'), 'channel.signing-key-unfit'))
  }
  if (signing.kind === 'http-sig-string' && /["|\\]/.test(mapper.senderId)) {
    findings.push(at(inMapper('senderId'), 'manager.bad-value'))
  }
  if (mapper.replySigning !== 'none' && mapper.receiverKey === null) {
    findings.push(at(inMapper('receiverKey'), 'manager.receiver-key-needed'))
  }
  if (mapper.receiverKey !== null && verificationKey(mapper.receiverKey) === undefined) {
    findings.push(at(inMapper('receiverKey'), 'manager.receiver-key-unusable'))
  }
  return findings
}

function checkNames({ payerAddress, senderId }: ManagerSettings): Finding[] {
  const payer = parseFinancialAddress(payerAddress)
  return [
    ...(senderId === '' ? [at('senderId', 'manager.value-needed')] : []),
    ...(payer.ok
      ? []
      : [
          payerAddress === ''
            ? at('payerAddress', 'manager.value-needed')
            : at('payerAddress', payer.error.code, payer.error.params),
        ]),
  ]
}

function checkSecurity(settings: ManagerSettings, { training, findKeyType }: CheckSurroundings): Finding[] {
  const { signing, receiverKey } = settings
  const findings: Finding[] = []
  if (signing.kind === 'placeholder' && !training && !signing.sandbox)
    findings.push(at('signing', 'channel.unsigned-outside-training'))
  if (signing.kind === 'placeholder' && !training && signing.sandbox) {
    findings.push(at('signing', 'manager.unsigned-sandbox', {}, 'warning'))
  }
  if (signing.kind !== 'placeholder') {
    const type = findKeyType('signing', signing.keyId)
    if (type === undefined) findings.push(at('signing', 'channel.no-signing-key'))
    else if (type !== keyTypeFor(signing)) findings.push(at('signing', 'channel.signing-key-unfit'))
  }
  // The sender's name stands within the signature string, between these marks.
  if (signing.kind === 'http-sig-string' && /["|\\]/.test(settings.senderId)) {
    findings.push(at('senderId', 'manager.bad-value'))
  }
  if (settings.replySigning !== 'none' && receiverKey === null && settings.receiverJwksUrl === '') {
    findings.push(at('replySigning', 'manager.receiver-key-needed'))
  }
  if (receiverKey !== null && verificationKey(receiverKey) === undefined) {
    findings.push(at('receiverKey', 'manager.receiver-key-unusable'))
  }
  findings.push(...checkEncryption(settings, findKeyType))
  return findings
}

function checkEncryption(
  { encryption, receiverJwksUrl }: ManagerSettings,
  findKeyType: CheckSurroundings['findKeyType'],
): Finding[] {
  if (encryption.kind === 'none') return []
  const { receiverKey, ownKeyId } = encryption
  const findings: Finding[] = []
  if (receiverKey === null ? receiverJwksUrl === '' : encryptionKey(receiverKey) === undefined) {
    findings.push(at('encryption.receiverKey', 'manager.encryption-key-unusable'))
  }
  if (ownKeyId !== '' && findKeyType('decryption', ownKeyId) === undefined) {
    findings.push(at('encryption.ownKeyId', 'manager.decryption-key-missing'))
  }
  return findings
}

function checkCertificates(
  { certificateAuthority, clientCertificate }: ManagerSettings,
  { hasClientCertificate }: CheckSurroundings,
): Finding[] {
  return [
    ...(clientCertificate !== '' && !hasClientCertificate(clientCertificate)
      ? [at('clientCertificate', 'channel.no-client-certificate')]
      : []),
    ...(certificateAuthority.trim() === '' ? [] : checkAuthority(certificateAuthority)),
  ]
}

function checkAuthority(text: string, path = 'certificateAuthority'): Finding[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (blocks === null) return [at(path, 'manager.certificate-unusable')]
  try {
    const ended = blocks
      .map((block) => new X509Certificate(block).validToDate)
      .find((end) => end.getTime() < Date.now())
    if (ended === undefined) return []
    return [at(path, 'manager.certificate-expired', { day: ended.toISOString().slice(0, 10) }, 'warning')]
  } catch {
    return [at(path, 'manager.certificate-unusable')]
  }
}

/** Written by HTTP or by the channel: a second one would change where a message goes, how long it is or who vouches for it. */
const RESERVED =
  /^(?:accept|accept-encoding|authorization|connection|content-.*|cookie|date|expect|host|keep-alive|proxy-.*|signature|te|trailer|transfer-encoding|upgrade)$/i

function checkHeaders({ extraHeaders, authentication }: ManagerSettings): Finding[] {
  const taken = new Set(authentication.kind === 'api-key' ? [authentication.header.toLowerCase()] : [])
  const findings =
    authentication.kind === 'api-key' && RESERVED.test(authentication.header)
      ? [at('authentication.header', 'manager.header-reserved', { name: authentication.header })]
      : []
  for (const [index, { name }] of extraHeaders.entries()) {
    const path = `extraHeaders.${index}.name`
    if (RESERVED.test(name)) findings.push(at(path, 'manager.header-reserved', { name }))
    if (taken.has(name.toLowerCase())) findings.push(at(path, 'manager.header-twice', { name }))
    taken.add(name.toLowerCase())
  }
  return findings
}

/** A code in this list opens a payment for a second attempt, so it must not say that the first was taken. */
function checkCodes({ profile, noMoneyMovedCodes }: ManagerSettings): Finding[] {
  const refusals = findProfile(profile)?.proven.noMoneyMovedCodes ?? []
  return noMoneyMovedCodes.flatMap((code, index) => {
    const path = `noMoneyMovedCodes.${index}`
    if (code.trim() === '') return [at(path, 'manager.bad-value')]
    if (saysReceived(code)) return [at(path, 'manager.code-means-received', { code })]
    return refusals.includes(code) ? [] : [at(path, 'manager.code-uncertain', { code }, 'warning')]
  })
}
