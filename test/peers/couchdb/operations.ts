import { createHash } from 'node:crypto'
import fc from 'fast-check'

/** What a write goes on from: nothing, a branch that lives (by number), or a revision that is no end any more. */
export type Base =
  | { readonly on: 'nothing' }
  | { readonly on: 'branch'; readonly number: number }
  | { readonly on: 'past' }

export interface Write {
  readonly id: string
  readonly base: Base
  readonly deleted: boolean
  readonly value: number
}

/** A revision that was made elsewhere: newest first. */
export interface Elsewhere {
  readonly id: string
  readonly start: number
  readonly digests: readonly string[]
  readonly deleted: boolean
}

export type Operation =
  | { readonly do: 'write'; readonly write: Write }
  | { readonly do: 'bulk'; readonly writes: readonly Write[] }
  | { readonly do: 'adopt'; readonly revisions: readonly Elsewhere[] }
  | { readonly do: 'diff'; readonly revisions: readonly Elsewhere[] }
  | { readonly do: 'checkpoint'; readonly name: string; readonly known: boolean }
  | { readonly do: 'list'; readonly query: string }
  | { readonly do: 'pages'; readonly limit: number }
  | { readonly do: 'keys'; readonly keys: readonly string[] }

const digest = (name: string): string => createHash('md5').update(name).digest('hex')

/** A small tree of revisions with branches, graves and two roots. */
const PATHS = ['r', 's r', 't r', 'u s r', 'v s r', 'w! t r', 'q', 'p! q', 'o p! q'].map((path) => {
  const names = path.split(' ')
  return { start: names.length, digests: names.map(digest), deleted: names[0]?.endsWith('!') === true }
})

const id = fc.constantFrom('a', 'b', 'c:1', 'é')
const base: fc.Arbitrary<Base> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ on: 'nothing' } as const) },
  { weight: 4, arbitrary: fc.record({ on: fc.constant('branch' as const), number: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ on: 'past' } as const) },
)
const write = fc.record({ id, base, deleted: fc.boolean(), value: fc.nat(3) })
const elsewhere = fc
  .record({ id, path: fc.constantFrom(...PATHS) })
  .map(({ id: of, path }): Elsewhere => ({ id: of, ...path }))
const list = fc.constantFrom(
  'include_docs=true&conflicts=true',
  'descending=true&limit=2',
  'startkey="b"',
  'startkey="b"&endkey="c:\ufff0"&include_docs=true',
  'startkey="z"&endkey="b"&descending=true',
  'skip=1&limit=2',
  'endkey="c:1"&inclusive_end=false',
)

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: write.map((one) => ({ do: 'write', write: one }) as const) },
  {
    weight: 4,
    arbitrary: fc
      .uniqueArray(write, { selector: (one) => one.id, minLength: 1, maxLength: 4 })
      .map((writes) => ({ do: 'bulk', writes }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .uniqueArray(elsewhere, { selector: (one) => one.id, minLength: 1, maxLength: 3 })
      .map((revisions) => ({ do: 'adopt', revisions }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(elsewhere, { selector: (one) => one.id, maxLength: 3 })
      .map((revisions) => ({ do: 'diff', revisions }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('checkpoint' as const),
      name: fc.constantFrom('x', 'y'),
      known: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: list.map((query) => ({ do: 'list', query }) as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((limit) => ({ do: 'pages', limit }) as const) },
  { weight: 1, arbitrary: fc.array(id, { maxLength: 4 }).map((keys) => ({ do: 'keys', keys }) as const) },
)
