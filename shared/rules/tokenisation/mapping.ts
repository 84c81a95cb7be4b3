import { z } from 'zod'

const Key = z.string().min(1).max(200)
const Keys = z.array(Key).min(1).max(10)

/** MTS's mapping (MTS 1.1.0 `mapping`): which key, or keys, of a person hold each fact. */
export const MtsMapping = z.strictObject({
  vid: Key.default('vid'),
  name: Keys.default(['name']),
  gender: Key.default('gender'),
  dob: Key.default('dob'),
  phoneNumber: Key.default('phoneNumber'),
  emailId: Key.default('emailId'),
  fullAddress: Keys.default(['fullAddress']),
})
export type MtsMapping = z.infer<typeof MtsMapping>

/** Facts that MTS refuses a person without, as it is delivered. */
export const requiredFacts = ['vid', 'name', 'gender', 'dob', 'fullAddress'] as const

/** The mapping of a text; undefined where it is none. An empty text is MTS's own mapping. */
export function findMapping(text: string): MtsMapping | undefined {
  try {
    const parsed = MtsMapping.safeParse(text.trim() === '' ? {} : JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/**
 * A key split at its dots, quotes removed: `identity.vid`, `"Voter ID"`, `identity["voter-id"]`. Undefined where quotes or
 * brackets do not close.
 */
export function findPath(key: string): readonly string[] | undefined {
  const parts: string[] = []
  let rest = key.trim().replace(/^\./, '')
  while (rest !== '') {
    const found =
      /^"((?:[^"\\]|\\.)*)"/.exec(rest) ?? /^\["((?:[^"\\]|\\.)*)"\]/.exec(rest) ?? /^([^.["\]]+)/.exec(rest)
    if (found === null) return undefined
    parts.push((found[1] as string).replaceAll(/\\(.)/g, '$1'))
    rest = rest.slice(found[0].length)
    if (rest.startsWith('.')) {
      rest = rest.slice(1)
      if (rest === '') return undefined
    } else if (rest !== '' && !rest.startsWith('[')) return undefined
  }
  return parts.length === 0 ? undefined : parts
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/

/** A key as MTS needs it: it stands after a dot in a jq program, so all but plain names are quoted. */
export function quotedKey(key: string): string {
  const path = findPath(key) ?? [key]
  return path
    .map((part, index) =>
      PLAIN.test(part)
        ? index === 0
          ? part
          : `.${part}`
        : index === 0
          ? JSON.stringify(part)
          : `[${JSON.stringify(part)}]`,
    )
    .join('')
}

/** The mapping as it is sent. */
export const quotedMapping = (mapping: MtsMapping): MtsMapping => ({
  vid: quotedKey(mapping.vid),
  name: mapping.name.map(quotedKey),
  gender: quotedKey(mapping.gender),
  dob: quotedKey(mapping.dob),
  phoneNumber: quotedKey(mapping.phoneNumber),
  emailId: quotedKey(mapping.emailId),
  fullAddress: mapping.fullAddress.map(quotedKey),
})

/** All keys of a mapping, by the fact that they are for. */
export const mappingKeys = (mapping: MtsMapping): { readonly fact: keyof MtsMapping; readonly key: string }[] =>
  (Object.entries(mapping) as [keyof MtsMapping, string | readonly string[]][]).flatMap(([fact, keys]) =>
    (typeof keys === 'string' ? [keys] : keys).map((key) => ({ fact, key })),
  )

/** What stands under a key of a person; null where nothing does. */
export const valueAt = (person: unknown, key: string): unknown => valueOn(person, findPath(key) ?? [key])

/** As {@link valueAt}, for a key that is split already. */
export function valueOn(person: unknown, path: readonly string[]): unknown {
  let value: unknown = person
  for (const part of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = Object.hasOwn(value, part) ? (value as Readonly<Record<string, unknown>>)[part] : null
  }
  return value ?? null
}
