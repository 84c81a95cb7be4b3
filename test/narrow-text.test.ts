import fc from 'fast-check'
import { expect, test } from 'vitest'
import { narrowText } from '../electron/narrow-text.ts'

/** What code says is found out by running it. */
const run = (code: string): unknown => new Function(`return ${code}`)()
const wide = /[^\0-\xff]/

test('what a text says stays the same, in strings and in templates', () => {
  const sign = fc.constantFrom('\\', 'a', 'é', '’', '→', 'ع', '😀', '\\n', '\\u2019')
  fc.assert(
    fc.property(fc.array(sign), (signs) => {
      // A backslash at the end would take the mark that closes the text.
      const text = `${signs.join('')}.`
      const codes = [`'${text}'`, `\`${text}\``].filter((code) => isCode(code))
      for (const code of codes) {
        const narrow = narrowText(code)
        expect(narrow).not.toMatch(wide)
        expect(run(narrow)).toBe(run(code))
      }
    }),
  )
})

test.each([
  '/^[’ʼ‐-―]+$/u.test("’‐—")',
  '/[😀-😎]/u.test("😁")',
  '/\\p{L}→/u.test("ع→")',
  '(() => { const größe = 1; const ʼʼ = 2; return größe + ʼʼ })()',
  '/* — */ "—".length',
])('%s gives the same', (code) => {
  expect(narrowText(code)).not.toMatch(wide)
  expect(run(narrowText(code))).toBe(run(code))
})

function isCode(code: string): boolean {
  try {
    run(code)
    return true
  } catch {
    return false
  }
}
