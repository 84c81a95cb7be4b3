import { afterEach, describe, expect, test } from 'vitest'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import type { Transmission } from '../../../../shared/model/payment.ts'
import { codeOf } from '../../code-of.ts'
import { approvedBatch } from '../approved-batches.ts'
import { Scene } from '../scene.ts'
import { MINUTE, statesOf, until } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

const transmissions = (batchId: string): Transmission[] =>
  (
    scene.office.store
      .sql('SELECT body FROM transmission WHERE batch_id = ? ORDER BY part, envelope')
      .pluck()
      .all(batchId) as string[]
  ).map((body) => JSON.parse(body) as Transmission)

const paidOnce = async (count: number): Promise<void> => {
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

describe('I1: bytes are stored before they leave, under ids that never change', () => {
  test('a post that was cut off left its bytes and a note of it behind', async () => {
    scene = await Scene.open({ apiTimeout: 1 })
    await scene.script({ on: 'disburse', fault: { do: 'drop', when: 'before-accepting' }, times: 1 })
    const batchId = await scene.send(3)
    await until('unknown', () => statesOf(scene.office, batchId).unknown === 3)
    const [stored] = transmissions(batchId)
    const message = JSON.parse(stored?.body ?? '{}') as { header: { message_id: string } }
    expect(message.header.message_id).toBe(stored?.messageId)
    expect(scene.deliveries(batchId).map(({ outcome }) => outcome)).toEqual(['posting', 'unknown'])
  })
})

describe('I2: a retry is the identical message', () => {
  test('the same bytes go out again while the signature holds, and "duplicate" then means received', async () => {
    scene = await Scene.open({ duplicateProtectionProven: true, mode: 'async' }, { duplicateProtection: true })
    // Taken in, then the look-up denies it once: the repetition meets a receiver that has it already.
    await scene.script(
      { on: 'disburse', fault: { do: 'drop', when: 'after-accepting' }, times: 1 },
      { on: 'status', fault: { do: 'misreport', as: 'absent', share: 1 }, times: 4 },
    )
    const batchId = await scene.send(4)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 4)
    expect(transmissions(batchId).length).toBe(1)
    const outcomes = scene.deliveries(batchId).map(({ outcome }) => outcome)
    expect(outcomes.slice(0, 4)).toEqual(['posting', 'unknown', 'posting', 'duplicate'])
    await paidOnce(4)
  })

  test('"duplicate" on the very first send goes to review and stays there', async () => {
    scene = await Scene.open()
    await scene.script({
      on: 'disburse',
      fault: { do: 'reject-message', code: 'rjct.message_id.duplicate', accepted: false },
      times: 1,
    })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.in-review')
    expect(statesOf(scene.office, batchId)).toEqual({ review: 2 })
    expect(scene.deliveries(batchId).length).toBe(2)
  })
})

describe('I3: what is unknown is looked up first', () => {
  test.each([
    { do: 'drop', when: 'after-accepting' },
    { do: 'http-error', status: 503, accepted: true, code: 'err.service.unavailable', retryAfter: null },
    { do: 'malformed', form: 'html', accepted: true },
    { do: 'malformed', form: 'wrong-schema', accepted: true },
  ] as const)('a post that was taken in but answered so is never sent again: %o', async (fault) => {
    scene = await Scene.open({ apiTimeout: 1 }, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault, times: 1 })
    const batchId = await scene.send(3)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 3)
    await paidOnce(3)
    expect(scene.deliveries(batchId).filter(({ outcome }) => outcome === 'posting').length).toBe(1)
  })

  test('without proven protection a lost message waits for two look-ups and for an approver', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 })
    const batchId = await scene.send(3)
    await until('unknown', () => statesOf(scene.office, batchId).unknown === 3)
    expect(codeOf(() => scene.office.dispatch.approveResend('approver', batchId, '1'))).toBe(
      'dispatch.resend-not-ready',
    )
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    expect((await scene.ledger()).length).toBe(0)
    expect(codeOf(() => scene.office.dispatch.approveResend('clerk', batchId, '1'))).toBe('dispatch.resend-by-maker')
    scene.office.dispatch.approveResend('approver', batchId, '1')
    await until('all paid', () => statesOf(scene.office, batchId).paid === 3)
    await paidOnce(3)
    expect(
      transmissions(batchId).every(({ messageDigest }, _, [first]) => messageDigest === first?.messageDigest),
    ).toBe(true)
  })

  test('a clock that jumps does not make two look-ups ten minutes apart', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 })
    const batchId = await scene.send(2)
    scene.office.time.hold()
    await until('absent once', () => scene.office.store.sql('SELECT 1 FROM absence').get() !== undefined)
    scene.office.time.jump(60 * 60_000)
    await scene.office.dispatch.checkBatch(batchId, new AbortController().signal)
    const { apart, count } = scene.office.store
      .sql('SELECT max(latest - first) AS apart, min(count) AS count FROM absence')
      .get() as { apart: number; count: number }
    expect(count).toBeGreaterThan(1)
    expect(apart).toBe(0)
    expect(codeOf(() => scene.office.dispatch.approveResend('approver', batchId, '1'))).toBe(
      'dispatch.resend-not-ready',
    )
    expect((await scene.ledger()).length).toBe(0)
  })

  test('leave to send again is good for one post', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 2 })
    const batchId = await scene.send(2)
    await scene.attention(batchId)
    scene.office.dispatch.approveResend('approver', batchId, '1')
    await until(
      'posted again',
      () => scene.deliveries(batchId).filter(({ outcome }) => outcome === 'posting').length === 2,
    )
    await until(
      'asks again',
      () =>
        scene.job(batchId)?.fault?.code === 'dispatch.resend-needs-approval' &&
        scene.job(batchId)?.state === 'attention',
    )
    expect(scene.deliveries(batchId).filter(({ outcome }) => outcome === 'posting').length).toBe(2)
  })

  test('a message of which a part is known there is never sent again without protection', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    // Three of four are known: repeating the message would pay those three twice.
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'one', count: 4 })
    await scene.script({ on: 'disburse', fault: { do: 'drop', when: 'after-accepting' }, times: 1 })
    scene.office.dispatch.send('clerk', [batchId])
    await until('paid', () => statesOf(scene.office, batchId).paid === 4)
    const lost = submission.lines[0]?.paymentId ?? ''
    scene.office.store.transaction(OFFICE, (tx) => {
      const { changedAt, changedBy, ...payment } = tx.get('payment', lost)
      tx.put('payment', { ...payment, state: 'unknown' })
      tx.sql('INSERT INTO absence VALUES (?, ?, ?, 5)').run(
        lost,
        scene.office.time.elapsed() - 20 * MINUTE,
        scene.office.time.elapsed(),
      )
      tx.audit({ action: 'test.lost', subjectKind: 'payment', subjectId: lost })
    })
    expect(codeOf(() => scene.office.dispatch.approveResend('approver', batchId, '1'))).toBe(
      'dispatch.resend-not-ready',
    )
  })
})
