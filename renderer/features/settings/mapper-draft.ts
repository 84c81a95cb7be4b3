import type { MapperProfileName, MapperSettings, MapperSigning } from '../../../shared/model/mapper.ts'
import { USUAL_LIFETIME } from '../../../shared/model/message-security.ts'
import { usualMapper } from '../../../shared/rules/mapper/defaults.ts'
import { algorithmsOf, type KeyChoice } from './signing-choices.ts'

export const mapperSigningKinds = ['none', 'http-sig-string', 'jws', 'detached-jws', 'authorization-jwt'] as const

/** What a new manager's mapper begins with. */
export const newMapper = (profile: MapperProfileName = 'g2p-connect-1.0'): MapperSettings => ({
  profile,
  resolveUrl: '',
  senderId: '',
  senderUri: '',
  receiverId: '',
  idType: '',
  idTemplate: usualMapper[profile].idTemplate,
  strategies: [...usualMapper[profile].strategies],
  addressTypes: { bank: 'account_no', mobile: 'phone', email: 'email' },
  kinds: ['bank', 'mobile', 'email'],
  providers: [],
  onlyListedProviders: false,
  questionSize: 500,
  apiTimeout: 20,
  authentication: { kind: 'none' },
  signing: { kind: 'none' },
  replySigning: 'none',
  receiverKey: null,
  certificateAuthority: '',
})

/** Another generation; what was as the old one suggests becomes what the new one does. */
export function withProfile(mapper: MapperSettings, profile: MapperProfileName): MapperSettings {
  const [old, next] = [usualMapper[mapper.profile], usualMapper[profile]]
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
  return {
    ...mapper,
    profile,
    idTemplate: mapper.idTemplate === old.idTemplate ? next.idTemplate : mapper.idTemplate,
    strategies: same(mapper.strategies, old.strategies) ? [...next.strategies] : mapper.strategies,
  }
}

/** Keys that can sign in a form. */
export function mapperKeys(kind: MapperSigning['kind'], keys: readonly KeyChoice[]): KeyChoice[] {
  const signing = keys.filter(({ purpose }) => purpose === 'signing')
  return kind === 'http-sig-string' ? signing.filter(({ type }) => type === 'ed25519') : signing
}

/** Another way to sign, with a key that fits it; issuer and audience begin as the names of the two sides. */
export function mapperSigningOf(
  kind: MapperSigning['kind'],
  { senderId, receiverId }: Pick<MapperSettings, 'senderId' | 'receiverId'>,
  keys: readonly KeyChoice[],
): MapperSigning {
  if (kind === 'none') return { kind }
  const [key] = mapperKeys(kind, keys)
  const keyId = key?.keyId ?? ''
  const lifetime = USUAL_LIFETIME
  if (kind === 'http-sig-string') return { kind, keyId, namespace: 'g2p', keyParameter: 'kidId', lifetime }
  const alg = algorithmsOf(key?.type)[0] ?? 'EdDSA'
  return kind === 'authorization-jwt'
    ? { kind, keyId, alg, lifetime, issuer: senderId, audience: receiverId }
    : { kind, keyId, alg, lifetime }
}

/** A table of providers as text: one a line, `theirs = ours`. */
export const providersText = (providers: MapperSettings['providers']): string =>
  providers.map(({ theirs, ours }) => `${theirs} = ${ours}`).join('\n')

/** Lines without an equals sign stand for the same code on both sides. */
export const providersOf = (text: string): MapperSettings['providers'] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf('=')
      const theirs = (at < 0 ? line : line.slice(0, at)).trim()
      return { theirs, ours: at < 0 ? theirs : line.slice(at + 1).trim() }
    })
