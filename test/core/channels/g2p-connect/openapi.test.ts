import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { G2PConnectChannel } from '../../../../electron/core/channels/g2p-connect/g2p-connect-channel.ts'
import type { HttpAnswer, HttpRequest } from '../../../../electron/core/http/exchange-types.ts'
import type { Http } from '../../../../electron/core/http/http.ts'
import type { Signing } from '../../../../shared/model/message-security.ts'
import { AmountsFormat, type PaymentManager, StatusBy } from '../../../../shared/model/payment-manager.ts'
import { missing, type Patch, Specification, specificationFiles } from './published-specification.ts'
import { type Receiver, receivers } from './receivers.ts'
import { wireKey } from './signing/wire-keys.ts'
import { managerOf, sentMessage, submissionOf } from './wire-scene.ts'

const overlay: Patch[] = JSON.parse(readFileSync(new URL('./openapi-overlay.json', import.meta.url), 'utf8'))
const key = wireKey('EdDSA', 'office')
const encryptionKey = wireKey('RSA-OAEP-256', 'theirs')

/** Keeps what would leave, and lets nothing leave. */
class Recorder {
  readonly requests: HttpRequest[] = []
  readonly channel = new G2PConnectChannel({
    http: { request: (request: HttpRequest) => this.#take(request) } as unknown as Http,
    now: () => Date.UTC(2026, 0, 31, 12),
    training: false,
    findSecret: () => undefined,
    findSigningKey: () => key.pem,
    findDecryptionKey: () => undefined,
    findClientCertificate: () => undefined,
    findCallbackAddress: () => undefined,
  })

  async #take(request: HttpRequest): Promise<HttpAnswer> {
    this.requests.push(request)
    return { outcome: 'never-sent', fault: { code: 'http.line-down', params: {} }, retryAt: null }
  }
}

const never = new AbortController().signal
const NUMBER = '1700000000000001'

/** Everything that a manager posts on a payment's way: path and body. */
async function requestsOf(manager: PaymentManager, names: readonly string[], amount: number) {
  const recorder = new Recorder()
  const { channel } = recorder
  const submission = submissionOf(names, manager, () => amount)
  const part = channel.message(submission, '1', manager, Date.UTC(2026, 0, 31))
  if (part === undefined) throw new Error('nobody is paid')
  const opening = channel.findOpening(manager)
  await opening?.(part, submission, never)
  const openedAs = opening === undefined ? '' : NUMBER
  const envelope = await channel.seal(part, manager, openedAs, never)
  if ('fault' in envelope) throw new Error(envelope.fault.code)
  const payments = submission.lines.map(({ paymentId: id, payeeAddress }, at) => ({
    id,
    currency: 'ETB',
    amount,
    payeeAddress,
    // The bridge is asked by its own numbers and, where one was lost, by the envelope.
    theirReference: at === 0 ? '' : `${NUMBER}${at}`,
  }))
  await channel.post(envelope, manager, payments, never)
  for (const asked of [payments.slice(0, 1), payments.slice(1)]) {
    if (asked.length === 0) continue
    for (const correlationId of ['', 'c-1']) {
      const message = { ...sentMessage(part), correlationId, openedAs }
      await channel.lookUp({ payments: asked, message }, manager, never)
    }
  }
  return recorder.requests.map(({ url, body }) => ({
    path: new URL(url).pathname,
    body: JSON.parse(String(body)) as unknown,
  }))
}

const signings: readonly Signing[] = [
  { kind: 'http-sig-string', keyId: 'office', namespace: 'g2p', keyParameter: 'kidId', lifetime: 300 },
  { kind: 'jws', keyId: 'office', alg: 'EdDSA', lifetime: 300 },
  { kind: 'detached-jws', keyId: 'office', alg: 'EdDSA', lifetime: 300 },
  { kind: 'placeholder', sandbox: true },
]

