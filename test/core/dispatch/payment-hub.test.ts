import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { type PaymentHubPeer, startPaymentHubPeer } from '../../../electron/peers/payment-hub/start-payment-hub-peer.ts'
import { Behaviour, type ScriptedFault } from '../../../electron/peers/payment-system/behaviour.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import { paymentHubErrors } from '../../../shared/contract/errors/payment-hub.ts'
import type { PaymentHubSettings } from '../../../shared/model/payment-hub.ts'
import { hubSettings } from '../../shared/rules/payment-hub/hub-settings.ts'
import { type ManagerSettings, putManager } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

type HubScene = Scene<keyof PaymentHubPeer['urls']>

interface Wish {
  readonly hub?: Partial<PaymentHubSettings>
  readonly manager?: ManagerSettings
  readonly behaviour?: Partial<Omit<Behaviour, 'hub'>> & { readonly hub?: Partial<Behaviour['hub']> }
  readonly options?: Partial<PeerOptionsInput>
}

const { hub: naturalHub } = Behaviour.parse({})

/** An office beside a Payment Hub that pays decimals and protects nobody, unless it is wished otherwise. */
async function beside({ hub = {}, manager = {}, behaviour = {}, options = {} }: Wish = {}): Promise<HubScene> {
  const scene = await Scene.beside(
    startPaymentHubPeer,
    ({ urls }) => ({
      kind: 'payment-hub',
      profile: 'payment-hub',
      paymentEndpointUrl: urls.upload,
      statusEndpointUrl: urls.operations,
      payerAddress: 'MSISDN:251911000001',
      paymentHub: hubSettings({ amounts: 'decimals', ...hub }),
      ...manager,
    }),
    {
      ...options,
      behaviour: {
        duplicateProtection: false,
        ...behaviour,
        hub: { ...naturalHub, wholeAmounts: false, ...behaviour.hub },
      },
    },
  )
  close = () => scene.close()
  return scene
}

const outcome = (rejected: Record<string, number> = {}, paidAfter: [number, number] = [0, 0]) => ({
  profile: { paidAfter, rejected, late: { share: 0, after: 0 }, reversed: { share: 0, after: 0 } },
})

const dropped = (when: 'before-accepting' | 'after-accepting' | 'mid-reply'): ScriptedFault => ({
  on: 'disburse',
  times: 1,
  fault: { do: 'drop', when },
})

const paidOnce = async (scene: HubScene): Promise<boolean> =>
  (await scene.ledger()).every(({ paidCount }) => paidCount === 1)

