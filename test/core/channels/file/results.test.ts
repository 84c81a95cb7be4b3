import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Payment } from '../../../../shared/model/payment.ts'
import { forms } from './file-forms.ts'
import { FileScene, resultsTable } from './file-scene.ts'

let scene: FileScene
afterEach(() => scene.close())

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: Error) => error.message,
  )

/** A status report as a bank would send it. */
function report(
  messageId: string,
  transactions: readonly string[],
  { group = '', head = '<?xml version="1.0" encoding="UTF-8"?>' }: { group?: string; head?: string } = {},
): string {
  return `${head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-06-01T08:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}</OrgnlPmtInfId>${transactions.join('')}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`
}

const transaction = (payment: Payment, status: string, more = ''): string =>
  `<TxInfAndSts><OrgnlEndToEndId>${payment.id.replaceAll('-', '')}</OrgnlEndToEndId><TxSts>${status}</TxSts>${more}</TxInfAndSts>`
const reason = (code: string): string => `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn><AddtlInf>words</AddtlInf></StsRsnInf>`

describe('a table of results', () => {
  let batchId: string
  let payments: Payment[]
  beforeEach(async () => {
    scene = await FileScene.open()
    batchId = await scene.made(4)
    await scene.take(batchId)
    payments = scene.payments(batchId)
  })

  test('settles what it says, after it was shown', async () => {
    const table = resultsTable(payments.slice(0, 3), (_, place) =>
      place === 1 ? { status: 'FAILED', code: 'AC04', reason: 'account closed' } : { status: 'successful' },
    )
    const shown = await scene.preview(batchId, table)
    expect(shown).toMatchObject({ payments: { paid: 2, rejected: 1, review: 0 }, silent: 1, known: null })
    expect(scene.states(batchId)).toEqual({ acknowledged: 4 })
    await scene.bring(batchId, table)
    expect(scene.states(batchId)).toEqual({ paid: 2, rejected: 1, acknowledged: 1 })
    expect(scene.payments(batchId)[1]).toMatchObject({ reasonCode: 'AC04', reasonText: 'account closed' })
  })

  test('puts amounts and payees that are not what was approved under review', async () => {
    const table = resultsTable(payments, (_, place) =>
      place === 0 ? { amount: '1.00' } : place === 1 ? { payee_identifier: '+251999999999' } : {},
    )
    expect((await scene.preview(batchId, table)).payments).toMatchObject({ paid: 2, review: 2 })
    await scene.bring(batchId, table)
    const [one, two] = scene.payments(batchId)
    expect([one, two].map((payment) => [payment?.state, payment?.reasonCode])).toEqual([
      ['review', 'payment.mismatch'],
      ['review', 'payment.mismatch'],
    ])
  })

  test('says nothing with lines that are incomplete, unclear, of nobody or of another batch', async () => {
    const other = await scene.made(1, 'other', 50)
    await scene.take(other)
    const [theirs] = scene.payments(other)
    if (theirs === undefined) throw new Error('none')
    const table = resultsTable([...payments, theirs], (_, place) => {
      if (place === 0) return { amount: '' }
      if (place === 1) return { status: 'perhaps' }
      if (place === 2) return { request_id: '0f8fad5b-d9cb-469f-a165-70867728950e' }
      return place === 3 ? { request_id: 'nobody' } : {}
    })
    const shown = await scene.bring(batchId, table)
    expect(shown.lines).toMatchObject({
      word: 0,
      incomplete: 1,
      unclear: 1,
      'unknown-reference': 1,
      'no-reference': 1,
      'other-batch': 1,
    })
    expect(shown.notable.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6])
    expect(scene.states(batchId)).toEqual({ acknowledged: 4 })
    expect(scene.states(other)).toEqual({ acknowledged: 1 })
  })

  test('that says two things of one payment leads to review, and the same twice counts once', async () => {
    const [first, second] = payments
    if (first === undefined || second === undefined) throw new Error('none')
    const table = resultsTable([first, first, second, second], (_, place) => ({
      bank_reference: place < 2 ? 'B-1' : 'B-2',
      ...(place === 3 ? { status: 'FAILED' } : {}),
    }))
    const shown = await scene.bring(batchId, table)
    expect(shown.lines).toMatchObject({ word: 3, repeated: 1 })
    expect(shown.payments).toMatchObject({ paid: 1, review: 1 })
    const after = new Map(scene.payments(batchId).map((payment) => [payment.id, payment.state]))
    expect([after.get(first.id), after.get(second.id)]).toEqual(['paid', 'review'])
  })

  test('that contradicts what is settled leads to review', async () => {
    await scene.bring(batchId, resultsTable(payments))
    expect(scene.states(batchId)).toEqual({ paid: 4 })
    const later = resultsTable(payments.slice(0, 1), () => ({ status: 'FAILED', code: 'AC04' }))
    expect((await scene.preview(batchId, later)).payments).toMatchObject({ review: 1 })
    await scene.bring(batchId, later)
    expect(scene.payments(batchId)[0]).toMatchObject({ state: 'review', reasonCode: 'payment.contradiction' })
  })

  test('is taken in once: the same file again is refused, and changes nothing', async () => {
    const table = resultsTable(payments)
    await scene.bring(batchId, table)
    const before = scene.office.store.sql('SELECT count(*) FROM observation').pluck().get()
    expect((await scene.preview(batchId, table)).known).not.toBeNull()
    expect(await codeOf(scene.bring(batchId, table))).toBe('files.results-known')
    // Another file that says the same is no news either.
    await scene.bring(batchId, `${table}\r\n`)
    expect(scene.office.store.sql('SELECT count(*) FROM observation').pluck().get()).toBe(before)
  })

  test('is taken in only as it was shown', async () => {
    const uploadId = scene.upload(resultsTable(payments))
    const wish = { batchId, uploadId, digest: '0'.repeat(64) }
    expect(await codeOf(scene.office.results.apply('clerk', wish))).toBe('files.results-changed')
    expect(scene.states(batchId)).toEqual({ acknowledged: 4 })
  })

  test('cannot say in the name of this office that nobody had the file', async () => {
    const table = resultsTable(payments, () => ({ status: 'FAILED', code: 'files.never-handed-out' }))
    await scene.bring(batchId, table)
    expect(scene.payments(batchId).map(({ reasonCode }) => reasonCode)).toEqual(['', '', '', ''])
  })

  test.each([
    ['', 'registry.file-empty'],
    ['<!DOCTYPE html><html><body>Please sign in</body></html>', 'files.results-html'],
    ['request_id,status,amount\r\n1,PAID,1.00\r\n', 'files.results-no-column'],
    ['request_id,status,amount,payee_identifier,code,reason,bank_reference\r\n', 'files.results-no-lines'],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 1, 2, 3, 0, 0]), 'registry.file-not-a-table'],
    [
      'request_id,status,status,amount,payee_identifier,code,reason,bank_reference\r\n1,2,3\r\n',
      'files.results-column-twice',
    ],
  ])('that is none is told from one, and loses nothing (%#)', async (content, code) => {
    const told = await codeOf((async () => scene.preview(batchId, content as string))())
    expect(told).toBe(code)
    expect(scene.states(batchId)).toEqual({ acknowledged: 4 })
  })

  test('is refused when it is far too large', () => {
    expect(() => scene.office.results.begin('large.csv', 21_000_000)).toThrow('files.results-too-large')
  })

  test('whatever its cells hold, no payment is shown as paid that it does not call paid with amount and payee', async () => {
    const cell = fc.oneof(
      fc.constantFrom('PAID', 'FAILED', '', '100.00', '+251900000000', ...payments.map(({ id }) => id)),
      fc.string({ maxLength: 20 }).map((text) => text.replace(/[",\r\n]/g, ' ')),
    )
    const row = fc.array(cell, { minLength: 7, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const heading = 'request_id,status,amount,payee_identifier,code,reason,bank_reference'
        const shown = await scene
          .preview(batchId, [heading, ...rows.map((cells) => cells.join(','))].join('\n'))
          .catch(() => undefined)
        if (shown === undefined) return
        const could = rows.filter(
          ([id, status, amount, payee]) =>
            status?.trim() === 'PAID' &&
            payments.some(
              (payment) =>
                payment.id === id?.trim() &&
                Number(amount) * 100 === payment.amount &&
                payment.payeeAddress.endsWith(payee?.trim() || '-'),
            ),
        )
        expect(shown.payments.paid).toBeLessThanOrEqual(could.length)
      }),
      { numRuns: 12 },
    )
  })
})

