import { afterEach, expect, test } from 'vitest'
import { importClientCertificate, readClientCertificate } from '../../../electron/core/vault/client-certificates.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

/* How an office shows who it is when it connects: a certificate (mutual TLS), a key in a header of its own. */

let scene: Scene
afterEach(() => scene.close())

const authority = makeCertificate({ name: 'Authority', for: [], isAuthority: true })
const server = makeCertificate({ name: 'payments.example.org', for: ['127.0.0.1'], signedBy: authority })
const office = makeCertificate({ name: 'office.example.org', for: [], signedBy: authority })
const stranger = makeCertificate({ name: 'office.example.org', for: [] })
const pemOf = ({ certificate, key }: { certificate: string; key: string }): string => `${key}\n${certificate}`
const fingerprintOf = (one: typeof office): string => readClientCertificate(pemOf(one)).fingerprint

const mutual = { tls: { certificate: server.certificate, key: server.key, clientAuthority: authority.certificate } }
const trusting = { certificateAuthority: authority.certificate }

const paidOnce = async (batchId: string, count: number): Promise<void> => {
  await until('all paid', () => statesOf(scene.office, batchId).paid === count)
  expect((await scene.ledger()).map(({ paidCount }) => paidCount)).toEqual(Array(count).fill(1))
}

test('a payment system that asks for a certificate is paid through with the one of the vault', async () => {
  scene = await Scene.open({ ...trusting, clientCertificate: fingerprintOf(office) }, {}, mutual)
  importClientCertificate(scene.office.store, 'administrator', pemOf(office))
  await paidOnce(await scene.send(3), 3)
})

test('without the certificate in the vault nothing leaves, and an officer is told', async () => {
  scene = await Scene.open({ ...trusting, clientCertificate: fingerprintOf(office) }, {}, mutual)
  const batchId = await scene.send(2)
  expect(await scene.attention(batchId)).toBe('channel.no-client-certificate')
  expect(await scene.ledger()).toEqual([])
})

test.each([
  ['none', ''],
  ['one of another authority', fingerprintOf(stranger)],
])('with %s nobody is let in and nobody is paid', async (_, clientCertificate) => {
  scene = await Scene.open({ ...trusting, clientCertificate }, { duplicateProtection: false }, mutual)
  importClientCertificate(scene.office.store, 'administrator', pemOf(stranger))
  const batchId = await scene.send(2)
  await until(
    'tried',
    () => scene.deliveries(batchId).some(({ outcome }) => outcome !== 'posting') || scene.job(batchId)?.fault != null,
  )
  expect(await scene.ledger()).toEqual([])
  expect(statesOf(scene.office, batchId).paid).toBeUndefined()
})

test('a key in a header of its own, and headers that the payment system wants', async () => {
  const wanted = { kind: 'api-key', header: 'X-Access-Token' } as const
  scene = await Scene.open(
    { authentication: wanted, extraHeaders: [{ name: 'X-Tenant', value: 'district-7' }] },
    {},
    { authentication: { ...wanted, key: 'the right key' } },
  )
  scene.keepSecret('manager-secret', 'manager', 'the right key')
  await paidOnce(await scene.send(2), 2)
})
