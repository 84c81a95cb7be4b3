import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { namespacesOf } from '../../../renderer/i18n/namespaces.ts'
import { languages } from '../../../renderer/state/preferences.ts'
import { catalogue } from '../../../shared/contract/errors.ts'
import { literalOf, type Node, screenSources, walk } from './sources.ts'

type Sentences = ReadonlyMap<string, string>

function flatten(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  )
}

/** All sentences of a language, by `namespace:key`. */
function read(language: string): Sentences {
  const folder = `renderer/i18n/${language}`
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))]),
  )
  return new Map(
    Object.entries(namespacesOf(files)).flatMap(([namespace, tree]) =>
      flatten(tree).map(([key, text]) => [`${namespace}:${key}`, text] as const),
    ),
  )
}

const suffix = /_(zero|one|two|few|many|other)$/
const baseOf = (key: string): string => key.replace(suffix, '')
const holesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}/g)].map(([, name]) => name ?? ''))].sort()

const sentences = new Map(languages.map((language) => [language, read(language)]))
const of = (language: (typeof languages)[number]): Sentences => sentences.get(language) ?? new Map()
const english = of('en')
const englishBases = new Set([...english.keys()].map(baseOf))
const isPlural = (base: string): boolean => english.has(`${base}_other`)

describe.each(languages)('the sentences of %s', (language) => {
  const own = of(language)
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories

  test('every code of the error catalogue has one', () => {
    // A sentence that counts stands under its plural forms only; another test asks for all of them.
    const has = (code: string): boolean => own.has(`errors:${code}`) || own.has(`errors:${code}_other`)
    expect(Object.keys(catalogue).filter((code) => !has(code))).toEqual([])
  })

  test('no sentence is empty', () => {
    expect([...own].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  test('it says all that English says, and nothing else', () => {
    const bases = new Set([...own.keys()].map(baseOf))
    expect({
      missing: [...englishBases].filter((base) => !bases.has(base)),
      surplus: [...bases].filter((base) => !englishBases.has(base)),
    }).toEqual({ missing: [], surplus: [] })
  })

  test('plurals have every form the language needs', () => {
    const missing = [...englishBases]
      .filter(isPlural)
      .flatMap((base) => forms.map((form) => `${base}_${form}`))
      .filter((key) => !own.has(key))
    expect(missing).toEqual([])
  })

  test('sentences name the same values as in English', () => {
    // A plural form may leave out the number itself ("one row"), never anything else.
    const differing = [...own].filter(([key, text]) => {
      const base = baseOf(key)
      const plural = isPlural(base)
      const expected = holesOf(english.get(plural ? `${base}_other` : key) ?? '')
      const given = holesOf(text)
      const free = plural ? ['count', 'number'] : []
      return (
        given.some((name) => !expected.includes(name)) ||
        expected.some((name) => !given.includes(name) && !free.includes(name))
      )
    })
    expect(differing.map(([key]) => key)).toEqual([])
  })
})

/** Namespaces of `useTranslation('…')` in a file; `common` where none is named. */
function namespacesUsedBy(program: Node): string[] {
  const named = [...walk(program)].flatMap((node) => {
    if (node.type !== 'CallExpression' || (node.callee as Node).name !== 'useTranslation') return []
    const [first] = node.arguments as Node[]
    return [literalOf(first) ?? 'common']
  })
  return [...new Set([...named, 'common'])]
}

test('every key that a screen names in full has its sentence', () => {
  const unknown: string[] = []
  for (const [file, program] of screenSources()) {
    const namespaces = namespacesUsedBy(program)
    for (const node of walk(program)) {
      if (node.type !== 'CallExpression') continue
      const callee = node.callee as Node
      if (callee.name !== 't' && (callee.property as Node | undefined)?.name !== 't') continue
      const key = literalOf((node.arguments as Node[])[0])
      if (key === undefined) continue
      const places = key.includes(':') ? [key] : namespaces.map((namespace) => `${namespace}:${key}`)
      if (!places.some((place) => englishBases.has(place))) unknown.push(`${file}: ${key}`)
    }
  }
  expect(unknown).toEqual([])
})
