import { expect, test } from 'vitest'
import { parse, screenSources } from './sources.ts'
import { hardCodedText } from './visible-text.ts'

test('no screen has words of its own: everything a person sees is translated', () => {
  const found = [...screenSources()]
    .filter(([file]) => file.endsWith('.tsx'))
    .flatMap(([file, program]) => hardCodedText(program).map((text) => `${file}: ${text}`))
  expect(found).toEqual([])
})

test.each([
  ['text between tags', '<p>Hello there</p>'],
  ['a literal in braces', "<p>{'Hello there'}</p>"],
  ['a branch of a condition', "<p>{done ? 'Hello there' : null}</p>"],
  ['a read-out attribute', '<input aria-label="Hello there" />'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test has a template of its own
  ['a placeholder built from pieces', '<input placeholder={`Hello there ${name}`} />'],
])('%s is found', (_, source) => {
  expect(hardCodedText(parse('made-up.tsx', source)).map((text) => text.trim())).toEqual(['Hello there'])
})

test('figures, signs and unspoken attributes are no words', () => {
  const source = '<p className="wide card" data-state={\'paid\'}>{count} / {total} — 5</p>'
  expect(hardCodedText(parse('made-up.tsx', source))).toEqual([])
})
