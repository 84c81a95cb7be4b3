import { afterEach, describe, expect, test } from 'vitest'
import { confirmTicks } from '../../../electron/core/pay-table/confirm.ts'
import { payTableQueries } from '../../../electron/core/pay-table/queries.ts'
import { type Tick, tickPayments } from '../../../electron/core/pay-table/tick.ts'
import type { ReadContext } from '../../../electron/core/store/read-query.ts'
import type { PayTableRow } from '../../../shared/contract/pay-table.ts'
import type { PaymentFileForm } from '../../../shared/model/payment-file.ts'
import { forms } from '../channels/file/file-forms.ts'
import { FileScene } from '../channels/file/file-scene.ts'

let scene: FileScene
afterEach(() => scene.close())

const TODAY = '2026-03-02'
const collected: Tick = {
  entry: 'collected',
  by: 'payee',
  deputyName: '',
  deputyRelation: '',
  witness: '',
  note: '',
  day: TODAY,
  voucherSeen: false,
}
const absent: Tick = { ...collected, entry: 'absent' }

const codeOf = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'fine',
      (error: Error) => error.message,
    )

/** A list of cash that was printed once. */
async function printed(count: number): Promise<string> {
  scene = await FileScene.open(forms.list)
  const batchId = await scene.made(count)
  await scene.take(batchId)
  return batchId
}

const rows = (batchId: string, officerId = scene.world.approver.id): PayTableRow[] =>
  payTableQueries['payTable.page']({ sql: (text: string) => scene.office.store.sql(text) } as ReadContext, {
    batchId,
    offset: 0,
    limit: 500,
    officerId,
  }).rows

const tick = (batchId: string, paymentIds: readonly string[], what: Tick, officerId = scene.world.clerk.id): void =>
  tickPayments(scene.office, officerId, batchId, paymentIds, what, TODAY)

const confirm = (
  batchId: string,
  chosen: readonly PayTableRow[],
  officerId = scene.world.approver.id,
  today = TODAY,
): Promise<number> =>
  confirmTicks(
    scene.office,
    officerId,
    batchId,
    chosen.map(({ paymentId, tick: said }) => ({ paymentId, tickId: said?.id ?? '' })),
    today,
  )

const waiting = (batchId: string): PayTableRow[] =>
  rows(batchId).filter(({ standing }) => standing === 'collected' || standing === 'absent')

describe('at the table', () => {
  test('nobody is ticked before the list was given out', async () => {
    scene = await FileScene.open(forms.list)
    const batchId = await scene.made(2)
    const [first] = scene.payments(batchId).map(({ id }) => id)
    expect(await codeOf(() => tick(batchId, [first ?? ''], collected))).toBe('pay-table.not-given-out')
    await scene.take(batchId)
    expect(await codeOf(() => tick(batchId, [first ?? ''], collected))).toBe('fine')
  })

  test('a batch that a bank pays by file has no pay table', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    await scene.take(batchId)
    const ids = scene.payments(batchId).map(({ id }) => id)
    expect(await codeOf(() => tick(batchId, ids, collected))).toBe('pay-table.not-paid-by-hand')
  })

  test('a tick settles nothing, can be made anew and taken back, and every one of them stays on record', async () => {
    const batchId = await printed(2)
    const [first = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, [first], collected)
    tick(batchId, [first], { ...absent, note: 'her daughter will come tomorrow' })
    expect(rows(batchId).map(({ standing, number }) => [number, standing])).toEqual([
      [1, 'absent'],
      [2, 'open'],
    ])
    tick(batchId, [first], { ...collected, entry: 'taken-back' })
    expect(rows(batchId).map(({ standing }) => standing)).toEqual(['open', 'open'])
    expect(scene.states(batchId)).toEqual({ acknowledged: 2 })
    const { store } = scene.office
    expect(store.sql('SELECT count(*) FROM collection').pluck().get()).toBe(3)
    expect(() => store.sql('DELETE FROM collection').run()).toThrow('append-only')
  })

  test('who takes the money for somebody else is named, and somebody saw it', async () => {
    const batchId = await printed(1)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    const deputy: Tick = { ...collected, by: 'deputy' }
    expect(await codeOf(() => tick(batchId, ids, deputy))).toBe('pay-table.deputy-needs-name')
    expect(await codeOf(() => tick(batchId, ids, { ...deputy, deputyName: 'Aster' }))).toBe(
      'pay-table.deputy-needs-witness',
    )
    tick(batchId, ids, { ...deputy, deputyName: 'Aster', deputyRelation: 'daughter', witness: 'the elder' })
    expect(rows(batchId)[0]?.tick).toMatchObject({ by: 'deputy', deputyName: 'Aster', witness: 'the elder' })
  })

  test('no day is taken that has not come, and nobody who is not on the list', async () => {
    const batchId = await printed(1)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    expect(await codeOf(() => tick(batchId, ids, { ...collected, day: '2026-03-03' }))).toBe('pay-table.day-in-future')
    expect(await codeOf(() => tick(batchId, [...ids, 'somebody-else'], collected))).toBe('pay-table.not-open')
    expect(rows(batchId)[0]?.standing).toBe('open')
  })
})

