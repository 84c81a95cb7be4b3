import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProgram } from '../../../../shared/rules/tokenisation/jq-program.ts'

const forbidden = (text: string) => readProgram(text).forbidden.map(({ word }) => word)
const newer = (text: string) => readProgram(text).newer.map(({ word }) => word)

describe('what reaches for the seeder itself is found', () => {
  test.each([
    ['$ENV.PATH', '$ENV'],
    ['$ ENV', '$ENV'],
    ['$ # why\n ENV', '$ENV'],
    ['env | keys', 'env'],
    ['.. env', 'env'],
    ['..env', 'env'],
    ['{a: env}', 'env'],
    ['[input]', 'input'],
    ['"\\(inputs)"', 'inputs'],
    ['"a\\("b" + "\\(env)")"', 'env'],
    ['@json "\\(input_filename)"', 'input_filename'],
    ['import "x" as y; .', 'import'],
    ['include "x"; .', 'include'],
    ['halt_error', 'halt_error'],
    // jq 1.6 ends a comment with its line; later versions would carry it on.
    ['. # \\\n| env', 'env'],
  ])('%s', (text, word) => expect(forbidden(text)).toContain(word))
})

test.each([
  '.input.id',
  '.env',
  '{env: 1}',
  '"env $ENV input"',
  '# env\n.output',
  '.output | {status, token}',
  '.["env"]',
])("%s is nobody's business", (text) => expect(forbidden(text)).toEqual([]))

test('however it is wrapped in what jq may hold, it is found', () => {
  const wrap = fc.constantFrom<(inner: string) => string>(
    (inner) => `(${inner})`,
    (inner) => `[${inner}]`,
    (inner) => `{"a": (${inner})}`,
    (inner) => `"x \\(${inner}) y"`,
    (inner) => `. as $env | ${inner}`,
    (inner) => `# "\n${inner}`,
    (inner) => `"\\\\" + ${inner}`,
    (inner) => `try ${inner} catch "env"`,
  )
  fc.assert(
    fc.property(fc.array(wrap, { maxLength: 6 }), fc.constantFrom('env', 'input', '$ENV', 'halt'), (wraps, word) => {
      expect(forbidden(wraps.reduce<string>((inner, one) => one(inner), word))).toContain(word)
    }),
  )
})

test('what jq 1.6 does not know is named', () => {
  expect(newer('.output.token | trim')).toEqual(['trim'])
  expect(newer('pick(.a)')).toEqual(['pick'])
  expect(newer('if .a then 1 end')).toEqual(['if … end'])
  expect(newer('if .a then 1 elif .b then 2 else 3 end')).toEqual([])
  expect(newer('.trim')).toEqual([])
})
