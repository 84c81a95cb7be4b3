import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { all, any, check, everything, fromRules, parse, print, toRules } from '../../../../shared/rules/filter/index.ts'
import { conditions, payment } from './sample.ts'

describe('the filter builder', () => {
  it('shows and writes any flat list of conditions', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 5 }), fc.constantFrom(all, any), (terms, join) => {
        const domain = terms.length === 0 ? everything : join(terms)
        const shown = toRules(domain)
        if (!shown.ok) throw new Error(shown.error.code)
        expect(fromRules(shown.rules)).toEqual(domain)
      }),
    )
  })

  it.each([
    "['!', ('code', '=', 'a')]",
    "[('code', '=', 'a'), '|', ('code', '=', 'b'), ('held', '=', True)]",
    "[(0, '=', 1)]",
    "[(0, '=', 1), ('code', '=', 'a')]",
  ])('leaves %s to its text', (text) => {
    const parsed = parse(text)
    if (!parsed.ok) throw new Error(parsed.error.code)
    expect(toRules(parsed.domain)).toMatchObject({ ok: false, error: { code: 'filter.too-complex-for-builder' } })
  })

  it('writes the syntax that officers know', () => {
    const domain = fromRules({
      match: 'any',
      rules: [
        { field: 'partner_id.mode_of_payment', operator: '=', value: 'digital' },
        { field: 'state', operator: '=', value: ['prepared', 'sent'] },
      ],
    })
    expect(print(domain)).toBe(
      "['|', ('partner_id.mode_of_payment', '=', 'digital'), ('state', 'in', ['prepared', 'sent'])]",
    )
  })

  it('refuses values that no text could hold', () => {
    const rule = { field: 'code', operator: '=' } as const
    for (const [value, code] of [
      ['a\0', 'filter.bad-text'],
      ['\ud83d', 'filter.bad-text'],
      ['a'.repeat(1001), 'filter.too-long'],
    ] as const) {
      const refused = check(fromRules({ match: 'all', rules: [{ ...rule, value }] }), payment)
      expect(refused).toMatchObject({ ok: false, error: { code } })
    }
    const notANumber = fromRules({ match: 'all', rules: [{ field: 'attempt', operator: '>', value: Number.NaN }] })
    expect(check(notANumber, payment)).toMatchObject({ ok: false, error: { code: 'filter.wrong-value' } })
  })
})
