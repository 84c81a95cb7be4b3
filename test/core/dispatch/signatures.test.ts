import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { publicJwk } from '../../../electron/core/vault/signing-keys.ts'
import type { Behaviour, ScriptedFault } from '../../../electron/peers/payment-system/behaviour.ts'
import type { ManagerSettings } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

const KEY = 'office-key'
const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey

/** The payment system knows `known`; the office signs with `used`, and verifies replies. */
async function begin(
  { known, used }: { known: KeyObject; used: KeyObject },
  settings: ManagerSettings = {},
  behaviour: Partial<Behaviour> = {},
): Promise<void> {
  scene = await Scene.open(
    ({ publicKey: { kty, crv, x, kid } }) => ({
      signing: { kind: 'jws', keyId: KEY, alg: 'EdDSA', lifetime: 600 },
      replySigning: 'jws',
      receiverKey: { kty, crv, x, kid, alg: 'EdDSA' },
      ...settings,
    }),
    behaviour,
    { signatures: { required: true, keys: [{ ...publicJwk(known), crv: 'Ed25519', kty: 'OKP', kid: KEY }] } },
  )
  scene.keepSecret('signing-key', KEY, used.export({ format: 'pem', type: 'pkcs8' }).toString())
}

const NAMES = ['አበበ ቢቂላ ወርቅነህ', 'فاطمة الزهراء بنت عمر', 'សុខ សុភាព', 'Žofie Ñandú-O’Brien', '👩‍👧 \u0000\u2028"\\/']

describe('requests signed with a key of the vault', () => {
  test.each(['sync', 'async'] as const)('are accepted, whatever script names are written in (%s)', async (mode) => {
    const key = newKey()
    await begin({ known: key, used: key }, { mode })
    const batchId = await scene.send(NAMES.length, 'names', 0, NAMES)
    await until('all paid', () => statesOf(scene.office, batchId).paid === NAMES.length)
    const ledger = await scene.ledger()
    expect(ledger.map(({ disbursement }) => disbursement.payee_name).sort()).toEqual([...NAMES].sort())
    expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
  })

  test('are refused when made with another key: nothing is taken, an officer sees why', async () => {
    await begin({ known: newKey(), used: newKey() }, { mode: 'async' })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(scene.job(batchId)?.fault?.params).toEqual({ code: 'err.signature.invalid' })
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect((await scene.ledger()).length).toBe(0)
  })

  test('are not made without a key', async () => {
    const key = newKey()
    await begin({ known: key, used: key }, { signing: { kind: 'jws', keyId: 'lost-key', alg: 'EdDSA', lifetime: 600 } })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('channel.no-signing-key')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect(scene.deliveries(batchId)).toEqual([])
  })
})

describe('replies that have to be signed', () => {
  const unsigned = (on: 'disburse' | 'status', form: 'no-signature' | 'wrong-signature', times: number) =>
    ({ on, fault: { do: 'malformed', form, accepted: true }, times }) satisfies ScriptedFault

  test.each(['no-signature', 'wrong-signature'] as const)('settle nothing with %s', async (form) => {
    const key = newKey()
    await begin({ known: key, used: key }, {}, { duplicateProtection: false })
    await scene.script(unsigned('disburse', form, 1), unsigned('status', form, 6))
    const batchId = await scene.send(3)
    await until('a look-up was not believed', () => scene.job(batchId)?.fault?.code === 'channel.reply-not-signed')
    // The payment system has paid; nobody who can prove to be it has said so.
    expect(statesOf(scene.office, batchId)).toEqual({ unknown: 3 })
    expect(scene.office.store.sql('SELECT count(*) FROM absence').pluck().get()).toBe(0)
    await until('paid once it signs', () => statesOf(scene.office, batchId).paid === 3)
    expect((await scene.ledger()).every(({ deliveries }) => deliveries === 1)).toBe(true)
  })

  test('settle nothing when another key signed them', async () => {
    const key = newKey()
    const { kty, crv, x } = publicJwk(newKey())
    await begin({ known: key, used: key }, { receiverKey: { kty, crv, x, alg: 'EdDSA' } })
    const batchId = await scene.send(2)
    await until('a look-up was not believed', () => scene.job(batchId)?.fault?.code === 'channel.reply-not-signed')
    expect(statesOf(scene.office, batchId)).toEqual({ unknown: 2 })
  })
})