describe('the second officer', () => {
  test('makes payments final: collected is paid, absent is rejected with proof that no money moved', async () => {
    const batchId = await printed(3)
    const [one = '', two = '', three = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, [one, two], collected)
    tick(batchId, [three], { ...absent, note: 'moved away' })
    expect(await confirm(batchId, waiting(batchId))).toBe(3)
    expect(scene.states(batchId)).toEqual({ paid: 2, rejected: 1 })
    expect(
      scene.payments(batchId).map(({ amountPaid, amount, reasonCode }) => [amountPaid === amount, reasonCode]),
    ).toEqual(
      expect.arrayContaining([
        [true, ''],
        [false, 'pay-table.not-collected'],
      ]),
    )
    expect(scene.office.store.get('batch', batchId).state).toBe('settled')
    expect(rows(batchId).every(({ standing }) => standing === 'settled')).toBe(true)
    expect(await codeOf(() => tick(batchId, [one], absent))).toBe('pay-table.not-open')
  })

  test('is never the one who ticked', async () => {
    const batchId = await printed(1)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, ids, collected, scene.world.approver.id)
    const [row] = waiting(batchId)
    expect(row?.mayNotConfirm).toBe('pay-table.same-officer')
    expect(await codeOf(() => confirm(batchId, waiting(batchId)))).toBe('pay-table.same-officer')
    expect(scene.states(batchId)).toEqual({ acknowledged: 1 })
    expect(await confirm(batchId, waiting(batchId), scene.world.secondApprover.id)).toBe(1)
  })

  test('confirms what they saw: a tick that changed meanwhile stops it, and nothing of that piece is confirmed', async () => {
    const batchId = await printed(2)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, ids, collected)
    const seen = waiting(batchId)
    tick(batchId, ids.slice(0, 1), absent)
    expect(await codeOf(() => confirm(batchId, seen))).toBe('pay-table.ticked-meanwhile')
    expect(scene.states(batchId)).toEqual({ acknowledged: 2 })
    expect(await confirm(batchId, waiting(batchId))).toBe(2)
    expect(scene.states(batchId)).toEqual({ paid: 1, rejected: 1 })
  })

  test('confirms once: the same again changes nothing', async () => {
    const batchId = await printed(1)
    tick(
      batchId,
      rows(batchId).map(({ paymentId }) => paymentId),
      collected,
    )
    const seen = waiting(batchId)
    await confirm(batchId, seen)
    expect(await codeOf(() => confirm(batchId, seen, scene.world.secondApprover.id))).toBe('pay-table.ticked-meanwhile')
    expect(scene.office.store.sql('SELECT count(*) FROM observation').pluck().get()).toBe(1)
  })

  test('brings a payment under review when another laptop ticked the opposite of what was settled', async () => {
    const batchId = await printed(1)
    const [id = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, [id], collected)
    await confirm(batchId, waiting(batchId))
    // It came from another laptop, which knew nothing of the confirmation.
    const { store } = scene.office
    store.transaction(scene.world.clerk.id, (tx) => {
      const { entry, ...said } = absent
      tx.put('collection', { ...said, id: 'from-elsewhere', entry: 'absent', paymentId: id, batchId, confirms: '' })
      tx.audit({ action: 'pay-table.absent', subjectKind: 'payment', subjectId: id })
    })
    expect(waiting(batchId)).toHaveLength(1)
    await confirm(batchId, waiting(batchId))
    expect(scene.payments(batchId)).toMatchObject([{ state: 'review', reasonCode: 'payment.contradiction' }])
  })
})

