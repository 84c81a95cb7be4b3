import { afterEach, describe, expect, test } from 'vitest'
import { codeOf } from '../../code-of.ts'
import { addOfficer, managerSettings, putManager } from '../approved-batches.ts'
import { Scene } from '../scene.ts'
import { paymentsOf, statesOf, until } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

describe('I4: only an explicit, matching, verified answer settles', () => {
  test.each(['wrong-amount', 'wrong-payee', 'wrong-currency'] as const)(
    'success with %s goes to review',
    async (as) => {
      scene = await Scene.open()
      await scene.script({ on: 'status', fault: { do: 'misreport', as, share: 1 }, times: 50 })
      const batchId = await scene.send(2)
      await until('in review', () => statesOf(scene.office, batchId).review === 2)
      expect(await scene.attention(batchId)).toBe('dispatch.in-review')
      expect(paymentsOf(scene.office, batchId).every(({ reasonCode }) => reasonCode === 'payment.mismatch')).toBe(true)
    },
  )

  test('a settled payment that is later called rejected comes under review, and the first answer stays on record', async () => {
    scene = await Scene.open()
    const batchId = await scene.send(1)
    await until('paid', () => statesOf(scene.office, batchId).paid === 1)
    await scene.script({ on: 'status', fault: { do: 'misreport', as: 'contradiction', share: 1 }, times: 1 })
    const [payment] = paymentsOf(scene.office, batchId)
    await scene.office.dispatch.checkPayment(payment?.id ?? '', new AbortController().signal)
    expect(statesOf(scene.office, batchId)).toEqual({ review: 1 })
    const said = scene.office.store
      .sql('SELECT status FROM observation WHERE payment_id = ? ORDER BY seq')
      .pluck()
      .all(payment?.id)
    expect(said).toEqual(expect.arrayContaining(['succ', 'rjct']))
  })

  test('where replies are signed, one without a good signature settles nothing and denies nothing', async () => {
    scene = await Scene.open()
    const { kty, crv, x, kid } = scene.peer.publicKey
    const { store } = scene.office
    const known = store.get('paymentManager', 'manager')
    const settings = managerSettings(
      { disburse: known.paymentEndpointUrl, status: known.statusEndpointUrl },
      { replySigning: 'jws', receiverKey: { kty, crv, x, kid, alg: 'EdDSA' } },
    )
    await putManager(store, scene.world.root, settings)
    await scene.script({ on: 'status', fault: { do: 'malformed', form: 'wrong-signature', accepted: true }, times: 5 })
    const batchId = await scene.send(2)
    await until(
      'a look-up failed',
      () =>
        scene.office.scheduler.queue.findByKey('dispatch.status', 'manager')?.fault?.code ===
        'channel.reply-not-signed',
    )
    expect(statesOf(scene.office, batchId)).toEqual({ acknowledged: 2 })
    await until('paid once it signs', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('a reversal is a word of its own', async () => {
    scene = await Scene.open()
    const batchId = await scene.send(1)
    await until('paid', () => statesOf(scene.office, batchId).paid === 1)
    const [payment] = paymentsOf(scene.office, batchId)
    const id = scene.office.dispatch.recordEvidence('approver', {
      paymentId: payment?.id ?? '',
      finding: 'reversed',
      amount: null,
      reference: 'statement 12',
      document: 'file 3',
    })
    scene.office.dispatch.confirmEvidence('administrator', id)
    expect(statesOf(scene.office, batchId)).toEqual({ reversed: 1 })
  })
})

describe('I5: a new attempt needs proof', () => {
  test('evidence moves nothing before a second officer confirms it', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 })
    const batchId = await scene.send(1)
    await scene.attention(batchId)
    const [payment] = paymentsOf(scene.office, batchId)
    const finding = {
      paymentId: payment?.id ?? '',
      finding: 'not-paid',
      amount: null,
      reference: 'ticket 9',
      document: 'letter',
    } as const
    const id = scene.office.dispatch.recordEvidence('approver', finding)
    expect(statesOf(scene.office, batchId)).toEqual({ unknown: 1 })
    expect(codeOf(() => scene.office.dispatch.confirmEvidence('approver', id))).toBe('dispatch.evidence-same-officer')
    scene.office.dispatch.confirmEvidence('administrator', id)
    expect(statesOf(scene.office, batchId)).toEqual({ rejected: 1 })
    expect(codeOf(() => scene.office.dispatch.confirmEvidence('administrator', id))).toBe('dispatch.evidence-not-open')
    await until('the job ends', () => scene.job(batchId) === undefined)
  })

  test('evidence that the payment has outrun changes nothing, and what takes its place is what counts', async () => {
    scene = await Scene.open()
    const batchId = await scene.send(1)
    await until('paid', () => statesOf(scene.office, batchId).paid === 1)
    const paymentId = paymentsOf(scene.office, batchId)[0]?.id ?? ''
    const { dispatch } = scene.office
    const finding = {
      paymentId,
      finding: 'reversed',
      amount: null,
      reference: 'line 4',
      document: 'statement',
    } as const
    expect(codeOf(() => dispatch.recordEvidence('approver', { ...finding, finding: 'not-paid' }))).toBe(
      'dispatch.evidence-does-not-fit',
    )
    const first = dispatch.recordEvidence('approver', finding)
    const second = dispatch.recordEvidence('approver', { ...finding, reference: 'line 5' })
    expect(codeOf(() => dispatch.confirmEvidence('administrator', first))).toBe('dispatch.evidence-does-not-fit')
    dispatch.confirmEvidence('administrator', second)
    expect(statesOf(scene.office, batchId)).toEqual({ reversed: 1 })
  })

  test('two officers of whom one made the other are one', async () => {
    scene = await Scene.open()
    const { store, root } = scene.world
    await addOfficer(store, root, 'newcomer', ['approver'], ['administrator'])
    await addOfficer(store, root, 'second', ['administrator'], ['newcomer'])
    await addOfficer(store, root, 'third', ['administrator'])
    const batchId = await scene.send(1)
    await until('paid', () => statesOf(scene.office, batchId).paid === 1)
    const paymentId = paymentsOf(scene.office, batchId)[0]?.id ?? ''
    const finding = {
      paymentId,
      finding: 'reversed',
      amount: null,
      reference: 'line 4',
      document: 'statement',
    } as const
    const { dispatch } = scene.office
    const id = dispatch.recordEvidence('newcomer', finding)
    for (const one of ['administrator', 'second']) {
      expect(dispatch.evidenceOf(paymentId, { id: one, roles: ['administrator'] })[0]?.mayConfirm).toBe(false)
      expect(codeOf(() => dispatch.confirmEvidence(one, id))).toBe('dispatch.evidence-sponsored')
    }
    dispatch.confirmEvidence('third', id)
    expect(statesOf(scene.office, batchId)).toEqual({ reversed: 1 })
  })
})