describe('a batch through Payment Hub', () => {
  test('each part is a file, and every payment is paid by its own row', async () => {
    const scene = await beside({ behaviour: { hub: { bothLegs: true } } })
    const batchId = await scene.send(12)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 12)
    const ledger = await scene.ledger()
    expect(ledger.map(({ referenceId }) => referenceId).sort()).toEqual(
      paymentsOf(scene.office, batchId)
        .map(({ id }) => id)
        .sort(),
    )
    expect(ledger.map(({ paidHundredths }) => paidHundredths).sort()).toEqual(
      paymentsOf(scene.office, batchId)
        .map(({ amount }) => amount)
        .sort(),
    )
    // Three files of five, five and two.
    expect((await scene.peer.summary()).traffic.disburse).toBe(3)
    expect(paymentsOf(scene.office, batchId).every(({ theirReference }) => theirReference.startsWith('tx-'))).toBe(true)
  })

  test('signed with the tenant’s key, and refused whole with another one', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const scene = await beside({
      hub: { signing: { kind: 'x-signature', keyId: 'tenant' } },
      options: {
        signatures: {
          required: true,
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'tenant', kty: 'RSA' }],
        },
      },
    })
    scene.keepSecret('signing-key', 'tenant', privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
    const good = await scene.send(3)
    await until('all are paid', () => statesOf(scene.office, good).paid === 3)
    scene.keepSecret('signing-key', 'tenant', stranger.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
    const bad = await scene.send(3, 'two', 3)
    expect(await scene.attention(bad)).toBe('dispatch.refused')
    expect(scene.job(bad)?.fault?.params).toEqual({ code: 'phee.InvalidJsonWebSignature' })
    expect(statesOf(scene.office, bad)).toEqual({ queued: 3 })
  })

  test('equal payments to one payee are both paid, in files of their own', async () => {
    const scene = await beside()
    const batchId = await scene.send(4, 'one', 0, [], {
      amounts: [10_000, 10_000, 10_000, 20_000],
      addresses: Array(4).fill('phone:+251911000009'),
    })
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 4)
    expect((await scene.peer.summary()).traffic.disburse).toBe(3)
  })

  test('commas and quotes in names change nothing', async () => {
    const scene = await beside()
    const batchId = await scene.send(2, 'one', 0, ['Abebe, "the elder"', "O'Brien\\, 5"])
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('a thousand rows leave in files of at most 100,000 bytes', async () => {
    const scene = await beside({ manager: { partSize: 1_000 } })
    const batchId = await scene.send(1_000)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 1_000, 60_000)
    expect((await scene.peer.summary()).traffic.disburse).toBe(2)
    expect(await paidOnce(scene)).toBe(true)
  }, 90_000)

  test('a file that is too large there goes in halves', async () => {
    const scene = await beside({ behaviour: { hub: { fileLimit: 600 } } })
    const batchId = await scene.send(5)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 5)
    expect(await paidOnce(scene)).toBe(true)
    expect(scene.deliveries(batchId).some(({ outcome: end }) => end === 'too-large')).toBe(true)
  })

  test('a failure is shown in words, in whatever shape the hub wrote its code, and proves nothing about the money', async () => {
    const scene = await beside({ options: outcome({ '3204': 1 }) })
    const batchId = await scene.send(6)
    await until('all failed', () => statesOf(scene.office, batchId).rejected === 6)
    for (const { reasonCode } of paymentsOf(scene.office, batchId)) {
      expect(reasonCode).toBe('ml.3204')
      expect(Object.keys(paymentHubErrors)).toContain(reasonCode)
    }
    expect(scene.office.store.get('paymentManager', scene.world.managerId).noMoneyMovedCodes).toEqual([])
  })

  test('a code that nobody knows keeps its kind, and stands beside its words', async () => {
    const scene = await beside({ options: outcome({ '5999': 1 }) })
    const batchId = await scene.send(3)
    await until('all failed', () => statesOf(scene.office, batchId).rejected === 3)
    expect(paymentsOf(scene.office, batchId)[0]).toMatchObject({
      reasonCode: 'ml.5',
      reasonText: expect.stringMatching(/^5999 /),
    })
  })

  test('a batch that its figures call complete or failed is neither before its rows are', async () => {
    const scene = await beside({ behaviour: { hub: { rowsAfter: 600 } }, options: outcome({}, [900, 900]) })
    const batchId = await scene.send(3)
    await until('it was asked', async () => (await scene.peer.summary()).traffic.status > 3)
    expect(statesOf(scene.office, batchId)).toEqual({ acknowledged: 3 })
    const claimed = (await fetch(`${scene.peer.urls.batches}?limit=1`, { headers: { 'platform-tenantid': 'x' } }).then(
      (answer) => answer.json(),
    )) as { data: { status: string }[] }
    expect(claimed.data[0]?.status).toMatch(/^(?:COMPLETED|Failed)$/)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 3)
  })

  test('a payment that never ends comes under review after the stall limit, and not before', async () => {
    // A minute is forty milliseconds here.
    const scene = await beside({ hub: { stallLimit: 20 }, options: outcome({ exception: 1 }) })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.in-review')
    expect(paymentsOf(scene.office, batchId)[0]).toMatchObject({ state: 'review', reasonCode: 'payment.stalled' })
  })

  test.each(['wrong-amount', 'wrong-payee', 'wrong-currency'] as const)(
    'a paid row with the %s settles nothing',
    async (as) => {
      const scene = await beside({
        options: { rules: [{ on: 'status', probability: 1, fault: { do: 'misreport', as, share: 1 } }] },
      })
      const batchId = await scene.send(2)
      await until('both are under review', () => statesOf(scene.office, batchId).review === 2)
      expect(paymentsOf(scene.office, batchId)[0]?.reasonCode).toBe('payment.mismatch')
    },
  )

  test('a payment that was paid and is called failed later comes under review', async () => {
    const scene = await beside()
    const batchId = await scene.send(2)
    await until('both are paid', () => statesOf(scene.office, batchId).paid === 2)
    await scene.script({ on: 'status', times: 50, fault: { do: 'misreport', as: 'contradiction', share: 1 } })
    await scene.office.dispatch.checkPayment(
      paymentsOf(scene.office, batchId)[0]?.id ?? '',
      new AbortController().signal,
    )
    await until('one is under review', () => (statesOf(scene.office, batchId).review ?? 0) > 0)
    expect(paymentsOf(scene.office, batchId).some(({ reasonCode }) => reasonCode === 'payment.contradiction')).toBe(
      true,
    )
  })

  test('rows that cannot be read, are missing or come twice settle nothing until they can be', async () => {
    const scene = await beside()
    await scene.script(
      { on: 'status', times: 4, fault: { do: 'misreport', as: 'unreadable', share: 1 } },
      { on: 'status', times: 4, fault: { do: 'misreport', as: 'absent', share: 1 } },
      { on: 'status', times: 50, fault: { do: 'misreport', as: 'twice', share: 1 } },
    )
    const batchId = await scene.send(7)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 7)
    expect(await paidOnce(scene)).toBe(true)
  })
})

