import { expect, test } from 'vitest'
import { listedEntries } from '../../../../shared/rules/tokenisation/listed-entries.ts'

test.each([
  ['one to a line, whatever ends it', 'P1\r\nP2\nP3\rP4', ['P1', 'P2', 'P3', 'P4']],
  ['the first column counts', 'P1,Almaz\nP2;Bekele\nP3\tChaltu', ['P1', 'P2', 'P3']],
  ['quotes are taken off, with what is within', '"P,1",x\n"a ""b"""', ['P,1', 'a "b"']],
  ['empty lines and repetitions are nothing', '\n  \nP1\n P1 \n,x\n', ['P1']],
  ['the mark of the encoding is no part of it', '\ufeffP1', ['P1']],
  ['an empty file lists nobody', '', []],
])('%s', (_, text, entries) => {
  expect(listedEntries(text)).toEqual(entries)
})
