import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../../../shared/rules/filter/index.ts'

describe('text without its case', () => {
  it.each([
    ['ALMAZ', 'almaz'],
    ['ÉTÉ', 'e\u0301te\u0301'],
    ['STRASSE', 'straße'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύς'],
    ['İZMİR', 'izmir'],
    ['МАРИЯ', 'мария'],
    ['𐐀', '𐐨'],
    ['አልማዝ', 'አልማዝ'],
  ])('%s and %s are the same', (left, right) => {
    expect(fold(left)).toBe(fold(right))
  })

  it.each([
    ['e', 'é'],
    ['علي', 'عَلي'],
  ])('%s and %s stay different', (left, right) => {
    expect(fold(left)).not.toBe(fold(right))
  })

  it('does not depend on the position in a word', () => {
    const letter = fc.constantFrom('Σ', 'σ', 'ς', 'Α', 'ß', 'I', 'i', 'İ', 'É', 'x', ' ')
    fc.assert(
      fc.property(fc.array(letter), fc.array(letter), (left, right) => {
        expect(fold([...left, ...right].join(''))).toBe(fold(left.join('')) + fold(right.join('')))
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })
})
