import { type Branch, byVictory, type RevisionTree, revisionOf } from './revisions.ts'
import type { DocumentRow } from './storage.ts'

/** All branches of a document as it lies in the file. */
export function treeOf(row: DocumentRow): RevisionTree {
  const [generation = '', digest = ''] = split(row.rev)
  const winner: Branch = {
    generation: Number(generation),
    digests: row.past === '' ? [digest] : [digest, ...row.past.split(',')],
    deleted: row.deleted === 1,
    body: row.body,
  }
  return row.others === null ? [winner] : [winner, ...(JSON.parse(row.others) as Branch[]).sort(byVictory)]
}

function split(rev: string): [string, string] {
  const dash = rev.indexOf('-')
  return [rev.slice(0, dash), rev.slice(dash + 1)]
}

/** What a document is asked to say besides its content. */
export interface Wanted {
  readonly conflicts?: boolean
  readonly deletedConflicts?: boolean
  readonly history?: boolean
  readonly historyWithStatus?: boolean
}

/** A branch as the JSON text of a document. */
export function textOf(id: string, branch: Branch, tree: RevisionTree, wanted: Wanted = {}): string {
  const members: string[] = []
  const others = (deleted: boolean): string[] =>
    tree.slice(1).flatMap((other) => (other.deleted === deleted ? [revisionOf(other)] : []))
  if (wanted.history) {
    members.push(`"_revisions":${JSON.stringify({ start: branch.generation, ids: branch.digests })}`)
  }
  if (wanted.historyWithStatus) members.push(`"_revs_info":${JSON.stringify(historyOf(branch))}`)
  if (wanted.conflicts && others(false).length > 0) members.push(`"_conflicts":${JSON.stringify(others(false))}`)
  if (wanted.deletedConflicts && others(true).length > 0) {
    members.push(`"_deleted_conflicts":${JSON.stringify(others(true))}`)
  }
  return join(id, revisionOf(branch), branch.deleted, branch.body, members)
}

/** The winning branch as JSON text, straight from the file. */
export function textOfRow(row: DocumentRow, conflicts: boolean): string {
  if (conflicts && row.others !== null) {
    const tree = treeOf(row)
    return textOf(row.id, tree[0], tree, { conflicts })
  }
  return join(row.id, row.rev, row.deleted === 1, row.body, [])
}

function join(id: string, rev: string, deleted: boolean, body: string, members: readonly string[]): string {
  const said = members.length === 0 ? '' : `,${members.join(',')}`
  const content = body === '{}' ? '}' : `,${body.slice(1)}`
  return `{"_id":${JSON.stringify(id)},"_rev":"${rev}"${deleted ? ',"_deleted":true' : ''}${said}${content}`
}

const historyOf = ({ generation, digests, deleted }: Branch): { rev: string; status: string }[] =>
  digests.map((digest, index) => ({
    rev: `${generation - index}-${digest}`,
    status: index > 0 ? 'missing' : deleted ? 'deleted' : 'available',
  }))
