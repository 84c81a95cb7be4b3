import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileIn, rowsIn } from '../../../../electron/peers/payment-hub/csv-file.ts'
import type { SubmissionLine } from '../../../../shared/model/batch.ts'
import { findCurrencyDigits } from '../../../../shared/rules/currency.ts'
import { arrangeFiles } from '../../../../shared/rules/payment-hub/arrangement.ts'
import {
  amountCell,
  duplicateKey,
  HEADER,
  noteCell,
  payeeCell,
  payerCells,
  rowOf,
  writeFile,
} from '../../../../shared/rules/payment-hub/row.ts'
import { linesOfPart, partAt, partsOf } from '../../../../shared/rules/submission-parts.ts'
import { facts, hubSettings } from './hub-settings.ts'

const line = (more: Partial<SubmissionLine> = {}): SubmissionLine => ({
  paymentId: '0b6e4c1c-2c0e-4f57-8a0b-4c7a9a6f5d01',
  entitlementId: 'e',
  attempt: 1,
  registrantId: 'r',
  payeeId: 'p',
  payeeName: 'Abebe, "Bikila"',
  payeeAddress: 'phone:+254495800001',
  amount: 120_000,
  ...more,
})

const text = fc.string({ unit: 'binary', maxLength: 60 })
const decimals = hubSettings({ amounts: 'decimals' })

describe('a row', () => {
  test('has ten cells in the hub’s order, and nothing about the person’s name', () => {
    const row = rowOf(line(), facts, hubSettings())
    expect(row.ok && writeFile([row.value])).toBe(
      `${HEADER.join(',')}\n0,0b6e4c1c-2c0e-4f57-8a0b-4c7a9a6f5d01,MOJALOOP,MSISDN,0413500001,MSISDN,254495800001,1200,KES,Old age grant October2026`,
    )
  })

  test('whatever stands in names, addresses and amounts, what is written is read back cell by cell', () => {
    const types = fc.constantFrom('MSISDN', 'ACCOUNT_ID', 'PERSONAL_ID', 'EMAIL', 'IBAN')
    fc.assert(
      fc.property(
        types,
        fc.oneof(text, fc.string({ maxLength: 40 })),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom('KES', 'UGX', 'KWD'),
        text,
        text,
        (payeeIdentifierType, address, amount, currency, programmeName, cycleName) => {
          const settings = hubSettings({ amounts: 'decimals', payeeIdentifierType })
          const row = rowOf(
            line({ payeeAddress: address, amount }),
            { ...facts, currency, programmeName, cycleName },
            settings,
          )
          if (!row.ok) return
          const csv = writeFile([row.value, row.value])
          expect(csv.split('\n')).toHaveLength(3)
          expect(csv).toMatch(/^[\n -~]+$/)
          expect(csv).not.toMatch(/["']|\n\n|\n$/)
          for (const read of rowsIn(csv)) {
            expect(read.requestId).toBe(row.value.request_id)
            expect(read.payee).toBe(row.value.payee_identifier)
            expect(read.amount).toBe(row.value.amount)
            expect(read.currency).toBe(currency)
          }
          expect(csv.split('\n').every((one) => one.split(',').length === HEADER.length)).toBe(true)
          expect(fileIn(`--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n${csv}\r\n--b--\r\n`)).toBe(csv)
        },
      ),
    )
  })

  test('payees that cannot be written are refused, never changed', () => {
    const accounts = hubSettings({ payeeIdentifierType: 'ACCOUNT_ID' })
    for (const bad of [
      'account:12,34',
      'account:12"34',
      "account:12'34",
      'account:١٢٣',
      `account:${'1'.repeat(129)}`,
    ]) {
      expect(payeeCell(bad, accounts)).toMatchObject({ ok: false, error: { code: 'hub.payee-not-writable' } })
    }
    expect(payeeCell('account:12-34/5.6@ABCDKENA', accounts)).toEqual({ ok: true, value: '12-34/5.6' })
    expect(payeeCell('account:12-34', hubSettings())).toMatchObject({ error: { code: 'hub.payee-not-phone' } })
    expect(payeeCell('phone:+254711000111', hubSettings())).toEqual({ ok: true, value: '254711000111' })
  })

  test('a file names no bank, so only one bank is paid where accounts are', () => {
    const settings = hubSettings({ payeeIdentifierType: 'ACCOUNT_ID', payeeBank: 'ABCDKENA' })
    expect(payeeCell('account:1234@abcdkena', settings)).toEqual({ ok: true, value: '1234' })
    expect(payeeCell('account:1234@OTHRKENA', settings)).toMatchObject({
      error: { code: 'hub.other-bank', params: { bank: 'ABCDKENA' } },
    })
    expect(payeeCell('account:1234', settings)).toMatchObject({ error: { code: 'hub.other-bank' } })
  })

  test('the payer is named by a type of Mojaloop, or by nobody where the hub puts it in', () => {
    expect(payerCells('msisdn:12ab', hubSettings())).toMatchObject({ ok: false })
    expect(payerCells('MSISDN:+254413500001', hubSettings())).toEqual({
      ok: true,
      value: { type: 'MSISDN', id: '254413500001' },
    })
    for (const bad of ['account:1@bank', 'PHONE:123456', 'ACCOUNT_ID:1@bank']) {
      expect(payerCells(bad, hubSettings())).toMatchObject({ error: { code: 'hub.payer-not-writable' } })
    }
    const budget = hubSettings({ payer: { kind: 'institution', institutionId: 'MinistryA', programmeId: 'OAG' } })
    expect(payerCells('', budget)).toEqual({ ok: true, value: { type: '', id: '' } })
  })

  test('amounts are whole or as Mojaloop writes them, and never rounded', () => {
    expect(amountCell(120_000, 'KES', 'whole-units')).toEqual({ ok: true, value: '1200' })
    expect(amountCell(120_050, 'KES', 'whole-units')).toMatchObject({
      error: { code: 'hub.amount-not-whole', params: { currency: 'KES' } },
    })
    expect(amountCell(120_050, 'KES', 'decimals')).toEqual({ ok: true, value: '1200.5' })
    expect(amountCell(500, 'UGX', 'whole-units')).toEqual({ ok: true, value: '500' })
    expect(amountCell(1, 'KWD', 'decimals')).toEqual({ ok: true, value: '0.001' })
    expect(amountCell(0, 'KES', 'decimals')).toMatchObject({ ok: false })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999_999_999 }),
        fc.constantFrom('KES', 'UGX', 'KWD'),
        (minor, code) => {
          const cell = amountCell(minor, code, 'decimals')
          expect(cell.ok && Math.round(Number(cell.value) * 10 ** (findCurrencyDigits(code) ?? 0))).toBe(minor)
          expect(cell.ok && cell.value).toMatch(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/)
        },
      ),
    )
  })

  test('a note is never empty and never more than its cell', () => {
    fc.assert(
      fc.property(text, text, (programmeName, cycleName) => {
        expect(noteCell({ programmeName, cycleName })).toMatch(
          /^[A-Za-z0-9().:/_-](?:[A-Za-z0-9 ().:/_-]{0,58}[A-Za-z0-9().:/_-])?$/,
        )
      }),
    )
    expect(noteCell({ programmeName: 'منحة', cycleName: 'أكتوبر' })).toBe('Payment')
  })
})