describe('nobody is handed the money twice', () => {
  const vouchers = (validDays: number | null): PaymentFileForm =>
    ({
      form: 'vouchers',
      configurations: forms.vouchers.configurations.map((one) => ({ ...one, validDays })),
    }) as never

  async function vouchersOf(validDays: number | null): Promise<string> {
    scene = await FileScene.open(vouchers(validDays))
    const batchId = await scene.made(1)
    await scene.take(batchId)
    return batchId
  }

  function lastDay(batchId: string): string {
    const [outside] = scene.office.files.handedOut(batchId).values()
    return (outside?.form === 'voucher' ? outside.goodUntil : undefined) ?? 'unknown'
  }

  const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

  test('who has it already is taken back before they are ticked again', async () => {
    const batchId = await printed(2)
    const [first = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, [first], collected)
    expect(await codeOf(() => tick(batchId, [first], collected, scene.world.approver.id))).toBe(
      'pay-table.already-collected',
    )
    tick(batchId, [first], { ...collected, entry: 'taken-back' })
    expect(await codeOf(() => tick(batchId, [first], collected))).toBe('fine')
  })

  test('a part of which nobody has a copy has nothing to be ticked', async () => {
    scene = await FileScene.open(forms.list, { partSize: 1 })
    const batchId = await scene.made(2)
    await scene.take(batchId, { part: '1' })
    const codes = await Promise.all(
      scene.payments(batchId).map(({ id }) => codeOf(() => tick(batchId, [id], collected))),
    )
    expect(codes.toSorted()).toEqual(['fine', 'pay-table.not-given-out'])
  })

  test('nobody is absent whose voucher is still good: it could be shown after the payment was made anew', async () => {
    const batchId = await vouchersOf(30)
    const [id = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    const last = lastDay(batchId)
    const absentOn = (today: string) =>
      codeOf(() => tickPayments(scene.office, scene.world.clerk.id, batchId, [id], absent, today))
    expect(await absentOn(TODAY)).toBe('pay-table.voucher-still-good')
    expect(await absentOn(last)).toBe('pay-table.voucher-still-good')
    expect(await absentOn(dayAfter(last))).toBe('fine')
    // Whoever confirms may have another clock.
    expect(await codeOf(() => confirm(batchId, waiting(batchId), undefined, last))).toBe('pay-table.voucher-still-good')
    expect(scene.states(batchId)).toEqual({ acknowledged: 1 })
    expect(await confirm(batchId, waiting(batchId), undefined, dayAfter(last))).toBe(1)
    expect(scene.states(batchId)).toEqual({ rejected: 1 })
  })

  test('being absent says nothing about a voucher without an end', async () => {
    const batchId = await vouchersOf(null)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    expect(await codeOf(() => tick(batchId, ids, absent))).toBe('pay-table.voucher-without-end')
    expect(await codeOf(() => tick(batchId, ids, collected))).toBe('fine')
  })

  test('by a clock that is wrong nobody was absent, and whoever came has their money all the same', async () => {
    const batchId = await vouchersOf(30)
    const [id = ''] = rows(batchId).map(({ paymentId }) => paymentId)
    const later = dayAfter(lastDay(batchId))
    const say = (what: Tick) =>
      codeOf(() => tickPayments(scene.office, scene.world.clerk.id, batchId, [id], what, later))
    expect(await say(absent)).toBe('fine')
    scene.office.time.jump(-3_600_000)
    expect(await codeOf(() => confirm(batchId, waiting(batchId), undefined, later))).toBe('clock.behind')
    expect(scene.states(batchId)).toEqual({ acknowledged: 1 })
    expect(await say(collected)).toBe('fine')
    expect(await confirm(batchId, waiting(batchId), undefined, later)).toBe(1)
    expect(scene.states(batchId)).toEqual({ paid: 1 })
  })

  test('an office that did not print the vouchers does not know their last day, and takes nobody for absent', async () => {
    const batchId = await vouchersOf(30)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    // As the record arrives at other offices.
    scene.office.store.sql('DROP TRIGGER transmission_no_update').run()
    scene.office.store.sql("UPDATE transmission SET body = json_set(body, '$.body', '')").run()
    expect(await codeOf(() => tick(batchId, ids, absent))).toBe('pay-table.voucher-from-elsewhere')
    expect(await codeOf(() => tick(batchId, ids, collected))).toBe('fine')
  })

  test('a store that may have forgotten settles nothing before it is confirmed (I11)', async () => {
    const batchId = await printed(1)
    const ids = rows(batchId).map(({ paymentId }) => paymentId)
    tick(batchId, ids, absent)
    const copy = await scene.copy()
    await confirm(batchId, waiting(batchId))
    await scene.restore(copy)
    expect(scene.states(batchId)).toEqual({ acknowledged: 1 })
    expect(await codeOf(() => confirm(batchId, waiting(batchId)))).toBe('dispatch.restored')
    await scene.confirm()
    expect(await confirm(batchId, waiting(batchId))).toBe(1)
  })
})
