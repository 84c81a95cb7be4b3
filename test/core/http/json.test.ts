import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonOf, parseJson } from '../../../electron/core/http/json.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (text: string) => parseJson(bytes(text), 'pay.example.org')

describe('parseJson', () => {
  it('keeps amounts as the text that was sent', () => {
    const answer = parse('{"amount":100.0,"items":[{"amount":9007199254740993.25},{"amount":"7.50"}],"total_count":2}')
    expect(answer).toEqual({
      ok: true,
      value: { amount: '100.0', items: [{ amount: '9007199254740993.25' }, { amount: '7.50' }], total_count: 2 },
    })
  })

  it.each([
    ['spaces', '{"amount" \t\n: -1.50}', '-1.50'],
    ['an escaped key', '{"\\u0061mount":1.50}', '1.50'],
    ['an earlier text of that name', '{"a":"\\"amount\\":","b":{"amount":0.10}}', '0.10'],
  ])('finds an amount behind %s', (_case, text, amount) => {
    expect(JSON.stringify(parse(text))).toContain(`"amount":"${amount}"`)
  })

  it.each([
    ['HTML', '<html><body>502</body></html>'],
    ['nothing', ''],
    ['half a text', '{"a":'],
    ['NaN', '{"a":NaN}'],
    ['a trailing comma', '{"a":1,}'],
    ['two values', '{}{}'],
  ])('refuses %s', (_case, text) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { code: 'http.reply-not-json' } })
  })

  it('refuses bytes that are not UTF-8', () => {
    const latin = Uint8Array.from([0x22, 0xe9, 0x22])
    expect(parseJson(latin, 'h')).toMatchObject({ ok: false, error: { code: 'http.reply-not-json' } })
  })

  it('tolerates a byte order mark', () => {
    expect(parse('\uFEFF{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
  })

  it('refuses a hostile depth without exhausting the stack', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    expect(parse(deep)).toMatchObject({ ok: false, error: { code: 'http.reply-too-deep' } })
    expect(parse(`"${'['.repeat(1_000)}\\"["`)).toMatchObject({ ok: true })
  })

  it('gives back any JSON value unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value)
        expect(parseJson(bytes(text), 'h', { numbersAsText: [] })).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })
})

describe('jsonOf', () => {
  it('refuses a redirect whatever its body', () => {
    const answer = { outcome: 'answered', status: 302, headers: {}, body: bytes('{}'), host: 'h' } as const
    expect(jsonOf(answer)).toMatchObject({ ok: false, error: { code: 'http.redirect-refused' } })
  })

  it('reads JSON whatever its content type', () => {
    const headers = { 'content-type': 'text/html' }
    const answer = { outcome: 'answered', status: 200, headers, body: bytes('{"a":1}'), host: 'h' } as const
    expect(jsonOf(answer)).toEqual({ ok: true, value: { a: 1 } })
  })
})