const settings = (receiver: Receiver) =>
  fc.record({
    mode: fc.constantFrom(...receiver.modes),
    signing: fc.constantFrom(...signings),
    amountsFormat: fc.constantFrom(...AmountsFormat.options),
    locale: fc.constantFrom('eng', 'amh', 'khm'),
    senderUri: fc.constantFrom('', 'https://office.example.org/callbacks/1'),
    receiverId: fc.constantFrom('', 'switch'),
    payerName: fc.constantFrom('', 'Ministry of Social Affairs'),
  })

const people = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 5 })
/** Minor units: up to 13 digits before the point. */
// Thirteen digits are the most that a receiver takes, in currencies without minor units too.
const amounts = fc.integer({ min: 1, max: 9_999_999_999_999 })

async function check(specification: Specification, manager: PaymentManager, names: readonly string[], amount: number) {
  const requests = await requestsOf(manager, names, amount)
  expect(requests.length).toBeGreaterThan(1)
  for (const { path, body } of requests)
    expect({ path, faults: specification.faults(path, body) }).toEqual({ path, faults: [] })
}

describe.each([
  { receiver: 'g2p-connect-1.0', file: specificationFiles.standard, patches: overlay },
  { receiver: 'openg2p-classic', file: specificationFiles.cashTransferBridge, patches: [] },
  { receiver: 'openg2p-bridge', file: specificationFiles.g2pBridge, patches: [] },
])('what is sent to $receiver', ({ receiver: name, file, patches }) => {
  const receiver = receivers.find(({ profile }) => profile.name === name)
  const reason = missing(file)

  test('fits the published OpenAPI', async ({ skip }) => {
    if (reason !== '') skip(reason)
    if (receiver === undefined) throw new Error(`no such receiver: ${name}`)
    const specification = new Specification(file, patches)
    const isStandard = name === 'g2p-connect-1.0'
    const choices = fc.record({
      common: settings(receiver),
      statusBy: isStandard ? fc.constantFrom(...StatusBy.options) : fc.constant('reference_id_list' as const),
      scheduledTimestamp: isStandard ? fc.constantFrom('always', 'never') : fc.constant('always' as const),
      isEncrypted: isStandard ? fc.boolean() : fc.constant(false),
    })
    await fc.assert(
      fc.asyncProperty(choices, people, amounts, async ({ common, isEncrypted, ...more }, names, amount) => {
        const encryption: PaymentManager['encryption'] = isEncrypted
          ? {
              kind: 'jwe',
              order: 'sign-then-encrypt',
              alg: 'RSA-OAEP-256',
              enc: 'A256GCM',
              receiverKey: { ...encryptionKey.jwk, alg: 'RSA-OAEP-256' },
              receiverKeyId: '',
              ownKeyId: '',
            }
          : { kind: 'none' }
        const manager = managerOf(receiver, 'https://switch.example.org', { ...common, ...more, encryption })
        // The sum of an envelope has to fit in as well.
        await check(specification, manager, names, Math.ceil(amount / names.length))
      }),
      { numRuns: 100 },
    )
  })
})

test('without the overlay no disbursement is valid: it is still needed', ({ skip }) => {
  const reason = missing(specificationFiles.standard)
  if (reason !== '') skip(reason)
  for (const left of overlay) expect(left.because).toMatch(/\w.*\.$/)
  const body = {
    header: { message_id: 'm', message_ts: '2026-01-31T12:00:00Z', action: 'disburse', sender_id: 's', total_count: 1 },
  }
  const item = { reference_id: 'r', payer_fa: 'a:1@b', payee_fa: 'a:2@b', amount: '1.00' }
  const message = { transaction_id: 't', disbursements: [item] }
  const file = specificationFiles.standard
  expect(new Specification(file).faults('/disburse', { ...body, message })).not.toEqual([])
  expect(new Specification(file, overlay).faults('/disburse', { ...body, message })).toEqual([])
  const wrong = { ...message, disbursements: [{ ...item, amount: '1' }] }
  expect(new Specification(file, overlay).faults('/disburse', { ...body, message: wrong })).not.toEqual([])
})
