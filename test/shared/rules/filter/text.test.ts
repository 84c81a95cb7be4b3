import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, type Domain, limits, parse, prepare, print } from '../../../../shared/rules/filter/index.ts'
import { domains, payment, withoutPlaces } from './sample.ts'

function domainOf(text: string): Domain {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return withoutPlaces(parsed.domain)
}

/** The refusal as `code @ the marked text`; a place at the very end is `<end>`. */
function refusal(text: string): string {
  const parsed = parse(text)
  const result = parsed.ok ? check(parsed.domain, payment) : parsed
  if (result.ok) return 'fine'
  const { code, offset, length } = result.error
  return `${code} @ ${offset === text.length ? '<end>' : text.slice(offset, offset + length)}`
}

const canonical = (text: string): string => print(domainOf(text))

describe('reading a filter', () => {
  it.each([
    ['[]', '[]'],
    [' [ ] ', '[]'],
    ["[('a','=',1)]", "[('a', '=', 1)]"],
    ["[['a','=',1],]", "[('a', '=', 1)]"],
    ["[('a', '=', 1,), ]", "[('a', '=', 1)]"],
    ["[('a', '==', 1), ('b', '<>', 2)]", "[('a', '=', 1), ('b', '!=', 2)]"],
    ["[('a', 'NOT  IN', (1,))]", "[('a', 'not in', [1])]"],
    ["[('a', '=', [1, 2])]", "[('a', 'in', [1, 2])]"],
    ["[('a', '!=', ())]", "[('a', 'not in', [])]"],
    ["[('a', 'in', False)]", "[('a', '=', False)]"],
    ["[('a', 'not in', None)]", "[('a', '!=', None)]"],
    ["[('a', '=', ('b'))]", "[('a', '=', 'b')]"],
    ["['|', ('a','=',1), ('b','=',2), ('c','=',3)]", "['|', ('a', '=', 1), ('b', '=', 2), ('c', '=', 3)]"],
    ["['&', ('a','=',1), '&', ('b','=',2), ('c','=',3)]", "[('a', '=', 1), ('b', '=', 2), ('c', '=', 3)]"],
    ["['|', '|', ('a','=',1), ('b','=',2), ('c','=',3)]", "['|', '|', ('a', '=', 1), ('b', '=', 2), ('c', '=', 3)]"],
    [
      "['|', '&', ('a','=',1), ('b','=',2), '!', ('c','=',3)]",
      "['|', '&', ('a', '=', 1), ('b', '=', 2), '!', ('c', '=', 3)]",
    ],
    ["['!', '!', ('a','=',1)]", "[('a', '=', 1)]"],
    ["[(1,'=',1)]", '[]'],
    ["['!', (1,'=',1)]", "['!', (1, '=', 1)]"],
    ["[(0, '=', 1), ('a','=',1)]", "[(0, '=', 1), ('a', '=', 1)]"],
    ['[("a", "=", "it\'s")]', "[('a', '=', 'it\\'s')]"],
    ["[('a', '=', u'x')]", "[('a', '=', 'x')]"],
    [String.raw`[('a', '=', '\x41\u00e9\U0001F600\101\t\\')]`, String.raw`[('a', '=', 'Aé😀A\t\\')]`],
    [String.raw`[('a', 'like', '50\%')]`, String.raw`[('a', 'like', '50\\%')]`],
    ["[('a', '=', '\u202eabc')]", String.raw`[('a', '=', '\u202eabc')]`],
    [
      "[('a','in',[-1, +2, 1_000, 1., .5, 1e3, 2E-1, -0, -0.0, 00])]",
      "[('a', 'in', [-1, 2, 1000, 1, 0.5, 1000, 0.2, 0, 0, 0])]",
    ],
    ["[\n\t('a', '=', True) ,\r\n ('b','=',None)]", "[('a', '=', True), ('b', '=', None)]"],
  ])('reads %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  it('binds "&" and "|" to the two terms after them and joins the rest by "and"', () => {
    expect(domainOf("[('a','=',1), '|', ('b','=',2), ('c','=',3), ('d','=',4)]")).toEqual({
      kind: 'all',
      terms: [
        { kind: 'condition', field: 'a', operator: '=', value: 1 },
        {
          kind: 'any',
          terms: [
            { kind: 'condition', field: 'b', operator: '=', value: 2 },
            { kind: 'condition', field: 'c', operator: '=', value: 3 },
          ],
        },
        { kind: 'condition', field: 'd', operator: '=', value: 4 },
      ],
    })
  })

  it('reads back what it has written', () => {
    fc.assert(
      fc.property(domains, (domain) => {
        expect(domainOf(print(domain))).toEqual(domain)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads back any text value and any number', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !text.includes('\0')),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    )
    fc.assert(
      fc.property(value, (made) => {
        // Integers beyond what is exact are refused; print writes such numbers only with an exponent.
        fc.pre(
          typeof made !== 'number' || !Number.isInteger(made) || Number.isSafeInteger(made) || Math.abs(made) >= 1e21,
        )
        const domain: Domain = { kind: 'condition', field: 'a', operator: '=', value: made }
        expect(domainOf(print(domain))).toEqual(domain)
      }),
    )
  })
})

describe('a filter that is wrong', () => {
  it.each([
    ['', 'filter.unexpected-end @ <end>'],
    ['[', 'filter.unexpected-end @ <end>'],
    ["[('code', '=', 'a')", 'filter.unexpected-end @ <end>'],
    ["[('code', '=', 'a'", 'filter.unexpected-end @ <end>'],
    ["('code', '=', 'a')", 'filter.unexpected @ ('],
    ["[('code', '=', 'a')] []", 'filter.unexpected @ ['],
    ["[('code', '=', 'a'),,]", 'filter.unexpected @ ,'],
    ["[('code', '=', 'a') ('code', '=', 'b')]", 'filter.unexpected @ ('],
    ["[('code', '=', 'a']", 'filter.unexpected @ ]'],
    ["[('code', '=')]", 'filter.unexpected @ )'],
    ["[('code', '=', 'a', 'b')]", "filter.unexpected @ 'b'"],
    ["[('code', '=', 'a' 'b')]", "filter.unexpected @ 'b'"],
    ["[('code', '=', ('a' 'b'))]", "filter.unexpected @ 'b'"],
    ["[('code', 'in', [['a']])]", 'filter.unexpected @ ['],
    ["[('code', 'in', (,))]", 'filter.unexpected @ ,'],
    ["[('code', '=', {})]", 'filter.unexpected @ {'],
    ["[('code', '=', 'a')] # all", 'filter.unexpected @ #'],
    ["[(2, '=', 1)]", 'filter.unexpected @ 2'],
    ["[('code', '=', uid)]", 'filter.unknown-name @ uid'],
    ["[('code', '=', context_today())]", 'filter.unknown-name @ context_today'],
    ["[('held', '=', TRUE)]", 'filter.unknown-name @ TRUE'],
    ["[('code', '=', f'a')]", 'filter.unknown-name @ f'],
    ["[('code', '=', 'a)]", "filter.unterminated-text @ 'a)]"],
    ["[('code', '=', 'a\n')]", "filter.unterminated-text @ 'a"],
    [String.raw`[('code', '=', 'a\x4')]`, String.raw`filter.bad-escape @ \x4`],
    [String.raw`[('code', '=', '\U00110000')]`, String.raw`filter.bad-escape @ \U00110000`],
    [String.raw`[('code', '=', '\N{BULLET}')]`, String.raw`filter.bad-escape @ \N`],
    [String.raw`[('code', '=', '\ud83d')]`, String.raw`filter.bad-text @ '\ud83d'`],
    [String.raw`[('code', '=', 'a\0')]`, String.raw`filter.bad-text @ 'a\0'`],
    ["[('attempt', '=', 007)]", 'filter.bad-number @ 007'],
    ["[('attempt', '=', 0x1F)]", 'filter.bad-number @ 0x1F'],
    ["[('attempt', '=', 1__0)]", 'filter.bad-number @ 1__0'],
    ["[('attempt', '=', 1e999)]", 'filter.bad-number @ 1e999'],
    ["[('attempt', '=', 9007199254740993)]", 'filter.bad-number @ 9007199254740993'],
    ["[('attempt', '=', 12abc)]", 'filter.bad-number @ 12abc'],
    ["['and', ('code', '=', 'a')]", "filter.unknown-logic @ 'and'"],
    ["['code', '=', 'a']", "filter.unknown-logic @ 'code'"],
    ["['|', ('code', '=', 'a')]", "filter.missing-term @ '|'"],
    ["[('code', '=', 'a'), '&', ('code', '=', 'b')]", "filter.missing-term @ '&'"],
    ["[('code', '=', 'a'), '!']", "filter.missing-term @ '!'"],
    ["[('code', 'is', 'a')]", "filter.unknown-operator @ 'is'"],
    ["[('partner_id', 'child_of', 'p1')]", "filter.unsupported-operator @ 'child_of'"],
    ["[('partner_id', 'any', [])]", "filter.unsupported-operator @ 'any'"],
    ["[('cod', '=', 'a')]", 'filter.unknown-field @ cod'],
    ["[('__proto__', '=', 'a')]", 'filter.unknown-field @ __proto__'],
    ["[('constructor', '=', 'a')]", 'filter.unknown-field @ constructor'],
    ["[('', '=', 'a')]", "filter.unknown-field @ ''"],
    ["[('partner_id.nane', '=', 'a')]", 'filter.unknown-field @ nane'],
    ["[('partner_id.village_id.nam', '=', 'a')]", 'filter.unknown-field @ nam'],
    ["[('code.name', '=', 'a')]", 'filter.not-a-reference @ code'],
    ["[('held', '<', True)]", "filter.wrong-operator @ '<'"],
    ["[('amount', 'like', '5')]", "filter.wrong-operator @ 'like'"],
    ["[('state', '>=', 'sent')]", "filter.wrong-operator @ '>='"],
    ["[('code', '=', 5)]", 'filter.wrong-value @ 5'],
    ["[('code', '=', True)]", 'filter.wrong-value @ True'],
    ["[('code', 'in', 'a')]", "filter.wrong-value @ 'a'"],
    ["[('code', 'in', ['a', 5])]", 'filter.wrong-value @ 5'],
    ["[('code', 'like', ['a'])]", "filter.wrong-value @ ['a']"],
    ["[('code', '=?', ['a'])]", "filter.wrong-value @ ['a']"],
    ["[('attempt', '=', '5')]", "filter.wrong-value @ '5'"],
    ["[('attempt', '>', False)]", 'filter.wrong-value @ False'],
    ["[('held', '=', 'yes')]", "filter.wrong-value @ 'yes'"],
    ["[('held', '=', 2)]", 'filter.wrong-value @ 2'],
    ["[('state', '=', 'send')]", "filter.unknown-value @ 'send'"],
    ["[('state', 'in', ['sent', 'payed'])]", "filter.unknown-value @ 'payed'"],
    ["[('due', '>=', '2026-02-30')]", "filter.bad-day @ '2026-02-30'"],
    ["[('due', '=', '1 January')]", "filter.bad-day @ '1 January'"],
  ])('%s is refused with the place', (text, expected) => {
    expect(refusal(text)).toBe(expected)
  })

  it('says which name was probably meant', () => {
    const parsed = parse("[('partner_id.mode_of_paiment', '=', 'cash')]")
    if (!parsed.ok) throw new Error('Not read')
    expect(check(parsed.domain, payment)).toEqual({
      ok: false,
      error: {
        code: 'filter.unknown-field',
        offset: 14,
        length: 15,
        params: { field: 'mode_of_paiment', record: 'person', suggestion: 'mode_of_payment', context: 'suggestion' },
      },
    })
  })

  it('never throws and always points inside the text', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      ',',
      "'",
      '"',
      '\\',
      '|',
      '&',
      '!',
      "'|'",
      'True',
      '\ud83d',
      '\n',
      '0',
      '.',
      'é',
      '😀',
      '#',
      'u',
      ' ',
    )
    const edit = fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.array(pieces, { maxLength: 3 }))
    fc.assert(
      fc.property(domains, fc.array(edit, { minLength: 1, maxLength: 4 }), (domain, edits) => {
        let text = print(domain)
        for (const [at, removed, inserted] of edits) {
          const from = at % (text.length + 1)
          text = text.slice(0, from) + inserted.join('') + text.slice(from + removed)
        }
        const parsed = parse(text)
        const result = parsed.ok ? check(parsed.domain, payment) : parsed
        if (result.ok) return
        const { offset, length } = result.error
        expect({ text, inside: offset >= 0 && length >= 0 && offset + length <= text.length }).toEqual({
          text,
          inside: true,
        })
      }),
      { numRuns: 3000 },
    )
  })

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const parsed = parse(text)
        if (!parsed.ok) expect(parsed.error.offset).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  const term = "('code','=','a')"
  it.each([
    ['10,000 nested lists', '['.repeat(10_000), 'filter.unexpected'],
    ['10,000 nested lists, closed', '['.repeat(10_000) + ']'.repeat(10_000), 'filter.unexpected'],
    ['10,000 nested tuples in a value', `[('code','in',${'('.repeat(10_000)}`, 'filter.unexpected'],
    ['a million characters', `[${' '.repeat(1_000_000)}]`, 'filter.too-long'],
    ['4,000 operators without terms', `[${"'|',".repeat(4_000)}]`, 'filter.missing-term'],
    ['301 conditions', `[${`${term},`.repeat(301)}]`, 'filter.too-many-conditions'],
    [
      'a list of too many values',
      `[('attempt','in',[${'1,'.repeat(limits.listLength + 1)}])]`,
      'filter.too-many-values',
    ],
    ['a very long text value', `[('code','=','${'a'.repeat(limits.stringLength + 1)}')]`, 'filter.too-long'],
    ['deep alternation', `[${`'|',${term},'&',${term},`.repeat(40)}${term}]`, 'filter.too-deep'],
    ['a very long path', `[('${'partner_id.'.repeat(50)}name','=','a')]`, 'filter.too-deep'],
    ['a number of 10,000 digits', `[('attempt','=',${'9'.repeat(10_000)})]`, 'filter.bad-number'],
    ['a number of 10,000 underscores', `[('attempt','=',1${'_1'.repeat(5_000)}_)]`, 'filter.bad-number'],
  ])('%s ends with a refusal', (_, text, code) => {
    expect(refusal(text).split(' @ ')[0]).toBe(code)
  })

  it('takes 4,000 times "not"', () => {
    expect(canonical(`[${"'!',".repeat(4_000)}${term}]`)).toBe("[('code', '=', 'a')]")
  })

  it('searches with a hostile pattern without trying every way', () => {
    const parsed = parse(`[('code', 'ilike', '${'%a_'.repeat(300)}%b')]`)
    if (!parsed.ok) throw new Error(parsed.error.code)
    const prepared = prepare(parsed.domain, payment)
    if (!prepared.ok) throw new Error(prepared.error.code)
    expect(prepared.test({ code: 'aé'.repeat(2_000) })).toBe(false)
    expect(prepared.test({ code: `${'aé'.repeat(2_000)}b` })).toBe(true)
  })
})