describe('the files of a submission', () => {
  const lines = fc
    .array(fc.record({ payee: fc.integer({ min: 1, max: 6 }), amount: fc.constantFrom(100, 1_100, 11_100) }), {
      minLength: 1,
      maxLength: 60,
    })
    .map((all) =>
      all.map(({ payee, amount }, index) =>
        // Without a mark between, ‘…1’ + ‘1…’ of one row is ‘…’ + ‘11…’ of another.
        line({ paymentId: `id-${index}`, payeeAddress: `phone:+25471100011${payee}`, amount }),
      ),
    )

  test('hold every payment once, none over the limits, and no two that are one payment to the hub', () => {
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 1_000, max: 2_500 }),
        fc.integer({ min: 1, max: 20 }),
        (all, fileLimit, most) => {
          const settings = hubSettings({ amounts: 'decimals', fileLimit })
          const arranged = arrangeFiles(all, facts, settings, most)
          if (!arranged.ok) throw new Error(arranged.error.code)
          const submission = {
            lines: [...arranged.value.lines],
            partStarts: [...arranged.value.partStarts],
            count: all.length,
            partSize: most,
          }
          const parts = partsOf(submission, () => false)
          const sent = parts.flatMap((part) => linesOfPart(submission, part))
          expect(sent.map(({ paymentId }) => paymentId).sort()).toEqual(all.map(({ paymentId }) => paymentId).sort())
          for (const [place, { paymentId }] of sent.entries()) {
            const part = partAt(submission, place, () => false)
            expect(linesOfPart(submission, part).some((one) => one.paymentId === paymentId)).toBe(true)
          }
          for (const part of parts) {
            const rows = linesOfPart(submission, part).map((one) => {
              const row = rowOf(one, facts, settings)
              if (!row.ok) throw new Error(row.error.code)
              return row.value
            })
            expect(rows.length).toBeLessThanOrEqual(most)
            expect(Buffer.byteLength(writeFile(rows))).toBeLessThanOrEqual(fileLimit)
            expect(new Set(rows.map(duplicateKey)).size).toBe(rows.length)
          }
        },
      ),
    )
  })

  test('are as few as equal rows allow', () => {
    const twins = Array.from({ length: 40 }, (_, index) =>
      line({ paymentId: `id-${index}`, payeeAddress: `phone:+2547110001${String(index >> 1).padStart(2, '0')}` }),
    )
    const arranged = arrangeFiles(twins, facts, hubSettings(), 1_000)
    expect(arranged.ok && arranged.value.partStarts).toEqual([0, 20])
  })

  test('a thousand rows keep to 100,000 bytes each', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      line({
        paymentId: `0b6e4c1c-2c0e-4f57-8a0b-${String(index).padStart(12, '0')}`,
        payeeAddress: `phone:+2547${String(index).padStart(8, '0')}`,
      }),
    )
    const arranged = arrangeFiles(many, facts, hubSettings(), 1_000)
    expect(arranged.ok && arranged.value.partStarts.length).toBe(2)
  })

  test('one payment that cannot be written refuses them all', () => {
    const refused = arrangeFiles([line(), line({ amount: 120_050 })], facts, hubSettings(), 10)
    expect(refused).toMatchObject({ ok: false, error: { code: 'hub.amount-not-whole' } })
    expect(arrangeFiles([line({ amount: 120_050 })], facts, decimals, 10).ok).toBe(true)
  })
})

test('rows are equal by the hub’s rule: payee, type, amount and currency, without a mark between', () => {
  const key = (payee: string, amount: number) => {
    const settings = hubSettings({ payeeIdentifierType: 'ACCOUNT_ID' })
    const row = rowOf(line({ payeeAddress: `account:${payee}`, amount }), facts, settings)
    return row.ok ? duplicateKey(row.value) : ''
  }
  expect(key('17', 100)).toBe('17ACCOUNT_ID1KES')
  expect(key('17', 100)).toBe(key('17', 100))
  expect(key('17', 100)).not.toBe(key('17', 200))
})
