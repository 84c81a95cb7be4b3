import { afterAll, expect, test } from 'vitest'
import { JqRunner } from '../../../electron/core/tokenisation/jq/jq.ts'
import { wrappedProgram } from '../../../shared/rules/tokenisation/jq-program.ts'

const jq = new JqRunner()
afterAll(() => jq.close())

const input = {
  input: { g2pRef: 'ref', vid: '2014391641351279' },
  output: { vid: '2014391641351279', status: 'processed', token: 'T', errorCode: null, errorMessage: null },
}

/** Whatever a connector's own program does, the office knows whom an answer is about and what it says. */
test.each([
  ['', { status: 'processed' }],
  ['.output', { token: 'T' }],
  ['{"value": .output.token}', { value: 'T' }],
  ['empty', null],
  ['error("no")', null],
  ['.input.nothing.at.all', null],
  ['1, 2, 3', 1],
  ['.output.token # and a comment', 'T'],
  ['.output.token | tonumber', null],
  ['def f: .output.token; f', 'T'],
])('%s', async (program, out) => {
  const [answer] = await jq.run(wrappedProgram(program), [input])
  expect(answer).toMatchObject({ g2pRef: 'ref', status: 'processed', token: 'T', vid: input.input.vid })
  if (out === null) expect(answer).toMatchObject({ out: null })
  else if (typeof out === 'object') expect((answer as { out: object }).out).toMatchObject(out)
  else expect(answer).toMatchObject({ out })
})
