import { expect, it } from 'vitest'
import arabic from '../../../renderer/i18n/ar/errors-http.json' with { type: 'json' }
import english from '../../../renderer/i18n/en/errors-http.json' with { type: 'json' }
import { httpErrors } from '../../../shared/contract/errors/http.ts'

it.each([
  ['English', english],
  ['Arabic', arabic],
])(
  'every fault of the network has its sentence in %s, with no other parameter than the host',
  (_language, sentences) => {
    expect(Object.keys(sentences).sort()).toEqual(Object.keys(httpErrors).sort())
    for (const sentence of Object.values(sentences)) expect(sentence.replace('{{host}}', '')).not.toContain('{{')
  },
)
