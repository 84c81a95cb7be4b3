import { afterEach, describe, expect, test } from 'vitest'
import { profileOf } from '../../../electron/core/channels/g2p-connect/profiles/profiles.ts'
import { startOpenG2PBridgePeer } from '../../../electron/peers/openg2p-bridge/start-openg2p-bridge-peer.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { ManagerSettings } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

const held = <S extends { close(): Promise<void> }>(scene: S): S => {
  close = () => scene.close()
  return scene
}

const bridge = async (options: Partial<PeerOptionsInput> = {}, settings: ManagerSettings = {}) =>
  held(
    await Scene.beside(
      startOpenG2PBridgePeer,
      ({ urls }) => ({
        profile: 'openg2p-bridge',
        ...profileOf({ profile: 'openg2p-bridge' }).suggested,
        paymentEndpointUrl: urls.disburse,
        statusEndpointUrl: urls.status,
        envelopeUrl: urls.envelope,
        envelopeStatusUrl: urls.envelopeStatus,
        ...settings,
      }),
      options,
    ),
  )

describe('the OpenG2P G2P Bridge', () => {
  test('an envelope for each part, then its disbursements; paid once the statement shows a remittance', async () => {
    const scene = await bridge()
    const batchId = await scene.send(12)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 12)
    const { traffic } = await scene.peer.summary()
    // Three parts of five, five and two.
    expect(traffic.open).toBe(3)
    const ledger = await scene.ledger()
    expect(ledger.map(({ paidHundredths }) => paidHundredths).sort()).toEqual(
      paymentsOf(scene.office, batchId)
        .map(({ amount }) => amount)
        .sort(),
    )
    expect(paymentsOf(scene.office, batchId).every(({ theirReference }) => /^\d{20,}$/.test(theirReference))).toBe(true)
  })

  test('money that came back is shown as reversed, with the references of the statement', async () => {
    const scene = await bridge({
      profile: { paidAfter: [0, 0], rejected: {}, late: { share: 0, after: 0 }, reversed: { share: 1, after: 0 } },
    })
    const batchId = await scene.send(3)
    await until('all came back', () => statesOf(scene.office, batchId).reversed === 3)
    expect(paymentsOf(scene.office, batchId)[0]?.reasonText).toMatch(/^reversal ST-.* rjct\.payment\.reversed$/)
  })

  test('an error on the statement is for people to look at', async () => {
    const scene = await bridge({
      profile: {
        paidAfter: [0, 0],
        rejected: { NO_MATCH: 1 },
        late: { share: 0, after: 0 },
        reversed: { share: 0, after: 0 },
      },
    })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.in-review')
    expect(paymentsOf(scene.office, batchId)[0]).toMatchObject({
      state: 'review',
      reasonCode: 'payment.bank-error',
      reasonText: expect.stringMatching(/^NO_MATCH bank BANK-1/),
    })
  })

  test('an answer that was lost leaves nothing to ask by: the envelope tells that they came, people the rest', async () => {
    const scene = await bridge()
    await scene.script({ on: 'disburse', times: 1, fault: { do: 'drop', when: 'after-accepting' } })
    const batchId = await scene.send(4)
    expect(await scene.attention(batchId)).toBe('dispatch.in-review')
    expect(statesOf(scene.office, batchId)).toEqual({ review: 4 })
    expect(paymentsOf(scene.office, batchId)[0]?.reasonCode).toBe('payment.undecidable')
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })

  test('a message that never came in is sent again into the same envelope, once an approver says so', async () => {
    const scene = await bridge({ behaviour: { duplicateProtection: false } })
    await scene.script({ on: 'disburse', times: 1, fault: { do: 'drop', when: 'before-accepting' } })
    const batchId = await scene.send(4)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    scene.office.dispatch.approveResend(scene.world.secondApprover.id, batchId, '1')
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 4)
    expect((await scene.peer.summary()).traffic.open).toBe(1)
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })

  test('nothing is sent while no envelope can be made', async () => {
    const scene = await bridge()
    const busy = { status: 503, accepted: false, code: 'err.service.unavailable', retryAfter: null }
    await scene.script({ on: 'open', times: 2, fault: { do: 'http-error', ...busy } })
    const batchId = await scene.send(4)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 4)
    expect(scene.deliveries(batchId).map(({ outcome }) => outcome)).toEqual(['posting', 'answered'])
  })

  test('a list with a wrong item is refused whole, and says which', async () => {
    const scene = await bridge()
    const fault = {
      do: 'reject-items',
      status: 'rjct',
      code: 'INVALID_BENEFICIARY_ID',
      share: 1,
      paidAnyway: false,
    } as const
    await scene.script({ on: 'disburse', times: 1, fault })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect(scene.job(batchId)?.fault?.params).toEqual({ code: 'INVALID_DISBURSEMENT_PAYLOAD' })
    expect(await scene.ledger()).toEqual([])
  })

  test('"too many requests" slows the look-ups down here too', async () => {
    const scene = await bridge()
    const busy = { do: 'http-error', status: 429, accepted: false, code: 'err.request.too_many_requests' } as const
    await scene.script({ on: 'status', times: 2, fault: { ...busy, retryAfter: null } })
    const batchId = await scene.send(2)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 2)
    expect((await scene.peer.summary()).traffic.status).toBe(3)
  })
})

