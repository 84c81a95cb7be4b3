import { describe, expect, test } from 'vitest'
import type { Form } from '../../../../electron/peers/payment-system/security/security-options.ts'
import type { JwsAlgorithm, Signing } from '../../../../shared/model/message-security.ts'
import { type Receiver, receivers } from './receivers.ts'
import { wireKey } from './signing/wire-keys.ts'
import { WireScene } from './wire-scene.ts'

/*
 * Every receiver profile × signature × mode × encryption against a payment system that was written from the same
 * descriptions and shares no code with the office.
 */

const SIGN = 'office-sign'
const OPEN = 'office-open'
const keys = {
  EdDSA: wireKey('EdDSA', SIGN),
  ES256: wireKey('ES256', SIGN),
  RS256: wireKey('RS256', SIGN),
  PS256: wireKey('PS256', SIGN),
}
const opening = wireKey('RSA-OAEP-256', OPEN)

interface SignatureCase {
  readonly name: string
  readonly signing: Exclude<Signing, { kind: 'placeholder' }>
  readonly alg: JwsAlgorithm
  readonly form: Form
}

const signatures: readonly SignatureCase[] = [
  {
    name: 'signature string',
    signing: { kind: 'http-sig-string', keyId: SIGN, namespace: 'g2p', keyParameter: 'kidId', lifetime: 300 },
    alg: 'EdDSA',
    form: 'string',
  },
  ...(['EdDSA', 'ES256', 'PS256', 'RS256'] as const).flatMap((alg): SignatureCase[] => [
    { name: `compact JWS ${alg}`, signing: { kind: 'jws', keyId: SIGN, alg, lifetime: 300 }, alg, form: 'compact' },
    {
      name: `detached JWS ${alg}`,
      signing: { kind: 'detached-jws', keyId: SIGN, alg, lifetime: 300 },
      alg,
      form: 'detached',
    },
  ]),
  { name: 'raw RSA', signing: { kind: 'raw-rsa', keyId: SIGN }, alg: 'RS256', form: 'raw' },
]

const encryptions = [
  { name: 'in the clear', order: null },
  { name: 'signed, then encrypted', order: 'sign-then-encrypt' },
  { name: 'encrypted, then signed', order: 'encrypt-then-sign' },
] as const

const names = ['አበበ ቢቂላ ወርቅነህ', 'فاطمة الزهراء بنت عمر', 'សុខ សុភាព', 'Žofie Ñandú', '👩‍👧 \u2028"\\/\u007f']

const begin = (
  { signing, alg, form }: SignatureCase,
  order: (typeof encryptions)[number]['order'],
  mode: 'sync' | 'async',
  receiver?: Receiver,
) =>
  WireScene.open(
    { [SIGN]: keys[alg].pem, [OPEN]: opening.pem },
    {
      signatures: { required: true, keys: [keys[alg].jwk], form, replies: { form, alg } },
      encryption:
        order === null
          ? null
          : {
              required: true,
              signs: order === 'sign-then-encrypt' ? 'meant' : 'transmitted',
              repliesFor: opening.jwk,
            },
    },
    (keysUrl) => ({
      mode,
      signing,
      replySigning: signing.kind,
      receiverJwksUrl: keysUrl,
      encryption:
        order === null
          ? { kind: 'none' }
          : {
              kind: 'jwe',
              order,
              alg: 'RSA-OAEP-256',
              enc: 'A256GCM',
              receiverKey: null,
              receiverKeyId: '',
              ownKeyId: OPEN,
            },
    }),
    receiver,
  )

