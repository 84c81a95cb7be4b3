import { createHash, createPublicKey } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { flattenedVerify } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { HAS_EVIDENCE } from '../../../../electron/core/batches/standing.ts'
import { findSecret } from '../../../../electron/core/vault/secrets.ts'
import { openG2PColumns, type PaymentFileForm } from '../../../../shared/model/payment-file.ts'
import { PaymentSheet } from '../../../../shared/model/payment-sheet.ts'
import { mayReissue } from '../../../../shared/rules/payment-life.ts'
import { readPain001 } from '../../../shared/rules/payment-file/pain-001-reader.ts'
import { approvedBatch } from '../../dispatch/approved-batches.ts'
import { until } from '../../dispatch/sending-office.ts'
import { forms, KEY } from './file-forms.ts'
import { FileScene, resultsTable } from './file-scene.ts'

let scene: FileScene
afterEach(() => scene.close())

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: Error) => error.message,
  )

describe('the file of a batch', () => {
  test('is made once the batch is claimed, and counts as gone out from then on', async () => {
    scene = await FileScene.open(undefined, { partSize: 4 })
    const batchId = await scene.made(10)
    expect(scene.office.store.sql('SELECT count(*) FROM claim WHERE batch_id = ?').pluck().get(batchId)).toBe(1)
    const files = scene.office.files.view(batchId)
    expect(
      files.map(({ part, count, copies, needsReason, obstacle }) => [
        part,
        count,
        copies.length,
        needsReason,
        obstacle,
      ]),
    ).toEqual([
      ['1', 4, 0, false, null],
      ['2', 4, 0, false, null],
      ['3', 2, 0, false, null],
    ])
  })

  test('holds what was approved, in the chosen columns', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(3)
    const { content, name } = await scene.take(batchId)
    const [heading, ...rows] = content.trim().split('\r\n')
    expect(heading).toBe([...openG2PColumns.map((column) => column.heading), 'name'].join(','))
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(/^0,[0-9a-f-]{36},MOJALOOP,account_no,1000,phone,\+251900000000,100\.00,ETB,Payment for/)
    expect(name).toMatch(/^payments-\d{8}-[0-9a-f]{16}-copy-1\.csv$/)
  })

  test('is the same bytes in every copy, with a signature that anybody can check', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(3)
    const first = await scene.take(batchId)
    const second = await scene.take(batchId, { reason: 'the stick was lost' })
    expect(second.content).toBe(first.content)
    expect([first.number, second.number]).toEqual([1, 2])
    expect(second.name).toBe(first.name.replace('copy-1', 'copy-2'))
    expect(first.digest).toBe(createHash('sha256').update(first.content).digest('hex'))
    const [head = '', , mark = ''] = first.signature.split('.')
    const key = createPublicKey(findSecret(scene.office.store, 'signing-key', KEY) ?? '')
    const jws = { protected: head, payload: Buffer.from(first.content).toString('base64url'), signature: mark }
    expect((await flattenedVerify(jws, key)).protectedHeader).toMatchObject({ alg: 'EdDSA', kid: KEY })
    await expect(flattenedVerify({ ...jws, payload: `${jws.payload}AA` }, key)).rejects.toThrow()
  })

  test('as a pain.001 reads back with its sum, and numbers its payments by their references', async () => {
    scene = await FileScene.open(forms['pain.001'])
    const batchId = await scene.made(5)
    const { content, name } = await scene.take(batchId)
    const { header, payments } = readPain001(content)
    expect(header).toMatchObject({ numberOfTransactions: '5', controlSum: '500.10' })
    expect(payments.transfers.map(({ endToEndId }) => endToEndId).sort()).toEqual(
      scene.payments(batchId).map(({ id }) => id.replaceAll('-', '')),
    )
    expect(name).toMatch(/\.xml$/)
  })

  test('as vouchers has a code for each that only this office can make', async () => {
    scene = await FileScene.open(forms.vouchers as unknown as PaymentFileForm)
    const batchId = await scene.made(2)
    const { content } = await scene.take(batchId)
    const sheet = PaymentSheet.parse(JSON.parse(content))
    const [line] = sheet.lines
    expect(scene.office.files.checkVoucher(line?.voucher ?? '')).toMatchObject({
      paymentId: line?.reference,
      amount: line?.amount,
      state: 'acknowledged',
      validUntil: sheet.validUntil,
    })
    const other = sheet.lines[1]?.voucher.split(':').at(-1)
    const invented = [line?.voucher.slice(0, -1).concat('A'), line?.voucher.replace(/[^:]+$/, other ?? ''), 'nothing']
    for (const text of invented) {
      if (text === line?.voucher) continue
      expect(() => scene.office.files.checkVoucher(text ?? '')).toThrow('files.voucher-invalid')
    }
  })
})