describe('a receiver built for the Odoo module', () => {
  const classic = async (settings: { lost?: number; failing?: number }, options: Partial<PeerOptionsInput> = {}) =>
    held(
      await Scene.open(
        { profile: 'openg2p-classic', ...profileOf({ profile: 'openg2p-classic' }).suggested },
        {
          duplicateProtection: false,
          statusShape: 'list-with-nulls',
          classic: { storedAfter: 0, lost: 0, failing: 0, ...settings },
        },
        options,
      ),
    )

  test('what it called received and then lost is found missing, and waits for an approver', async () => {
    const scene = await classic({ lost: 1 })
    const batchId = await scene.send(3)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    expect(statesOf(scene.office, batchId)).toEqual({ unknown: 3 })
  })

  test('its `fail` is no end: the payment stays open until it is paid', async () => {
    const scene = await classic(
      { failing: 1 },
      {
        profile: {
          paidAfter: [400, 400],
          rejected: {},
          late: { share: 0, after: 0 },
          reversed: { share: 0, after: 0 },
        },
      },
    )
    const batchId = await scene.send(3)
    await until('it heard `fail`', () =>
      paymentsOf(scene.office, batchId).some(({ reasonCode }) => reasonCode === 'fail'),
    )
    expect(statesOf(scene.office, batchId).rejected).toBeUndefined()
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 3)
  })

  test('asked by transaction it breaks down, which settles nothing', async () => {
    const scene = held(
      await Scene.open(
        {
          profile: 'openg2p-classic',
          ...profileOf({ profile: 'openg2p-classic' }).suggested,
          statusBy: 'transaction_id',
        },
        { duplicateProtection: false, classic: { storedAfter: 0, lost: 0, failing: 0 } },
      ),
    )
    const batchId = await scene.send(2)
    await until('it was asked', async () => (await scene.peer.summary()).traffic.status > 1)
    expect(statesOf(scene.office, batchId)).toEqual({ acknowledged: 2 })
  })
})

describe('a question by message', () => {
  test.each(['transaction_id', 'correlation_id'] as const)('by %s settles every payment of it', async (statusBy) => {
    const scene = held(await Scene.open({ mode: 'async', statusBy }))
    const batchId = await scene.send(12)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 12)
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })

  test('falls back to the transaction where the answer with the correlation was lost', async () => {
    const scene = held(await Scene.open({ mode: 'async', statusBy: 'correlation_id' }))
    await scene.script({ on: 'disburse', times: 1, fault: { do: 'drop', when: 'after-accepting' } })
    const batchId = await scene.send(3)
    await until('all are paid', () => statesOf(scene.office, batchId).paid === 3)
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })
})
