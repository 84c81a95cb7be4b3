import type { z } from 'zod'
import { Amount, Day } from '../../model/record.ts'
import type { FilterField, FilterSchema } from './schema.ts'

interface Reference {
  readonly name: string
  readonly target: () => FilterSchema
}

type Shape = Readonly<Record<string, z.core.$ZodType>>

/** Goes through `nullable`, `optional` and `default` to the type itself. */
function unwrapped(type: z.core.$ZodType): z.core.$ZodTypes {
  const { def } = (type as z.core.$ZodTypes)._zod
  if (def.type === 'nullable' || def.type === 'optional' || def.type === 'default') return unwrapped(def.innerType)
  return type as z.core.$ZodTypes
}

function valuesOf(type: z.core.$ZodTypes): readonly string[] | undefined {
  const { def } = type._zod
  const values = def.type === 'enum' ? Object.values(def.entries) : def.type === 'literal' ? def.values : []
  const texts = values.filter((value) => typeof value === 'string')
  return texts.length > 0 && texts.length === values.length ? texts : undefined
}

function fieldOf(path: string, wrapped: z.core.$ZodType, digits: number): FilterField | undefined {
  const type = unwrapped(wrapped)
  if (type === Amount) return { type: 'amount', path, digits }
  if (type === Day) return { type: 'day', path }
  const values = valuesOf(type)
  if (values) return { type: 'enum', path, values }
  const { def } = type._zod
  switch (def.type) {
    case 'string':
      return { type: 'text', path }
    case 'number':
      return { type: 'integer', path }
    case 'boolean':
      return { type: 'boolean', path }
    case 'array': {
      const item = unwrapped(def.element)
      const known = valuesOf(item)
      if (known) return { type: 'set', path, values: known }
      return item._zod.def.type === 'string' ? { type: 'set', path } : undefined
    }
    default:
      return undefined
  }
}

/** `modeOfPayment` → `mode_of_payment`, the way Odoo writes names. */
const odooName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * The filter schema of a record, from its zod schema: each text, number, boolean, day, choice and list of texts becomes
 * a field under its Odoo-style name, and under its own name as an alias. Objects and lists of objects are left out.
 * `references` and `extra` are added under the names given, in place of the plain field of the same property.
 */
export function deriveFilterSchema<S extends Shape>(description: {
  readonly record: string
  readonly schema: { readonly shape: S }
  /** Decimals of the currency in which amounts are written. */
  readonly digits: number
  readonly title: string
  /** Properties a filter must not ask about, because guessing would reveal them. */
  readonly omit?: readonly (keyof S & string)[]
  /** By property name: the filter's name and the records it points to. */
  readonly references?: { readonly [K in keyof S & string]?: Reference }
  readonly extra?: Readonly<Record<string, FilterField>>
  /** By alias: the filter's name. */
  readonly aliases?: Readonly<Record<string, string>>
}): FilterSchema {
  const { record, schema, digits, title, omit = [], references = {}, extra = {}, aliases = {} } = description
  const fields: Record<string, FilterField> = {}
  const names: Record<string, string> = {}
  const pointing = new Map<string, Reference | undefined>(Object.entries(references))
  for (const [property, type] of Object.entries(schema.shape)) {
    if (omit.includes(property)) continue
    const reference = pointing.get(property)
    const field: FilterField | undefined = reference
      ? { type: 'reference', path: property, target: reference.target }
      : fieldOf(property, type, digits)
    if (!field) continue
    const name = reference?.name ?? odooName(property)
    fields[name] = field
    for (const alias of [property, odooName(property)]) if (alias !== name) names[alias] = name
  }
  return { record, fields: { ...fields, ...extra }, aliases: { ...names, ...aliases }, title }
}