describe('an answer that was lost', () => {
  test.each(['after-accepting', 'mid-reply'] as const)(
    'dropped %s: the batch is found by our own id of it, and nothing is sent again',
    async (when) => {
      const scene = await beside()
      await scene.script(dropped(when))
      const batchId = await scene.send(4)
      await until('all are paid', () => statesOf(scene.office, batchId).paid === 4)
      expect(await paidOnce(scene)).toBe(true)
      expect((await scene.peer.summary()).traffic.disburse).toBe(1)
    },
  )

  test('nothing of it is there: twice looked for, then an approver decides, and the same references leave', async () => {
    const scene = await beside()
    await scene.script(dropped('before-accepting'))
    const batchId = await scene.send(4)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    expect(await scene.ledger()).toEqual([])
    const references = paymentsOf(scene.office, batchId).map(({ id }) => id)
    scene.office.dispatch.approveResend(scene.world.approver.id, batchId, '1')
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 4)
    expect((await scene.ledger()).map(({ referenceId }) => referenceId).sort()).toEqual(references.sort())
    expect(await paidOnce(scene)).toBe(true)
  })

  test('a flag that calls the hub safe does not make it so', async () => {
    const scene = await beside({ manager: { duplicateProtectionProven: true } })
    await scene.script(dropped('before-accepting'))
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
  })

  /** The answer to the first file is lost, its batch is listed only an hour later, and an approver has it sent again. */
  const sendTwice = async (scene: HubScene, duplicateProtection: boolean): Promise<string> => {
    await scene.script(dropped('after-accepting'))
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    await scene.peer.order({ behaviour: { duplicateProtection, hub: { ...naturalHub, wholeAmounts: false } } })
    scene.office.dispatch.approveResend(scene.world.approver.id, batchId, '1')
    return batchId
  }
  const HOUR = 3_600_000

  test('a first file that turns up behind the second is two payments, and shown as such', async () => {
    const scene = await beside({ behaviour: { hub: { listedAfter: HOUR } } })
    const batchId = await sendTwice(scene, false)
    await until('the second is paid', () => statesOf(scene.office, batchId).paid === 2)
    await scene.peer.order({ advance: HOUR })
    await until('both are under review', () => statesOf(scene.office, batchId).review === 2)
    expect(paymentsOf(scene.office, batchId)[0]?.reasonCode).toBe('payment.mismatch')
  })

  test('rows that the channel behind the hub has had before are received, not failed', async () => {
    const scene = await beside({ behaviour: { duplicateProtection: true, hub: { listedAfter: HOUR } } })
    const batchId = await sendTwice(scene, true)
    await until('the second file is there', async () => (await scene.peer.summary()).traffic.disburse === 2)
    expect(statesOf(scene.office, batchId).rejected).toBeUndefined()
    await scene.peer.order({ advance: HOUR })
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 2)
    expect(await paidOnce(scene)).toBe(true)
  })

  test('killed in the middle of an upload, the office looks before it does anything', async () => {
    const scene = await beside({ options: outcome({}, [200, 200]) })
    await scene.script({ on: 'disburse', times: 1, fault: { do: 'answer-late', after: 1_500 } })
    const batchId = await scene.send(3)
    await until('it arrived', async () => (await scene.ledger()).length === 3)
    await scene.restart()
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 3)
    expect((await scene.peer.summary()).traffic.disburse).toBe(1)
  })
})