describe('a copy of a file', () => {
  test('is noted with who took it, and is asked a reason for when it is not the first', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    await scene.take(batchId)
    expect(await codeOf(scene.take(batchId))).toBe('files.copy-needs-reason')
    await scene.take(batchId, { reason: 'the bank lost it' })
    expect(scene.office.files.view(batchId)[0]?.copies).toMatchObject([
      { number: 1, officerId: 'clerk', reason: '' },
      { number: 2, officerId: 'clerk', reason: 'the bank lost it' },
    ])
    const audited = scene.office.store.sql("SELECT count(*) FROM audit WHERE action = 'file.copy-taken'").pluck().get()
    expect(audited).toBe(2)
  })

  test('is not handed out before the batch is claimed, while it is held, while all sending is stopped', async () => {
    scene = await FileScene.open()
    const { batchId } = await approvedBatch(scene.world, { name: 'early', count: 1 })
    expect(await codeOf(scene.take(batchId))).toBe('files.not-made')
    const other = await scene.made(1, 'held', 10)
    scene.office.dispatch.hold('approver', other, 'a doubt')
    expect(await codeOf(scene.take(other))).toBe('dispatch.held')
    scene.office.dispatch.release('approver', other)
    scene.office.dispatch.stopAll('approver', true)
    expect(await codeOf(scene.take(other))).toBe('dispatch.stopped')
    scene.office.dispatch.stopAll('approver', false)
    expect(await codeOf(scene.take(other))).toBe('fine')
  })

  test('is not handed out when another office holds the claim by now', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(1)
    const { store } = scene.office
    const claim = JSON.parse(store.sql('SELECT body FROM claim WHERE batch_id = ?').pluck().get(batchId) as string)
    store.transaction('office', (tx) => {
      tx.put('claim', { ...claim, id: 'taken-over', installationId: 'elsewhere', generation: 2 })
      tx.audit({ action: 'test.taken-over', subjectKind: 'batch', subjectId: batchId })
    })
    expect(await codeOf(scene.take(batchId))).toBe('dispatch.no-claim')
    expect(scene.office.files.view(batchId)[0]?.obstacle?.code).toBe('dispatch.no-claim')
  })
})

describe('a batch whose files nobody ever had', () => {
  test('can be stopped with proof that no money moved, and is never handed out afterwards', async () => {
    scene = await FileScene.open(undefined, { partSize: 2 })
    const batchId = await scene.made(4)
    await scene.take(batchId, { part: '1' })
    expect(scene.office.files.view(batchId).map(({ mayWithdraw }) => mayWithdraw)).toEqual([false, true])
    const count = scene.office.files.withdraw('clerk', { batchId, reason: 'the cycle was wrong' })
    expect(count).toBe(2)
    expect(scene.states(batchId)).toEqual({ acknowledged: 2, rejected: 2 })
    const [payment] = scene.payments(batchId).filter(({ state }) => state === 'rejected')
    if (payment === undefined) throw new Error('none')
    // Who said it counts; a payment system that says the same code proves nothing.
    const known = `SELECT ${HAS_EVIDENCE} FROM payment WHERE id = ?`
    expect(scene.office.store.sql(known).pluck().get(payment.id)).toBe(1)
    expect(mayReissue(payment, [], false).ok).toBe(false)
    expect(mayReissue(payment, [], true).ok).toBe(true)
    expect(await codeOf(scene.take(batchId, { part: '2', reason: 'after all' }))).toBe('files.withdrawn')
    expect(() => scene.office.files.withdraw('clerk', { batchId, reason: 'again' })).toThrow('files.may-be-outside')
  })

  test('cannot be said of a batch of which a copy was taken', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    await scene.take(batchId)
    expect(() => scene.office.files.withdraw('clerk', { batchId, reason: 'why not' })).toThrow('files.may-be-outside')
    expect(scene.states(batchId)).toEqual({ acknowledged: 2 })
  })
})

