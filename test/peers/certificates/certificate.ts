import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/*
 * X.509 certificates for tests, written out in DER by hand, so that no test depends on a tool of the machine or on files
 * that expire (RFC 5280; ECDSA P-256 with SHA-256).
 */

export interface TestCertificate {
  readonly certificate: string
  readonly key: string
  readonly issuer: { readonly name: string; readonly key: KeyObject }
}

export interface CertificateWish {
  readonly name: string
  /** DNS names and IPv4 addresses. */
  readonly for: readonly string[]
  readonly validFrom?: Date
  readonly validTo?: Date
  readonly isAuthority?: boolean
  /** Signs it; without one it signs itself. */
  readonly signedBy?: TestCertificate
}

/** A certificate and its key in PEM. Valid from yesterday for thirty days unless told otherwise. */
export function makeCertificate(wish: CertificateWish): TestCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = wish.signedBy?.issuer ?? { name: wish.name, key: pair.privateKey }
  const day = 86_400_000
  const from = wish.validFrom ?? new Date(Date.now() - day)
  const to = wish.validTo ?? new Date(Date.now() + 30 * day)
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const names = wish.for.map((name) =>
    /^\d+(\.\d+){3}$/.test(name)
      ? der(0x87, Buffer.from(name.split('.').map(Number)))
      : der(0x82, Buffer.from(name, 'ascii')),
  )
  const extensions = [
    ...(names.length === 0 ? [] : [extension(0x11, sequence(...names))]),
    ...(wish.isAuthority === true ? [extension(0x13, sequence(der(0x01, Buffer.from([0xff]))))] : []),
  ]
  const serial = Buffer.from(crypto.getRandomValues(new Uint8Array(8)))
  serial[0] = 0x01
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(from), time(to)),
    distinguishedName(wish.name),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, issuer.key)
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    issuer: { name: wish.name, key: pair.privateKey },
  }
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, Math.floor(size / 0x100), size % 0x100]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const objectId = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes))

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name, 'utf8')))))
}

function time(moment: Date): Buffer {
  const digits = moment.toISOString().replace(/\D/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`, 'ascii'))
}

function extension(last: number, value: Buffer): Buffer {
  return sequence(objectId(0x55, 0x1d, last), der(0x04, value))
}
