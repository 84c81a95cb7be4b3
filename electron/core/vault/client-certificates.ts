import { createPrivateKey, X509Certificate } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, putSecret } from './secrets.ts'

/** A certificate with which this office shows who it is when it connects (mutual TLS). Without its key. */
export interface ClientCertificateView {
  /** SHA-256 of the certificate, hexadecimal in lower case; what a payment manager names. */
  readonly fingerprint: string
  readonly subject: string
  readonly issuer: string
  /** Epoch milliseconds. */
  readonly validUntil: number
}

interface Identity {
  /** PEM: the certificate, then those that lead to its authority. */
  readonly certificate: string
  readonly key: string
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const PRIVATE_KEY = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[\s\S]*?-----END (?:RSA |EC )?PRIVATE KEY-----/

const viewOf = (leaf: X509Certificate): ClientCertificateView => ({
  fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
  subject: leaf.subject.replaceAll('\n', ', '),
  issuer: leaf.issuer.replaceAll('\n', ', '),
  validUntil: leaf.validToDate.getTime(),
})

/**
 * Reads a certificate with its private key, one after the other in PEM, in any order.
 *
 * @throws OfficeError `vault.client-certificate-unusable`
 */
export function readClientCertificate(text: string): Identity & ClientCertificateView {
  const certificates = text.match(CERTIFICATES) ?? []
  const key = PRIVATE_KEY.exec(text)?.[0] ?? ''
  const leaf = leafOf(certificates, key) ?? fail('vault.client-certificate-unusable')
  const others = certificates.filter((one) => new X509Certificate(one).fingerprint256 !== leaf.fingerprint256)
  return { certificate: [leaf.toString().trim(), ...others].join('\n'), key, ...viewOf(leaf) }
}

/** The certificate that the key belongs to. */
function leafOf(certificates: readonly string[], key: string): X509Certificate | undefined {
  try {
    const privateKey = createPrivateKey(key)
    return certificates.map((one) => new X509Certificate(one)).find((one) => one.checkPrivateKey(privateKey))
  } catch {
    // Not a key, or one with a password: the sentence says which form is taken.
    return undefined
  }
}

/**
 * Takes a certificate and its key into the vault; the key never comes out.
 *
 * @throws OfficeError `vault.client-certificate-unusable`, `vault.client-certificate-expired`
 */
export function importClientCertificate(store: Store, officerId: string, text: string): ClientCertificateView {
  const { certificate, key, ...view } = readClientCertificate(text)
  if (view.validUntil < Date.now()) {
    fail('vault.client-certificate-expired', { day: new Date(view.validUntil).toISOString().slice(0, 10) })
  }
  store.transaction(officerId, (transaction) => {
    putClientCertificate(transaction, view.fingerprint, { certificate, key })
    transaction.audit({
      action: 'vault.client-certificate-imported',
      subjectKind: 'client-certificate',
      subjectId: view.fingerprint,
    })
  })
  return view
}

export const putClientCertificate = (transaction: Transaction, fingerprint: string, identity: Identity): void =>
  putSecret(transaction, 'client-certificate', fingerprint, JSON.stringify(identity))

/** Certificate and key for a connection; only the core asks. */
export function findClientCertificate(store: Store, fingerprint: string): Identity | undefined {
  const text = findSecret(store, 'client-certificate', fingerprint)
  return text === undefined ? undefined : (JSON.parse(text) as Identity)
}

/** What is there, those that last longest first. */
export function listClientCertificates(store: Store): ClientCertificateView[] {
  const names = store.sql("SELECT name FROM secret WHERE kind = 'client-certificate'").pluck().all() as string[]
  return names
    .flatMap((name) => findClientCertificate(store, name.slice('client-certificate:'.length)) ?? [])
    .map(({ certificate }) => viewOf(new X509Certificate(certificate)))
    .sort((one, other) => other.validUntil - one.validUntil)
}