describe.each(signatures)('$name', (signature) => {
  describe.each(encryptions)('$name', ({ order }) => {
    test.each(
      receivers.flatMap((receiver) => receiver.modes.map((mode) => ({ name: receiver.profile.name, receiver, mode }))),
    )('$name $mode: paid once, told in verified words, whatever the script', async ({ receiver, mode }) => {
      const scene = await begin(signature, order, mode, receiver)
      const part = scene.part(names)
      const envelope = await scene.seal(part, names)
      // An encrypted body shows nothing of whom it pays; what was approved can be found again either way.
      expect(envelope.body.includes('Ñandú')).toBe(order === null)
      const content = envelope.message === '' ? JSON.parse(envelope.body).message : JSON.parse(envelope.message)
      expect(content).toEqual(part.message)
      const outcome = await scene.post(envelope, part)
      if (mode === 'async') expect(outcome.kind).toBe('acknowledged')
      else {
        expect(outcome).toMatchObject({ kind: 'answered' })
        expect('words' in outcome && outcome.words.every(({ verified }) => verified)).toBe(true)
      }
      // The very same bytes once more: known as the same message, paid once.
      if (receiver.paysOnce) expect((await scene.post(envelope, part)).kind).toBe('duplicate')
      expect(await scene.lookUp(part)).toMatchObject({
        kind: 'answered',
        absent: [],
        words: names.map(() => ({ status: 'succ', verified: true })),
      })
      const ledger = scene.peer.ledger.entries()
      expect(ledger.map(({ disbursement }) => disbursement.payee_name)).toEqual(names)
      expect(ledger.every(({ paidCount, paidHundredths }) => paidCount === 1 && paidHundredths === 10_000)).toBe(true)
    })
  })

  test('a request with another key under the same id is refused, and so is one that was changed', async () => {
    const scene = await begin(signature, null, 'sync')
    const part = scene.part(names)
    const envelope = await scene.seal(part)
    const changed = { ...envelope, body: envelope.body.replace('100.00', '900.00') }
    expect(await scene.post(changed, part)).toMatchObject({ kind: 'refused', code: 'err.signature.invalid' })
    const { alg } = signature
    const other = await WireScene.open(
      { [SIGN]: wireKey(alg, SIGN).pem },
      { signatures: { required: true, keys: [keys[alg].jwk], form: signature.form } },
      () => ({ mode: 'sync', signing: signature.signing }),
    )
    expect(await other.post(await other.seal(part), part)).toMatchObject({ kind: 'refused' })
    expect(scene.peer.ledger.entries().length + other.peer.ledger.entries().length).toBe(0)
  })

  test.each(['no-signature', 'wrong-signature'] as const)('a reply with %s settles nothing', async (form) => {
    const scene = await begin(signature, null, 'sync')
    const part = scene.part(names)
    const malformed = { do: 'malformed', form, accepted: true } as const
    scene.peer.faults.script([
      { on: 'disburse', fault: malformed, times: 1 },
      { on: 'status', fault: malformed, times: 1 },
    ])
    const fault = { code: 'channel.reply-not-signed' }
    expect(await scene.post(await scene.seal(part), part)).toMatchObject({ kind: 'unknown', fault })
    expect(await scene.lookUp(part)).toMatchObject({ kind: 'failed', fault })
  })
})

describe('published keys of a receiver', () => {
  const [, compact] = signatures as [SignatureCase, SignatureCase]
  const fetched = (scene: WireScene): number => scene.peer.traffic.keys

  test('are fetched once and kept; a rotated key is found when its id appears, at most once a minute', async () => {
    const scene = await begin(compact, null, 'sync')
    const part = scene.part(['One'])
    await scene.post(await scene.seal(part), part)
    for (let at = 0; at < 3; at += 1) expect(await scene.lookUp(part)).toMatchObject({ kind: 'answered' })
    expect(fetched(scene)).toBe(1)

    scene.peer.security.keys.rotate()
    expect(await scene.lookUp(part)).toMatchObject({ kind: 'failed', fault: { code: 'channel.reply-not-signed' } })
    expect(fetched(scene)).toBe(1)
    scene.ahead = 61_000
    expect(await scene.lookUp(part)).toMatchObject({ kind: 'answered', words: [{ verified: true }] })
    expect(fetched(scene)).toBe(2)
    scene.ahead = 62_000
    expect(await scene.lookUp(part)).toMatchObject({ kind: 'answered' })
    expect(fetched(scene)).toBe(2)
  })

  test('a message is not sealed while the key to encrypt it for cannot be had', async () => {
    const scene = await begin(compact, 'sign-then-encrypt', 'sync')
    const { signal } = new AbortController()
    const part = scene.part(['One'])
    const lost = { ...scene.manager, receiverJwksUrl: scene.manager.paymentEndpointUrl }
    expect(await scene.channel.seal(part, lost, '', signal)).toMatchObject({
      fault: { code: 'channel.keys-unreadable' },
    })
    const unnamed = { ...scene.manager, encryption: { ...scene.manager.encryption, receiverKeyId: 'other' } as never }
    expect(await scene.channel.seal(part, unnamed, '', signal)).toMatchObject({
      fault: { code: 'channel.no-encryption-key' },
    })
  })

  test('an encrypted reply for somebody else is not understood as anything', async () => {
    const scene = await begin(compact, 'encrypt-then-sign', 'sync')
    const part = scene.part(['One'])
    const deaf = { ...scene.manager, encryption: { ...scene.manager.encryption, ownKeyId: 'lost' } as never }
    const { signal } = new AbortController()
    const outcome = await scene.channel.post(await scene.seal(part), deaf, scene.asked(part), signal)
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'channel.reply-not-decrypted' } })
  })
})