describe('refusals', () => {
  test('one that Payment Hub is known to give before it takes anything leaves all waiting', async () => {
    const scene = await beside()
    await scene.script({
      on: 'disburse',
      times: 1,
      fault: { do: 'reject-message', code: 'FormatError', accepted: false },
    })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
  })

  test.each([
    { do: 'reject-message', code: 'PayeeNotFound', accepted: true },
    { do: 'http-error', status: 404, accepted: true, code: 'x', retryAfter: null },
    { do: 'http-error', status: 500, accepted: true, code: 'x', retryAfter: null },
    { do: 'malformed', form: 'html', accepted: true },
    { do: 'malformed', form: 'redirect', accepted: true },
  ] as const)('any other answer may come after the file was taken: $do $status$form$code', async (fault) => {
    const scene = await beside()
    await scene.script({ on: 'disburse', times: 1, fault })
    const batchId = await scene.send(2)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 2)
    expect((await scene.peer.summary()).traffic.disburse).toBe(1)
  })

  test('"transaction exists" says that it was received', async () => {
    const scene = await beside()
    await scene.script({
      on: 'disburse',
      times: 1,
      fault: { do: 'reject-message', code: 'TransactionExists', accepted: true },
    })
    const batchId = await scene.send(2)
    await until('both are under review', () => statesOf(scene.office, batchId).review === 2)
    expect(paymentsOf(scene.office, batchId)[0]?.reasonCode).toBe('phee.TransactionExists')
  })
})

describe('signing in', () => {
  const users = {
    kind: 'oauth2-password',
    clientId: 'client',
    clientSecret: 'hush',
    username: 'officer',
    password: 'sesame',
    expiresIn: 600,
  } as const
  const manager = (peer: Pick<PaymentHubPeer, 'urls'>): ManagerSettings => ({
    authentication: { kind: 'oauth2-password', tokenUrl: peer.urls.token, clientId: 'client', username: 'officer' },
  })

  test('with a user’s password; a token that has ended is fetched anew', async () => {
    const scene = await beside({ options: { authentication: users } })
    const { world, office } = scene
    const before = office.store.get('paymentManager', world.managerId)
    const { changedAt, changedBy, signature, ...settings } = before
    await putManager(office.store, world.root, { ...settings, ...manager(scene.peer) })
    scene.keepSecret('manager-secret', world.managerId, 'sesame')
    scene.keepSecret('manager-client-secret', world.managerId, 'hush')
    const first = await scene.send(2)
    await until('all are paid', () => statesOf(office, first).paid === 2)
    await scene.peer.order({ advance: 601_000 })
    const second = await scene.send(2, 'two', 2)
    await until('these too', () => statesOf(office, second).paid === 2)
    expect((await scene.peer.summary()).traffic.token).toBeGreaterThanOrEqual(2)
    expect(await paidOnce(scene)).toBe(true)
  })

  test('a wrong password is told, and nothing leaves', async () => {
    const scene = await beside({ options: { authentication: users } })
    const { changedAt, changedBy, signature, ...settings } = scene.office.store.get(
      'paymentManager',
      scene.world.managerId,
    )
    await putManager(scene.office.store, scene.world.root, { ...settings, ...manager(scene.peer) })
    scene.keepSecret('manager-secret', scene.world.managerId, 'wrong')
    const batchId = await scene.send(2)
    await until('it stumbled over the sign-in', () => scene.job(batchId)?.fault?.code === 'channel.sign-in-refused')
    expect(await scene.ledger()).toEqual([])
    expect((await scene.peer.summary()).traffic.disburse).toBe(0)
  })
})

test('the test of a connection sends no file', async () => {
  const scene = await beside()
  const manager = scene.office.store.get('paymentManager', scene.world.managerId)
  const wishes = { manager, sandbox: null, clockOffset: () => 0, signal: new AbortController().signal }
  const found = new Map<string, string>()
  for await (const { check, outcome: end } of scene.office.selfTestOf(manager)(wishes)) found.set(check, end)
  expect(Object.fromEntries(found)).toMatchObject({
    reach: 'good',
    'sign-in': 'good',
    reply: 'good',
    'errors-told': 'good',
    signature: 'doubt',
  })
  expect(found.has('sandbox-send')).toBe(false)
  expect(await scene.ledger()).toEqual([])
})
