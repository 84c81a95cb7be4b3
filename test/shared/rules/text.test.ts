import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanLine, cleanLines, fromSpreadsheet, spreadsheetSafe } from '../../../shared/rules/text.ts'

const codes = (text: string, maximum?: number) => cleanLine(text, maximum).problems.map((problem) => problem.code)

describe('cleanLine', () => {
  it('puts right what nobody meant', () => {
    expect(cleanLine('  Abebe \t Bikila\u00a0 ')).toEqual({ text: 'Abebe Bikila', problems: [] })
    expect(cleanLine('Jose\u0301\n')).toEqual({ text: 'José', problems: [] })
    expect(cleanLine('\ufeffA\u200bma\u00adra')).toEqual({ text: 'Amara', problems: [] })
    expect(cleanLine('\u200fمحمد\u200e')).toEqual({ text: 'محمد', problems: [] })
  })

  it('keeps the joiners that Persian and Sinhala names need, and drops them where they only hide', () => {
    expect(cleanLine('علی‌رضا').text).toBe('علی‌رضا')
    expect(cleanLine('ශ්‍රී').text).toBe('ශ්‍රී')
    expect(cleanLine('Ali\u200d\u200dya').text).toBe('Aliya')
  })

  it.each([
    ['A\u0000B', 'text.control-character'],
    ['A\u009fB', 'text.control-character'],
    ['A\nB', 'text.line-break'],
    ['A\u2028B', 'text.line-break'],
    ['A\u202eB', 'text.bidi-control'],
    ['\u2067A', 'text.bidi-control'],
    ['A\u{e0041}B', 'text.invisible-character'],
    ['A\ud800B', 'text.broken-character'],
    ['A\ufffdB', 'text.broken-character'],
  ])('refuses %j', (text, code) => {
    expect(codes(text)).toEqual([code])
  })

  it('refuses what is too long and shows a start that is whole', () => {
    const { text, problems } = cleanLine('😀'.repeat(101), 3)
    expect(problems).toEqual([{ code: 'text.too-long', params: { maximum: 3 } }])
    expect(text).toBe('😀')
    expect(codes('x'.repeat(10_000_000))).toEqual(['text.too-long'])
  })

  it('has nothing left to clean in what it gives back', () => {
    const nasty = fc.constantFrom(...'\u200c\u200d\u0301\u202e\ufeff\u0dca\v\0\r\n\t e', 'ا')
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: nasty, maxLength: 12 }))
    fc.assert(
      fc.property(texts, (text) => {
        for (const clean of [(each: string) => cleanLine(each), (each: string) => cleanLines(each, 200)]) {
          const once = clean(text).text
          expect(clean(once)).toEqual({ text: once, problems: [] })
          expect(once.isWellFormed()).toBe(true)
          expect(once).toBe(once.normalize('NFC').trim())
        }
      }),
    )
  })
})

describe('cleanLines', () => {
  it('keeps lines and cleans each', () => {
    expect(cleanLines(' Kebele 3 \r\n  House  12\r', 500)).toEqual({ text: 'Kebele 3\nHouse 12', problems: [] })
    expect(cleanLines('A\u202eB\nC', 500).problems.map(({ code }) => code)).toEqual(['text.bidi-control'])
  })
})

describe('spreadsheetSafe', () => {
  it.each(['=1+1', '+251911', '-1', '@SUM(A1)', '\tx', '\rx', "'=x", '＝1'])('disarms %j', (text) => {
    expect(spreadsheetSafe(text)).toBe(`'${text}`)
  })

  it('leaves ordinary text and ordinary apostrophes alone', () => {
    for (const text of ['Abebe', "'Abebe", "O'Neil", '', '12=3']) {
      expect(spreadsheetSafe(text)).toBe(text)
      expect(fromSpreadsheet(text)).toBe(text)
    }
  })

  it('comes back exactly', () => {
    const unit = fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1', ' ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
        expect(fromSpreadsheet(spreadsheetSafe(text))).toBe(text)
        expect(spreadsheetSafe(text)).not.toMatch(/^[=+\-@\t\r]/)
      }),
    )
  })
})
