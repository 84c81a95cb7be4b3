import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { namespacesOf, type Sentences } from '../../../renderer/i18n/namespaces.ts'

const folder = fileURLToPath(new URL('../../../renderer/i18n/', import.meta.url))
const languages = new Map<string, Record<string, Sentences>>()

function sentencesOf(language: string): Record<string, Sentences> {
  const known = languages.get(language)
  if (known !== undefined) return known
  const files = readdirSync(`${folder}${language}`).filter((name) => name.endsWith('.json'))
  const loaded = namespacesOf(
    Object.fromEntries(files.map((name) => [name, JSON.parse(readFileSync(`${folder}${language}/${name}`, 'utf8'))])),
  )
  languages.set(language, loaded)
  return loaded
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, piece) => (typeof node === 'object' && node !== null ? (node as Sentences)[piece] : undefined),
    tree,
  )
}

/** Every form of a sentence: one, or one for each plural. */
function formsOf(key: string, language: string): string[] {
  const [namespace = '', path = ''] = key.split(':')
  const sentences = sentencesOf(language)[namespace] ?? {}
  // Codes have flat, dotted keys; everything else is nested.
  const flat = sentences[path]
  if (typeof flat === 'string') return [flat]
  const pieces = path.split('.')
  const whole = at(sentences, pieces)
  if (typeof whole === 'string') return [whole]
  const last = pieces.at(-1) ?? ''
  const family = at(sentences, pieces.slice(0, -1))
  const forms = Object.entries((family as Sentences | undefined) ?? {}).filter(([name]) => name.startsWith(`${last}_`))
  if (forms.length === 0) throw new Error(`there is no sentence ${key} in ${language}`)
  return forms.map(([, text]) => String(text))
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/**
 * What stands on the screen for a key of the translations (`batches:actions.submit`), as a pattern that fits the whole
 * text; whatever is put into the sentence fits, unless `filled` names it.
 *
 * @throws Error for a key that has no sentence
 */
export function words(key: string, filled: Readonly<Record<string, string>> = {}, language = 'en'): RegExp {
  const forms = formsOf(key, language).map((form) =>
    form
      .split(/(\{\{[^}]*\}\})/)
      .map((piece) => {
        const name = /^\{\{\s*([\w.]+)[^}]*\}\}$/.exec(piece)?.[1]
        if (name === undefined) return escaped(piece)
        const value = filled[name]
        return value === undefined ? '.+?' : escaped(value)
      })
      .join(''),
  )
  return new RegExp(String.raw`^\s*(?:${forms.join('|')})\s*$`)
}

/** First pieces of all keys: what looks like one of them on the screen was not translated. */
export function rootKeys(language = 'en'): ReadonlySet<string> {
  return new Set(
    Object.values(sentencesOf(language)).flatMap((sentences) =>
      Object.keys(sentences).filter((key) => !key.includes('.')),
    ),
  )
}

/** `ETB 1,250.00` as 125000, for currencies with two decimals. */
export const minorUnitsOf = (money: string): number => Math.round(Number(money.replaceAll(/[^\d.]/g, '')) * 100)