describe('I11: a restored store', () => {
  test('hands out nothing before it is confirmed, and numbers on from the copies that the newer one handed out', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(3)
    const copy = await scene.copy()
    const first = await scene.take(batchId)
    await scene.restore(copy)
    expect(await codeOf(scene.take(batchId))).toBe('dispatch.restored')
    expect(() => scene.office.files.withdraw('clerk', { batchId, reason: 'a try' })).toThrow('dispatch.restored')
    await scene.confirm()
    await until('looked up', () => scene.office.store.sql('SELECT 1 FROM look_up_owed').get() === undefined)
    expect(scene.office.files.view(batchId)[0]).toMatchObject({ lastCopy: 1, needsReason: true, mayWithdraw: false })
    expect(await codeOf(scene.take(batchId))).toBe('files.copy-needs-reason')
    const second = await scene.take(batchId, { reason: 'the computer broke' })
    expect(second.number).toBe(2)
    expect(second.content).toBe(first.content)
  })

  test('from before the file was made makes the same bytes again', async () => {
    scene = await FileScene.open()
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 3 })
    const copy = await scene.copy()
    scene.office.dispatch.send('clerk', [batchId])
    await until('made', () => scene.states(batchId).acknowledged === 3)
    const first = await scene.take(batchId)
    await scene.restore(copy)
    await scene.confirm()
    await until('known again', () => scene.states(batchId).acknowledged === 3)
    await until('looked up', () => scene.office.store.sql('SELECT 1 FROM look_up_owed').get() === undefined)
    const second = await scene.take(batchId, { reason: 'the computer broke' })
    expect([second.number, second.content]).toEqual([2, first.content])
  })

  test('never hands out what the newer one had withdrawn', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    const copy = await scene.copy()
    scene.office.files.withdraw('clerk', { batchId, reason: 'wrong' })
    await scene.restore(copy)
    await scene.confirm()
    await until('looked up', () => scene.office.store.sql('SELECT 1 FROM look_up_owed').get() === undefined)
    expect(await codeOf(scene.take(batchId, { reason: 'a try' }))).toBe('files.withdrawn')
    // The journal proves it still, so that its payments are not stuck.
    expect(scene.office.files.withdraw('clerk', { batchId, reason: 'wrong' })).toBe(2)
  })

  test('from before the file was made can withdraw it once more, though its bytes are gone', async () => {
    scene = await FileScene.open()
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 2 })
    const copy = await scene.copy()
    scene.office.dispatch.send('clerk', [batchId])
    await until('made', () => scene.states(batchId).acknowledged === 2)
    scene.office.files.withdraw('clerk', { batchId, reason: 'wrong' })
    await scene.restore(copy)
    await scene.confirm()
    await until('known again', () => scene.states(batchId).acknowledged === 2)
    expect(scene.office.files.withdraw('clerk', { batchId, reason: 'wrong' })).toBe(2)
    expect(scene.states(batchId)).toEqual({ rejected: 2 })
  })

  test('with a lost journal cannot prove any more that nobody has a copy', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    await scene.office.shut()
    rmSync(join(scene.directory, 'dispatch-journal.jsonl'))
    scene.reopen()
    await scene.confirm()
    await until('looked up', () => scene.office.store.sql('SELECT 1 FROM look_up_owed').get() === undefined)
    expect(() => scene.office.files.withdraw('clerk', { batchId, reason: 'a try' })).toThrow('files.may-be-outside')
    expect(await codeOf(scene.take(batchId))).toBe('files.copy-needs-reason')
    expect((await scene.take(batchId, { reason: 'none was found' })).number).toBe(1)
  })

  test('from before results came shows them again once they are brought again', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    await scene.take(batchId)
    const copy = await scene.copy()
    const table = resultsTable(scene.payments(batchId))
    await scene.bring(batchId, table)
    expect(scene.states(batchId)).toEqual({ paid: 2 })
    await scene.restore(copy)
    await scene.confirm()
    await scene.bring(batchId, table)
    expect(scene.states(batchId)).toEqual({ paid: 2 })
  })
})
