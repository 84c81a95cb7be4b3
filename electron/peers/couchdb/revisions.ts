import { createHash } from 'node:crypto'
import { badRequest } from './couch-fault.ts'

/** A revision: its generation and its digest. */
export interface Revision {
  readonly generation: number
  readonly digest: string
}

/** A branch of a document: from its newest revision back to the oldest one that is known. */
export interface Branch {
  /** Generation of the newest revision. */
  readonly generation: number
  /** Digests, newest first. */
  readonly digests: readonly string[]
  readonly deleted: boolean
  /** JSON text without the members that begin with `_`. */
  readonly body: string
}

/** All branches of a document, the winning one first. Only what the newest revision of a branch says is kept. */
export type RevisionTree = readonly [Branch, ...Branch[]]

/** So many revisions of a branch are remembered. */
export const REVISIONS_LIMIT = 1000

/** Errors: 400 for what is no revision. */
export function parseRevision(text: string): Revision {
  const parts = /^([1-9][0-9]{0,9})-(.+)$/.exec(text)
  if (parts === null) throw badRequest('Invalid rev format')
  return { generation: Number(parts[1]), digest: parts[2] ?? '' }
}

export const revisionOf = ({ generation, digests }: Branch): string => `${generation}-${digests[0]}`

/** Whether a branch has this revision, at its end or before. */
export const holds = (branch: Branch, { generation, digest }: Revision): boolean =>
  branch.digests[branch.generation - generation] === digest

export const endsWith = (branch: Branch, { generation, digest }: Revision): boolean =>
  branch.generation === generation && branch.digests[0] === digest

/** CouchDB's rule: not deleted before deleted, then the longer, then the greater one. */
export function byVictory(one: Branch, other: Branch): number {
  if (one.deleted !== other.deleted) return one.deleted ? 1 : -1
  if (one.generation !== other.generation) return other.generation - one.generation
  return (one.digests[0] ?? '') > (other.digests[0] ?? '') ? -1 : 1
}

/** The digest of what is written on top of a revision; the same content on the same parent gives the same one. */
export const digestOf = (parent: string | undefined, deleted: boolean, body: string): string =>
  createHash('md5')
    .update(`${parent ?? ''}\n${deleted ? 1 : 0}\n${body}`)
    .digest('hex')

/** The branch that follows when `body` is written on top of `parent`. */
export function extend(parent: Branch | undefined, deleted: boolean, body: string): Branch {
  const digest = digestOf(parent === undefined ? undefined : revisionOf(parent), deleted, body)
  return {
    generation: (parent?.generation ?? 0) + 1,
    digests: parent === undefined ? [digest] : [digest, ...parent.digests.slice(0, REVISIONS_LIMIT - 1)],
    deleted,
    body,
  }
}

/**
 * Puts a branch that came from elsewhere into a tree.
 *
 * @returns the tree unchanged when its newest revision is known already
 */
export function graft(tree: RevisionTree | undefined, added: Branch): RevisionTree {
  if (tree === undefined) return [added]
  const newest: Revision = { generation: added.generation, digest: added.digests[0] ?? '' }
  if (tree.some((branch) => holds(branch, newest))) return tree
  const oldest: Revision = {
    generation: added.generation - added.digests.length + 1,
    digest: added.digests.at(-1) ?? '',
  }
  const trunk = tree.find((branch) => holds(branch, oldest))
  const before = trunk?.digests.slice(trunk.generation - oldest.generation + 1) ?? []
  const whole = { ...added, digests: [...added.digests, ...before].slice(0, REVISIONS_LIMIT) }
  const others = tree.filter(
    (branch) => !holds(whole, { generation: branch.generation, digest: branch.digests[0] ?? '' }),
  )
  return [whole, ...others].sort(byVictory) as [Branch, ...Branch[]]
}

/** The tree after its `standing` branch went on to `next`. */
export function replaceBranch(tree: RevisionTree, standing: Branch, next: Branch): RevisionTree {
  return tree.map((branch) => (branch === standing ? next : branch)).sort(byVictory) as [Branch, ...Branch[]]
}
