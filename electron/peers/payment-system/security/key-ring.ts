import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Algorithm, PublicKey } from './security-options.ts'

/** A key of the payment system itself. */
export interface OwnKey {
  readonly privateKey: KeyObject
  readonly publicKey: PublicKey & { readonly alg: string }
}

/** The payment system's own keys. Each lies in a file (a private JWK), so that it stays the same over a restart. */
export interface KeyRing {
  /** The key that signs in this algorithm; made when it is first asked for. */
  signing(alg: Algorithm): OwnKey
  /** The key that messages are encrypted for. */
  encryption(): OwnKey
  /** All public halves in use (`/.well-known/jwks.json`). */
  published(): PublicKey[]
  /** Signing keys are replaced; the old ones are forgotten. */
  rotate(): void
}

type Purpose = Algorithm | 'RSA-OAEP-256'

function makePair(purpose: Purpose): KeyObject {
  if (purpose === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  if (purpose === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

export function openKeyRing(file: string): KeyRing {
  const held = new Map<Purpose, OwnKey>()
  const fileOf = (purpose: Purpose): string => (purpose === 'EdDSA' ? file : `${file}-${purpose}`)

  const make = (purpose: Purpose): void => {
    const jwk = { ...makePair(purpose).export({ format: 'jwk' }), kid: randomUUID() }
    writeFileSync(fileOf(purpose), JSON.stringify(jwk), { mode: 0o600 })
  }
  const open = (purpose: Purpose): OwnKey => {
    const known = held.get(purpose)
    if (known !== undefined) return known
    if (!existsSync(fileOf(purpose))) make(purpose)
    const { kty, crv, x, y, n, e, kid, ...secret } = JSON.parse(readFileSync(fileOf(purpose), 'utf8'))
    const use = purpose === 'RSA-OAEP-256' ? 'enc' : 'sig'
    const own: OwnKey = {
      privateKey: createPrivateKey({ key: { kty, crv, x, y, n, e, ...secret }, format: 'jwk' }),
      publicKey: {
        kty,
        kid,
        use,
        alg: purpose,
        ...(kty === 'RSA' ? { n, e } : { crv, x }),
        ...(kty === 'EC' ? { y } : {}),
      },
    }
    held.set(purpose, own)
    return own
  }
  return {
    signing: open,
    encryption: () => open('RSA-OAEP-256'),
    published: () => [...held.values()].map(({ publicKey }) => publicKey),
    rotate() {
      for (const purpose of [...held.keys()].filter((one) => one !== 'RSA-OAEP-256')) {
        held.delete(purpose)
        make(purpose)
        open(purpose)
      }
    },
  }
}
