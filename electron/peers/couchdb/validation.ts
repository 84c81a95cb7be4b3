import { createContext, runInContext } from 'node:vm'
import type { UserContext } from './access.ts'
import { CouchFault, forbidden, unauthorized } from './couch-fault.ts'
import { type Branch, revisionOf } from './revisions.ts'

/**
 * The `validate_doc_update` functions of a database, for one user: throws what they throw, as CouchDB answers it.
 *
 * @param before the branch that is gone on from; undefined for none
 */
export type Validate = (
  user: UserContext & { readonly db: string },
  security: string,
) => (id: string, next: Branch, before: Branch | undefined) => void

/** What a function threw: its kind and its sentence; null when all is well. */
type Verdict = readonly [kind: string, sentence: string] | null

type Judge = (user: string, security: string) => (next: string, before: string | null) => Verdict

/** Runs inside, so that `newDoc instanceof Object` and the like mean what they say there. */
const JUDGE = `
(sources) => {
  const functions = sources.map((source) => (0, eval)('(' + source.replace(/[;\\s]+$/, '') + ')'))
  return (user, security) => {
    const userCtx = JSON.parse(user)
    const secObj = JSON.parse(security)
    return (next, before) => {
      const newDoc = JSON.parse(next)
      const oldDoc = before === null ? null : JSON.parse(before)
      try {
        for (const validate of functions) validate(newDoc, oldDoc, userCtx, secObj)
        return null
      } catch (thrown) {
        if (thrown && thrown.forbidden !== undefined) return ['forbidden', String(thrown.forbidden)]
        if (thrown && thrown.unauthorized !== undefined) return ['unauthorized', String(thrown.unauthorized)]
        return [thrown && thrown.name ? String(thrown.name) : 'unknown_error', String(thrown)]
      }
    }
  }
}`

/** Makes the functions ready; null when there are none. Errors: 500 `compilation_error`. */
export function compileValidation(sources: readonly string[]): Validate | null {
  if (sources.length === 0) return null
  const context = createContext({ isArray: Array.isArray, toJSON: JSON.stringify, log: () => undefined })
  const judge = compile(context, sources)
  return (user, security) => {
    const check = judge(JSON.stringify({ db: user.db, name: user.name, roles: user.roles }), security)
    return (id, next, before) => {
      const verdict = check(described(id, next), before === undefined ? null : described(id, before))
      if (verdict === null) return
      const [kind, sentence] = verdict
      if (kind === 'forbidden') throw forbidden(sentence)
      if (kind === 'unauthorized') throw unauthorized(sentence)
      throw new CouchFault(500, kind, sentence)
    }
  }
}

function compile(context: object, sources: readonly string[]): Judge {
  try {
    return (runInContext(JUDGE, context) as (sources: readonly string[]) => Judge)(sources)
  } catch (error) {
    throw new CouchFault(500, 'compilation_error', error instanceof Error ? error.message : String(error))
  }
}

/** A document as the functions see it: with its revision and how it came to be. */
function described(id: string, branch: Branch): string {
  const { generation, digests, deleted, body } = branch
  const members = [
    `"_id":${JSON.stringify(id)}`,
    ...(generation === 0 ? [] : [`"_rev":"${revisionOf(branch)}"`]),
    ...(deleted ? ['"_deleted":true'] : []),
    `"_revisions":{"start":${generation},"ids":${JSON.stringify(digests)}}`,
  ]
  return `{${members.join(',')}${body === '{}' ? '}' : `,${body.slice(1)}`}`
}
