import { createPublicKey, type KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'
import { CompactSign, compactVerify } from 'jose'
import { type Officer, OfficerClaims, type PublicKey } from '../../../shared/model/officer.ts'
import { type PaymentManager, PaymentManagerClaims } from '../../../shared/model/payment-manager.ts'
import { type SignInProvider, SignInProviderClaims } from '../../../shared/model/sign-in-provider.ts'
import { type Connector, ConnectorClaims } from '../../../shared/model/tokenisation.ts'

/*
 * Officers, payment managers, connectors and sign-in providers carry an administrator's signature: a compact JWS (EdDSA) whose payload is the RFC 8785
 * form of the record without its signature and change marks. `typ` keeps one kind of record from passing as another.
 */
export type SignedKind =
  | 'officer'
  | 'payment-manager'
  | 'connector'
  | 'sign-in-provider'
  | 'decision'
  | 'changes-in-a-file'
  | 'release'
  | 'take-over'
  | 'absence'

const typeOf = (kind: SignedKind): string => `g2p-field-office.${kind}+jws`

/** @param signer id of the officer (or `trust-root`) whose key signs; becomes the `kid` */
export async function signClaims(kind: SignedKind, claims: unknown, signer: string, key: KeyObject): Promise<string> {
  return new CompactSign(new TextEncoder().encode(canonicalize(claims) as string))
    .setProtectedHeader({ alg: 'EdDSA', kid: signer, typ: typeOf(kind) })
    .sign(key)
}

/** Whether `jws` is this key's signature over exactly these claims. */
export async function isSignedBy(
  kind: SignedKind,
  claims: unknown,
  jws: string,
  signer: string,
  key: PublicKey,
): Promise<boolean> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, createPublicKey({ key, format: 'jwk' }), {
      algorithms: ['EdDSA'],
    })
    return (
      protectedHeader.kid === signer &&
      protectedHeader.typ === typeOf(kind) &&
      new TextDecoder().decode(payload) === canonicalize(claims)
    )
  } catch {
    // Whatever is wrong with the text, it is not this key's signature.
    return false
  }
}

/** Who claims to have signed, without any proof: tells which key to check against. */
export function findSigner(jws: string): string | undefined {
  const [header] = jws.split('.')
  try {
    const { kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString()) as { kid?: unknown }
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}

export const officerClaims = (officer: Omit<Officer, 'changedAt' | 'changedBy'>): OfficerClaims =>
  OfficerClaims.parse(officer)

export const paymentManagerClaims = (manager: Omit<PaymentManager, 'changedAt' | 'changedBy'>): PaymentManagerClaims =>
  PaymentManagerClaims.parse(manager)

export const connectorClaims = (connector: Omit<Connector, 'changedAt' | 'changedBy'>): ConnectorClaims =>
  ConnectorClaims.parse(connector)

export const providerClaims = (provider: Omit<SignInProvider, 'changedAt' | 'changedBy'>): SignInProviderClaims =>
  SignInProviderClaims.parse(provider)
