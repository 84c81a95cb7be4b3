import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { type FileField, fileFields, openG2PColumns } from '../../../../shared/model/payment-file.ts'
import { writeCsv } from '../../../../shared/rules/payment-file/csv-file.ts'
import { copyName, fileName, findReference } from '../../../../shared/rules/payment-file/file-name.ts'
import { fileRow } from '../../../../shared/rules/payment-file/file-row.ts'
import { readVoucher, voucherText } from '../../../../shared/rules/payment-file/voucher.ts'
import { fromSpreadsheet } from '../../../../shared/rules/text.ts'
import { anyLines, frame } from './payment-lines.ts'

const column = (field: FileField, text = '') => ({ field, heading: field, text })
const all = fileFields.map((field) => column(field, '=danger'))
const line = {
  paymentId: '6f1d1c1e-4b0e-5d53-9c1f-1f2c8a7b9e55',
  entitlementId: 'e',
  attempt: 1,
  registrantId: 'r',
  payeeId: 'p',
  payeeName: 'Abebe Bikila',
  payeeAddress: 'account_no:10001@ABCDETAA',
  amount: 125_050,
}

describe('a row of a payment file', () => {
  it('has the columns of OpenG2P in its order', () => {
    expect(openG2PColumns.map(({ heading }) => heading)).toEqual([
      ...['id', 'request_id', 'payment_mode', 'payer_identifier_type', 'payer_identifier'],
      ...['payee_identifier_type', 'payee_identifier', 'amount', 'currency', 'note'],
    ])
    expect(fileRow(openG2PColumns, line, 0, frame)).toEqual({
      ok: true,
      value: [
        ...['0', line.paymentId, 'MOJALOOP', 'account_no', '1000', 'account_no', '10001', '1250.50', 'ETB'],
        'Payment for May 2026 under Safety net',
      ],
    })
  })

  it('is no formula in any cell, and says the same once the mark is taken off', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        for (const [place, one] of lines.entries()) {
          const row = fileRow(all, one, place, frame)
          if (!row.ok) throw new Error(row.error.code)
          for (const cell of row.value) expect(cell).not.toMatch(/^[=@\t\r\n-]|^\+(?!\d+$)/)
          const name = row.value[fileFields.indexOf('payee_name')] ?? ''
          expect(fromSpreadsheet(name)).toBe(one.payeeName)
          expect(row.value[fileFields.indexOf('reference')]).toBe(one.paymentId)
        }
      }),
    )
  })

  it('never puts anything in front of an account: one that could be a formula has no row', () => {
    for (const payeeAddress of ['=1+1', '@account', '-5', '+1+1']) {
      expect(fileRow([column('payee_id')], { ...line, payeeAddress }, 0, frame)).toMatchObject({
        ok: false,
        error: { code: 'file.looks-like-formula' },
      })
    }
    expect(fileRow([column('payee_id')], { ...line, payeeAddress: 'phone:+251911000000' }, 0, frame)).toEqual({
      ok: true,
      value: ['+251911000000'],
    })
  })
})

describe('a table as text', () => {
  const form = fc.record({
    delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const),
    lineEnd: fc.constantFrom('crlf' as const, 'lf' as const),
    byteOrderMark: fc.boolean(),
  })
  const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '"', 'a,b', 'a;b', 'two\r\nlines', ' '))
  const table = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))

  it('reads back cell by cell in another reader', () => {
    fc.assert(
      fc.property(table, form, (rows, chosen) => {
        const text = writeCsv(rows, chosen)
        expect(text.startsWith('\ufeff')).toBe(chosen.byteOrderMark)
        const { data } = Papa.parse<string[]>(chosen.byteOrderMark ? text.slice(1) : text, {
          delimiter: chosen.delimiter,
          newline: chosen.lineEnd === 'crlf' ? '\r\n' : '\n',
        })
        expect(data.slice(0, -1)).toEqual(rows)
      }),
    )
  })
})

describe('names and references', () => {
  it('are found again however a bank writes them', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), fc.boolean(), (id, dashes, capitals) => {
        const text = dashes ? id : id.replaceAll('-', '')
        expect(findReference(` ${capitals ? text.toUpperCase() : text} `)).toBe(id)
      }),
    )
    expect(findReference('not a reference')).toBeUndefined()
  })

  it('of a file hold its number and nobody', () => {
    const name = fileName('0f8fad5b-d9cb-469f-a165-70867728950e', Date.UTC(2026, 4, 31))
    expect(copyName(name, 'pain.001', 2)).toBe('payments-20260531-0f8fad5bd9cb469f-copy-2.xml')
  })

  it('of a voucher come back from its code, and nothing else does', () => {
    const check = 'ABCDEFGHIJKLMNOP'
    expect(readVoucher(voucherText(line.paymentId, check))).toEqual({ reference: line.paymentId, check })
    expect(readVoucher(voucherText(line.paymentId, check).slice(0, -1))).toBeUndefined()
    expect(readVoucher('https://example.org')).toBeUndefined()
  })
})
