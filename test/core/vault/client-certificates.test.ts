import { expect, test } from 'vitest'
import { readClientCertificate } from '../../../electron/core/vault/client-certificates.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'

const authority = makeCertificate({ name: 'Authority', for: [], isAuthority: true })
const office = makeCertificate({ name: 'office.example.org', for: [], signedBy: authority })
const stranger = makeCertificate({ name: 'stranger.example.org', for: [] })

test('the certificate that the key belongs to is found, whatever order they stand in', () => {
  const { certificate, subject } = readClientCertificate(
    [authority.certificate, office.key, office.certificate].join('\n'),
  )
  expect(subject).toContain('office.example.org')
  // The own one comes first, as TLS wants it.
  expect(certificate.startsWith(office.certificate.trim())).toBe(true)
  expect(certificate).toContain(authority.certificate.trim())
})

test.each([
  ['no key', office.certificate],
  ['a key of another certificate', `${stranger.key}\n${office.certificate}`],
  ['no certificate', office.key],
  ['something else', 'hello'],
])('%s is not taken into the vault', (_, text) => {
  expect(() => readClientCertificate(text)).toThrow('vault.client-certificate-unusable')
})
