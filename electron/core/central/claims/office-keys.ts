import { generateKeyPairSync } from 'node:crypto'
import { EncryptionKey } from '../../../../shared/model/central.ts'
import { PublicKey } from '../../../../shared/model/officer.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import { findSecret, putSecret } from '../../vault/secrets.ts'

/** What others need to write to this office and to believe what it wrote. */
export interface OfficeKeys {
  readonly encryptionKey: EncryptionKey
  readonly signingKey: PublicKey
}

const KINDS = { encryption: 'x25519', signing: 'ed25519' } as const

/** The office's own keys, made when they are first asked for; the private halves lie in the vault as JWK (RFC 8037). */
export function officeKeys(store: Store): OfficeKeys {
  return {
    encryptionKey: EncryptionKey.parse(publicPart(store, 'encryption')),
    signingKey: PublicKey.parse(publicPart(store, 'signing')),
  }
}

function publicPart(store: Store, use: keyof typeof KINDS): { kty: unknown; crv: unknown; x: unknown } {
  const { kty, crv, x } = JSON.parse(findSecret(store, 'central-key', use) ?? makeKey(store, use)) as {
    kty: unknown
    crv: unknown
    x: unknown
  }
  return { kty, crv, x }
}

function makeKey(store: Store, use: keyof typeof KINDS): string {
  const pair = use === 'signing' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  const text = JSON.stringify(pair.privateKey.export({ format: 'jwk' }))
  store.transaction(OFFICE, (transaction) => {
    putSecret(transaction, 'central-key', use, text)
    transaction.audit({
      action: 'central.office-key-made',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { use },
    })
  })
  return text
}
