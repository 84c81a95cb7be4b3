/** A value that a schema takes. */
export type Sampled = unknown

interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, Schema>>
  readonly innerType?: Schema
  readonly element?: Schema
  readonly options?: readonly Schema[]
  readonly entries?: Readonly<Record<string, string | number>>
  readonly values?: readonly unknown[]
  readonly in?: Schema
  readonly valueType?: Schema
}
interface Schema {
  readonly def: Definition
}

/**
 * Inputs that a schema takes, enough that each known value of each field comes in one of them.
 *
 * @param known values by the name of the field: ids that are there
 */
export function samplesOf(schema: unknown, known: Readonly<Record<string, readonly string[]>>): readonly Sampled[] {
  const most = Math.max(1, ...Object.values(known).map(({ length }) => length))
  const turns = Array.from({ length: Math.max(most, 12) }, (_, turn) => sample(schema as Schema, '', turn, known))
  return [...new Map(turns.map((one) => [JSON.stringify(one), one])).values()]
}

function sample(
  { def }: Schema,
  name: string,
  turn: number,
  known: Readonly<Record<string, readonly string[]>>,
): Sampled {
  const pick = <T>(all: readonly T[]): T | undefined => all[turn % Math.max(1, all.length)]
  const inner = (schema: Schema | undefined): Sampled =>
    schema === undefined ? null : sample(schema, name, turn, known)
  switch (def.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(def.shape ?? {})
          // What may be left out is left out in the first turn: a filter that fits nothing shows nothing.
          .filter(([, field]) => turn > 0 || !mayBeLeftOut(field))
          .map(([key, field]) => [key, sample(field, key, turn, known)]),
      )
    case 'array':
    case 'set':
      return def.element === undefined ? [] : [sample(def.element, name, turn, known)]
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner(def.innerType)
    case 'nullable':
      return turn % 2 === 0 ? null : inner(def.innerType)
    case 'pipe':
      return inner(def.in)
    case 'union':
      return inner(pick(def.options ?? []))
    case 'enum':
      return pick(Object.values(def.entries ?? {}))
    case 'literal':
      return def.values?.[0]
    case 'record':
      return {}
    case 'boolean':
      return turn % 2 === 0
    case 'number':
    case 'int':
      return /limit/.test(name) ? 20 : turn % 3
    case 'string':
      return pick(known[name] ?? []) ?? (/filter/.test(name) ? '[]' : `word${turn}`)
    default:
      return null
  }
}

const mayBeLeftOut = ({ def }: Schema): boolean => ['optional', 'default', 'prefault'].includes(def.type)