describe('results of a file that nobody had', () => {
  test('settle nothing: they show that somebody else uses its references', async () => {
    scene = await FileScene.open()
    const batchId = await scene.made(2)
    const shown = await scene.bring(batchId, resultsTable(scene.payments(batchId)))
    expect(shown.lines).toMatchObject({ 'not-handed-out': 2 })
    expect(scene.states(batchId)).toEqual({ review: 2 })
    expect(() => scene.office.files.withdraw('clerk', { batchId, reason: 'a try' })).toThrow('files.may-be-outside')
  })
})

describe('a pain.002', () => {
  let batchId: string
  let payments: Payment[]
  let messageId: string
  beforeEach(async () => {
    scene = await FileScene.open(forms['pain.001'])
    batchId = await scene.made(3)
    const { content } = await scene.take(batchId)
    payments = scene.payments(batchId)
    messageId = /<MsgId>([0-9a-f]{32})<\/MsgId>/.exec(content)?.[1] ?? ''
  })

  test('settles by the references of the file, and waits with what is under way', async () => {
    const [one, two, three] = payments as [Payment, Payment, Payment]
    await scene.bring(
      batchId,
      report(messageId, [
        transaction(one, 'ACSC', '<AcctSvcrRef>S-1</AcctSvcrRef>'),
        transaction(two, 'RJCT', reason('AC04')),
        transaction(three, 'ACSP'),
      ]),
    )
    const after = new Map(scene.payments(batchId).map((payment) => [payment.id, payment]))
    expect(after.get(one.id)).toMatchObject({ state: 'paid', theirReference: 'S-1' })
    expect(after.get(two.id)).toMatchObject({ state: 'rejected', reasonCode: 'AC04' })
    expect(after.get(three.id)).toMatchObject({ state: 'acknowledged' })
  })

  test('of another amount or account leads to review', async () => {
    const [one, two] = payments as [Payment, Payment]
    const amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="ETB">1.00</InstdAmt></Amt></OrgnlTxRef>'
    const account = '<OrgnlTxRef><CdtrAcct><Id><Othr><Id>+251999999999</Id></Othr></Id></CdtrAcct></OrgnlTxRef>'
    await scene.bring(batchId, report(messageId, [transaction(one, 'ACCC', amount), transaction(two, 'ACCC', account)]))
    expect(scene.states(batchId)).toEqual({ review: 2, acknowledged: 1 })
  })

  test('that calls the file a repetition refuses nothing', async () => {
    const [one] = payments as [Payment]
    const refused = `<GrpSts>RJCT</GrpSts>${reason('DU01')}`
    const shown = await scene.bring(batchId, report(messageId, [], { group: refused }))
    expect(shown.whole).toMatchObject({ status: 'duplicate', code: 'DU01' })
    await scene.bring(batchId, report(messageId, [transaction(one, 'RJCT', reason('AM05'))]))
    expect(scene.states(batchId)).toEqual({ acknowledged: 3 })
  })

  test('that refuses the whole file rejects each payment, without any proof that no money moved', async () => {
    await scene.bring(batchId, report(messageId, [], { group: `<GrpSts>RJCT</GrpSts>${reason('FF01')}` }))
    expect(scene.states(batchId)).toEqual({ rejected: 3 })
  })

  test('that accepts the whole file pays nobody by that', async () => {
    await scene.bring(batchId, report(messageId, [], { group: '<GrpSts>ACSC</GrpSts>' }))
    expect(scene.states(batchId)).toEqual({ acknowledged: 3 })
  })

  test('on another message is no word about this batch', async () => {
    const shown = await scene.bring(
      batchId,
      report(
        'f'.repeat(32),
        payments.map((payment) => transaction(payment, 'ACSC')),
      ),
    )
    expect(shown.lines).toMatchObject({ word: 0, 'other-batch': 3 })
    expect(scene.states(batchId)).toEqual({ acknowledged: 3 })
  })

  test('with a document type, an entity, a broken end or another root is refused', async () => {
    const [one] = payments as [Payment]
    const good = report(messageId, [transaction(one, 'ACSC')])
    const head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    const cases = [
      [report(messageId, [transaction(one, 'ACSC')], { head }), 'files.results-doctype'],
      [good.replace('ACSC', '&b;'), 'files.results-not-xml'],
      [good.slice(0, -40), 'files.results-not-xml'],
      [good.replace('pain.002.001.10', 'camt.053.001.08'), 'files.results-other-report'],
      [`<a>${'<b>'.repeat(100)}`, 'files.results-other-report'],
      [good.replace('<GrpHdr>', `<GrpHdr>${'<x>'.repeat(100)}`), 'files.results-not-xml'],
    ] as const
    for (const [text, code] of cases) expect(await codeOf(scene.preview(batchId, text))).toBe(code)
    expect(await codeOf(scene.preview(batchId, Buffer.from(good.replace('BANK-1', 'BÄNK'), 'latin1')))).toBe(
      'files.results-encoding',
    )
    expect(await codeOf(scene.preview(batchId, Buffer.from(`\ufeff${good}`, 'utf16le')))).toBe('fine')
    expect(scene.states(batchId)).toEqual({ acknowledged: 3 })
  })
})
