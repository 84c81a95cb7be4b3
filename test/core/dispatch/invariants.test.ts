import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditBreak, verifyAudit } from '../../../electron/core/audit/audit-log.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { Transmission } from '../../../shared/model/payment.ts'
import {
  addOfficer,
  approvedBatch,
  decide,
  type ManagerSettings,
  managerSettings,
  putManager,
  submittedBatch,
} from './approved-batches.ts'
import { Scene } from './scene.ts'
import { MINUTE, paymentsOf, statesOf, until } from './sending-office.ts'

let scene: Scene
const begin = async (settings: ManagerSettings = {}, behaviour: Parameters<typeof Scene.open>[1] = {}) => {
  scene = await Scene.open(settings, behaviour)
}

afterEach(() => scene.close())

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof OfficeError ? error.fault.code : String(error)
  }
}

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
    await begin({ apiTimeout: 1 })
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
    await begin({ duplicateProtectionProven: true, mode: 'async' }, { duplicateProtection: true })
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
    await begin()
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
    await begin({ apiTimeout: 1 }, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault, times: 1 })
    const batchId = await scene.send(3)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 3)
    await paidOnce(3)
    expect(scene.deliveries(batchId).filter(({ outcome }) => outcome === 'posting').length).toBe(1)
  })

  test('without proven protection a lost message waits for two look-ups and for an approver', async () => {
    await begin({}, { duplicateProtection: false })
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
    await begin({}, { duplicateProtection: false })
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
    await begin({}, { duplicateProtection: false })
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
    await begin({}, { duplicateProtection: false })
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

describe('I4: only an explicit, matching, verified answer settles', () => {
  test.each(['wrong-amount', 'wrong-payee', 'wrong-currency'] as const)(
    'success with %s goes to review',
    async (as) => {
      await begin()
      await scene.script({ on: 'status', fault: { do: 'misreport', as, share: 1 }, times: 50 })
      const batchId = await scene.send(2)
      await until('in review', () => statesOf(scene.office, batchId).review === 2)
      expect(await scene.attention(batchId)).toBe('dispatch.in-review')
      expect(paymentsOf(scene.office, batchId).every(({ reasonCode }) => reasonCode === 'payment.mismatch')).toBe(true)
    },
  )

  test('a settled payment that is later called rejected comes under review, and the first answer stays on record', async () => {
    await begin()
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
    await begin()
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
    await begin()
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
    await begin({}, { duplicateProtection: false })
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
    await begin()
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
    await begin()
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

describe('I6: one sender', () => {
  test('without a declared sole office nothing is claimed', async () => {
    await begin()
    await scene.office.shut()
    const { openSendingOffice } = await import('./sending-office.ts')
    const { directory, key, time } = scene.office
    scene.office = openSendingOffice(directory, { key, time, training: false })
    scene.world = { ...scene.world, store: scene.office.store }
    scene.office.store.transaction(OFFICE, (tx) => {
      tx.mark('sole-office', '0')
      tx.audit({ action: 'test.two-offices', subjectKind: 'office', subjectId: 'test' })
    })
    scene.office.scheduler.start()
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.no-claim')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.dispatch.declareSoleOffice('administrator')
  })
})

describe('I7: what was approved, by whom it may be, is what is sent', () => {
  beforeEach(() => begin())

  const refusalOf = async (batchId: string): Promise<string> => {
    scene.office.store.transaction('clerk', (tx) => {
      scene.office.dispatch.queueApprovedBatch(tx, tx.get('batch', batchId))
      scene.office.scheduler.enqueue(tx, {
        kind: 'dispatch.batch',
        key: batchId,
        input: { batchId },
        needs: { line: true, endpoint: '', officer: [] },
      })
      tx.audit({ action: 'test.forced', subjectKind: 'batch', subjectId: batchId })
    })
    const code = await scene.attention(batchId)
    expect((await scene.ledger()).length).toBe(0)
    expect(statesOf(scene.office, batchId).queued ?? 0).toBe(0)
    return code
  }

  test('a maker who approves through a second hat is refused at the door of sending', async () => {
    const double = await addOfficer(scene.office.store, scene.world.root, 'clerk', ['clerk', 'approver'])
    const { batchId, submission } = submittedBatch(scene.world, { name: 'own', count: 2 })
    await decide(scene.world, double, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('an officer made by the maker is the maker', async () => {
    const puppet = await addOfficer(scene.office.store, scene.world.root, 'puppet', ['approver'], ['clerk'])
    const { batchId, submission } = submittedBatch(scene.world, { name: 'puppet', count: 2 })
    await decide(scene.world, puppet, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('a decision that the officer never signed is none', async () => {
    const { batchId, submission } = submittedBatch(scene.world, { name: 'forged', count: 2 })
    await decide(scene.world, { id: 'approver', key: scene.world.secondApprover.key }, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('an amount that changed after the approval stops the batch', async () => {
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'changed', count: 2 })
    scene.office.store.transaction('clerk', (tx) => {
      const { changedAt, changedBy, ...payment } = tx.get('payment', submission.lines[0]?.paymentId ?? '')
      tx.put('payment', { ...payment, amount: payment.amount + 1 })
      tx.audit({ action: 'test.changed', subjectKind: 'payment', subjectId: payment.id })
    })
    expect(await refusalOf(batchId)).toBe('dispatch.payments-moved')
  })

  test('an approval of another destination does not count', async () => {
    const { batchId } = await approvedBatch(scene.world, { name: 'redirected', count: 2 })
    const { store } = scene.office
    const known = store.get('paymentManager', 'manager')
    await putManager(
      store,
      scene.world.root,
      managerSettings({ disburse: 'http://127.0.0.1:9/elsewhere', status: known.statusEndpointUrl }),
    )
    expect(await refusalOf(batchId)).toBe('dispatch.manager-changed')
  })

  test('settings that no administrator signed are not used', async () => {
    const { batchId } = await approvedBatch(scene.world, { name: 'unsigned', count: 2 })
    scene.office.store.transaction('clerk', (tx) => {
      const { changedAt, changedBy, ...manager } = tx.get('paymentManager', 'manager')
      tx.put('paymentManager', { ...manager, apiTimeout: 3 })
      tx.audit({ action: 'test.changed', subjectKind: 'paymentManager', subjectId: 'manager' })
    })
    expect(await refusalOf(batchId)).toBe('dispatch.manager-untrusted')
  })

  test('an approval older than seven days has lapsed', async () => {
    const { batchId, submission } = submittedBatch(scene.world, { name: 'old', count: 2 })
    await decide(scene.world, scene.world.approver, submission, 'approve', Date.now() - 8 * 24 * 3_600_000)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-lapsed')
  })

  test('a return seen before the claim wins over the approval', async () => {
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'returned', count: 2 })
    await decide(scene.world, scene.world.secondApprover, submission, 'return')
    expect(await refusalOf(batchId)).toBe('dispatch.not-approved')
  })
})

describe('I8 and I9: nothing leaves the outbox by itself, and waiting is no attempt', () => {
  test('a cut line defers, counts no attempt and posts nothing; the line back sends', async () => {
    await begin()
    scene.office.http.cutLine(true)
    const batchId = await scene.send(2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'line')
    expect(scene.job(batchId)?.attempts).toBe(0)
    expect(scene.deliveries(batchId)).toEqual([])
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    scene.office.http.cutLine(false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('the stop-all switch holds what is approved until it is let go', async () => {
    await begin()
    scene.office.dispatch.stopAll('approver', true)
    const batchId = await scene.send(2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'stopped')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.dispatch.stopAll('approver', false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('a refused batch stands before an officer, is not tried by itself, and goes when asked', async () => {
    await begin()
    await scene.script({
      on: 'disburse',
      fault: { do: 'reject-message', code: 'rjct.version.invalid', accepted: false },
      times: 1,
    })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    scene.office.scheduler.wake('dispatch.batch', batchId)
    await until('shown again', () => scene.job(batchId)?.state === 'attention')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.store.transaction('clerk', (tx) => {
      const job = scene.job(batchId)
      if (job === undefined) return
      scene.office.dispatch.prepareRunNow(tx, job)
      scene.office.scheduler.queue.runNow(tx, job.id)
    })
    scene.office.scheduler.look()
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('one held payment keeps its whole message, and no other', async () => {
    await begin({ partSize: 2 })
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'held', count: 4 })
    const held = submission.lines[3]?.paymentId ?? ''
    scene.office.dispatch.holdPayment('clerk', held, true)
    scene.office.dispatch.send('clerk', [batchId])
    await until('the other part is paid', () => statesOf(scene.office, batchId).paid === 2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'held')
    expect((await scene.ledger()).length).toBe(2)
    scene.office.dispatch.holdPayment('clerk', held, false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 4)
  })

  test('what has not left can be taken back, what has left cannot', async () => {
    await begin()
    const { batchId } = await approvedBatch(scene.world, { name: 'cancelled', count: 2 })
    await scene.office.dispatch.cancel('clerk', batchId, 'wrong month')
    expect(statesOf(scene.office, batchId)).toEqual({ cancelled: 2 })
    expect(codeOf(() => scene.office.dispatch.send('clerk', [batchId]))).toBe('dispatch.not-approved')
    const sent = await scene.send(1, 'sent', 50)
    await until('paid', () => statesOf(scene.office, sent).paid === 1)
    await expect(scene.office.dispatch.cancel('clerk', sent, 'too late')).rejects.toThrow('dispatch.too-late-to-cancel')
  })

  test('a clock hours off sends nothing until it is right again', async () => {
    await begin()
    scene.office.time.jump(3 * 3_600_000)
    const { batchId } = await approvedBatch(scene.world, { name: 'skewed', count: 2, now: scene.office.time.now() })
    await scene.office.dispatch.testConnection('manager', new AbortController().signal)
    scene.office.dispatch.send('clerk', [batchId])
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'clock')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.time.jump(-3 * 3_600_000)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })
})

/** Walks the whole chain as it lies on the disk, against the head that the store remembers. */
function brokenAt(): AuditBreak | undefined {
  const { directory, key } = scene.office
  const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'read')
  try {
    const head = String(database.prepare("SELECT value FROM meta WHERE key = 'audit-head'").pluck().get())
    const [position, hash = ''] = head.split(':')
    const walk = verifyAudit(database, { position: Number(position), hash }, 7)
    for (;;) {
      const { done, value } = walk.next()
      if (done === true) return value
    }
  } finally {
    database.close()
  }
}

describe('I10: every step leaves a line in the audit chain', () => {
  test('claim, post, outcome and settlement are all there, and the chain holds', async () => {
    await begin()
    const batchId = await scene.send(2)
    await until('settled', () => scene.office.store.get('batch', batchId).state === 'settled')
    const actions = scene.office.store.sql('SELECT action FROM audit ORDER BY position').pluck().all() as string[]
    for (const action of ['batch.send-ordered', 'batch.queued', 'batch.claimed', 'part.posting', 'part.posted']) {
      expect(actions).toContain(action)
    }
    expect(actions).toContain('payments.looked-up')
    expect(brokenAt()).toBeUndefined()
  })

  test('the chain holds through lost answers, restarts, switches, a restore and evidence', async () => {
    await begin({ partSize: 2, apiTimeout: 1 }, { duplicateProtection: false })
    await scene.script(
      { on: 'disburse', fault: { do: 'drop', when: 'after-accepting' }, times: 1 },
      { on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 },
      { on: 'status', fault: { do: 'malformed', form: 'html', accepted: true }, times: 2 },
    )
    const one = await scene.send(4)
    await until('both parts were posted', () =>
      scene.deliveries(one).some(({ part, outcome }) => part === '2' && outcome !== 'posting'),
    )
    await scene.restart()
    const copy = await scene.copy()
    scene.office.dispatch.stopAll('approver', true)
    const two = await scene.send(2, 'two', 50)
    scene.office.dispatch.stopAll('approver', false)
    await until('the second is paid', () => statesOf(scene.office, two).paid === 2)
    await scene.restore(copy)
    await scene.office.dispatch.confirmRestored('administrator')
    scene.office.http.cutLine(true)
    scene.office.http.cutLine(false)
    await until('half is paid, half is lost', () => {
      const { paid, unknown } = statesOf(scene.office, one)
      return paid === 2 && unknown === 2
    })
    for (const { id, state } of paymentsOf(scene.office, one)) {
      if (state !== 'unknown') continue
      const found = { finding: 'not-paid', amount: null, reference: 'ticket', document: 'letter' } as const
      const evidence = scene.office.dispatch.recordEvidence('approver', { paymentId: id, ...found })
      scene.office.dispatch.confirmEvidence('administrator', evidence)
    }
    await until('the job ends', () => scene.job(one) === undefined)
    expect(brokenAt()).toBeUndefined()
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })
})

describe('I11: a restored, copied or moved store sends nothing until it is confirmed', () => {
  const confirm = () => scene.office.dispatch.confirmRestored('administrator')

  test('what left after the copy was made is looked up, never sent anew', async () => {
    await begin({}, { duplicateProtection: false })
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 7 })
    const copy = await scene.copy()
    scene.office.dispatch.send('clerk', [batchId])
    await until('all paid', () => statesOf(scene.office, batchId).paid === 7)
    await scene.restore(copy)
    expect(scene.office.dispatch.status().doubt?.code).toBe('dispatch.restored')
    scene.office.dispatch.send('clerk', [batchId])
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'restored')
    await paidOnce(7)
    await confirm()
    await until('all paid here too', () => statesOf(scene.office, batchId).paid === 7)
    await paidOnce(7)
  })

  test('what had not left when the newer store was lost still leaves, once', async () => {
    await begin({ partSize: 3 }, { duplicateProtection: false })
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'one', count: 6 })
    const copy = await scene.copy()
    // The second message is held back, so that only the first one left.
    scene.office.dispatch.holdPayment('clerk', submission.lines[5]?.paymentId ?? '', true)
    scene.office.dispatch.send('clerk', [batchId])
    await until('the first part is paid', () => statesOf(scene.office, batchId).paid === 3)
    await scene.restore(copy)
    await confirm()
    await until('all paid', () => statesOf(scene.office, batchId).paid === 6)
    await paidOnce(6)
  })

  test('payments prepared anew after a restore to before them never leave a second time', async () => {
    await begin({}, { duplicateProtection: false })
    const copy = await scene.copy()
    const batchId = await scene.send(3)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 3)
    await scene.restore(copy)
    await confirm()
    const again = await scene.send(3)
    expect(await scene.attention(again)).toBe('dispatch.sent-before-restore')
    await paidOnce(3)
  })

  test('a held batch does not leave because an older store forgot that it was held', async () => {
    await begin()
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 2 })
    scene.office.store.transaction(OFFICE, (tx) => {
      scene.office.scheduler.enqueue(tx, {
        kind: 'dispatch.batch',
        key: batchId,
        input: { batchId },
        needs: { line: true, endpoint: '', officer: [] },
        runAt: Date.now() + 400,
      })
      tx.audit({ action: 'test.queued', subjectKind: 'batch', subjectId: batchId })
    })
    const copy = await scene.copy()
    scene.office.dispatch.hold('approver', batchId, 'a doubt')
    await scene.restore(copy)
    expect(scene.office.dispatch.status().doubt?.code).toBe('dispatch.restored')
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'restored')
    expect((await scene.ledger()).length).toBe(0)
  })

  test('an ordinary restart raises no doubt', async () => {
    await begin()
    const batchId = await scene.send(2)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
    await scene.restart()
    expect(scene.office.dispatch.status().doubt).toBeNull()
    await expect(confirm()).rejects.toThrow('dispatch.nothing-to-confirm')
  })
})
