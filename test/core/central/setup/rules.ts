import { createContext, runInContext } from 'node:vm'
import { type Database, readDesign } from '../../../../electron/core/central/setup/design.ts'

export type Document = Readonly<Record<string, unknown>> & { readonly _id: string }

export interface Writer {
  readonly name: string | null
  readonly roles: readonly string[]
}

export const SAMIR: Writer = { name: 'g2p-north-town', roles: ['g2p-north-office'] }
export const LEILA: Writer = { name: 'g2p-north-hills', roles: ['g2p-north-office'] }
export const RECEIVER: Writer = { name: 'g2p-north-receiver', roles: ['g2p-north-receiver'] }
export const ADMIN: Writer = { name: 'admin', roles: ['_admin'] }
export const STRANGER: Writer = { name: 'g2p-south-town', roles: ['g2p-south-office'] }
export const NOBODY: Writer = { name: null, roles: [] }

const SECURITY = {
  admins: { names: [], roles: ['_admin'] },
  members: { names: [], roles: ['g2p-north-office', 'g2p-north-receiver'] },
}

/** What the old engines of CouchDB lack: a function that uses any of it fails here as it would there. */
const TOO_NEW = `
  ['Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'Proxy', 'Reflect', 'Symbol', 'BigInt', 'globalThis', 'Intl']
    .forEach(function (name) { delete this[name] }, this);
  [[Object, ['assign', 'entries', 'values', 'fromEntries', 'is', 'hasOwn', 'groupBy']],
   [Number, ['isInteger', 'isSafeInteger', 'isFinite', 'isNaN', 'MAX_SAFE_INTEGER']],
   [Array, ['from', 'of']],
   [Array.prototype, ['includes', 'find', 'findIndex', 'findLast', 'fill', 'flat', 'flatMap', 'at', 'entries', 'values', 'keys']],
   [String.prototype, ['includes', 'startsWith', 'endsWith', 'repeat', 'padStart', 'padEnd', 'at', 'matchAll', 'replaceAll']],
  ].forEach(function (pair) { pair[1].forEach(function (name) { delete pair[0][name] }) })
`

/**
 * The rules of a database as CouchDB runs them: source text in an engine of its own, documents as JSON.
 *
 * @returns what the server would answer: null when it is written, else why not
 */
export function rulesOf(database: Database, security: unknown = SECURITY) {
  const context = createContext({})
  runInContext(TOO_NEW, context)
  const run = runInContext(
    `(function (text) {
      var given = JSON.parse(text)
      var rules = (${readDesign().validate[database]})
      try { rules(given[0], given[1], given[2], given[3]) } catch (refusal) {
        if (refusal && typeof refusal.forbidden === 'string') return refusal.forbidden
        throw refusal
      }
      return null
    })`,
    context,
  ) as (text: string) => string | null
  return (now: Document, was: Document | null = null, writer: Writer = SAMIR): string | null =>
    run(JSON.stringify([now, was, { db: 'any', ...writer }, security]))
}
