import fc from 'fast-check'

/** One change to a reply: numbers from which place and value are worked out, so that a failure shrinks well. */
export interface Mutation {
  readonly place: number
  readonly what: number
  readonly value: number
}

const number = fc.nat({ max: 0xff_ffff })

/** Changes to the bytes, or to the structure, of a reply. */
export const mutations: fc.Arbitrary<{ readonly kind: 'bytes' | 'structure'; readonly list: readonly Mutation[] }> =
  fc.record({
    kind: fc.constantFrom('bytes', 'structure'),
    list: fc.array(fc.record({ place: number, what: number, value: number }), { minLength: 1, maxLength: 5 }),
  })

/** The reply with the changes in it; the original is left as it is. */
export const mutate = (
  original: Uint8Array,
  { kind, list }: { kind: string; list: readonly Mutation[] },
): Uint8Array => (kind === 'bytes' ? list.reduce(mutateBytes, original) : mutateStructure(original, list))

function mutateBytes(bytes: Uint8Array, { place, what, value }: Mutation): Uint8Array {
  const at = place % (bytes.length + 1)
  const length = (value % 40) + 1
  const before = bytes.subarray(0, at)
  switch (what % 6) {
    case 0:
      return Buffer.concat([before, Buffer.of(value & 0xff), bytes.subarray(at + 1)])
    case 1:
      return Buffer.concat([before, bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)])
    case 3:
      return before
    case 4:
      return Buffer.concat([before, Buffer.from(TOKENS[value % TOKENS.length] ?? ''), bytes.subarray(at)])
    default:
      return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << (value % 8))), bytes.subarray(at + 1)])
  }
}

const TOKENS = ['"', '{', '}', '[', ']', ',', ':', 'null', '0', '\\u0000', '\u{1F600}', '\ufeff', '-1e999', '__proto__']

/** Values that programs put where another one belongs. None of them says that anything was paid. */
const VALUES: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  0.1,
  true,
  false,
  [],
  {},
  [null],
  'NaN',
  'rcvd',
  'rjct',
  'fail',
  'absent',
  '100.00',
  '1',
  '-5.00',
  '1e3',
  'XTS',
  'account:somebody-else@elsewhere',
  'r-0',
  'r-3',
  '\u0000',
  '٣٫٥',
  'x'.repeat(5_000),
  Array.from({ length: 50 }, () => ({ reference_id: 'r-1' })),
  { toString: 'x', constructor: null, __proto__: 1 },
]

const NAMES = ['reference_id', 'status', 'message', 'header', 'amount', 'x', '__proto__', 'constructor', '']

interface Place {
  readonly parent: Record<string, unknown>
  readonly key: string
}

function mutateStructure(original: Uint8Array, list: readonly Mutation[]): Uint8Array {
  const root: Record<string, unknown> = { root: JSON.parse(Buffer.from(original).toString('utf8')) }
  for (const { place, what, value } of list) {
    const places = placesIn(root)
    const { parent, key } = places[place % places.length] ?? { parent: root, key: 'root' }
    const found = parent[key]
    switch (what % 5) {
      case 0:
      case 1:
        parent[key] = structuredClone(VALUES[value % VALUES.length])
        break
      case 2:
        if (Array.isArray(parent)) parent.splice(Number(key), 1)
        else delete parent[key]
        break
      case 3:
        if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(found))
        else {
          Object.defineProperty(parent, NAMES[value % NAMES.length] ?? '', {
            value: found,
            enumerable: true,
            writable: true,
            configurable: true,
          })
          if (value % 2 === 0) delete parent[key]
        }
        break
      default:
        parent[key] = nested(found, value % 80)
    }
  }
  return Buffer.from(JSON.stringify(root.root) ?? '')
}

const nested = (value: unknown, depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => [inner], value)

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found
  for (const key of Object.keys(value)) {
    found.push({ parent: value as Record<string, unknown>, key })
    placesIn((value as Record<string, unknown>)[key], found)
  }
  return found
}
