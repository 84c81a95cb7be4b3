import { createHash } from 'node:crypto'
import type { CentralForm } from './peer-options.ts'
import type { Submission } from './submissions.ts'

type Tree = Readonly<Record<string, unknown>>

/** How rows are asked for. */
export interface RowForm {
  readonly expand: boolean
  readonly wkt: boolean
  /** Paths; undefined for everything. */
  readonly select: readonly string[] | undefined
}

/** What Central knows of itself beside a submission. */
export interface RowSource {
  readonly submitter: { readonly id: number; readonly name: string }
  /** Since 2024.3 a row says when it was deleted. */
  readonly tellsDeleted: boolean
}

const repeatsOf = (form: CentralForm): string[] =>
  form.fields.filter(({ type }) => type === 'repeat').map(({ path }) => path.slice(1))

/** A submission as a row of the table of submissions. */
export function rowOf(submission: Submission, source: RowSource, { expand, wkt, select }: RowForm): Tree {
  const { form, id, instanceId, data } = submission
  const repeats = repeatsOf(form)
  const row: Record<string, unknown> = {}
  for (const { path, type } of form.fields) {
    const steps = path.slice(1).split('/')
    if (steps[0] === 'meta' || repeats.includes(steps[0] ?? '')) continue
    if (type !== 'structure') put(row, steps, answerAt(data, steps, wkt && type === 'geopoint'))
  }
  const instanceName = form.fields.some(({ path }) => path === '/meta/instanceName')
    ? { instanceName: answerAt(data, ['meta', 'instanceName'], false) }
    : {}
  row.meta = { instanceID: instanceId, ...instanceName }
  row.__id = id
  row.__system = systemOf(submission, source)
  if (select !== undefined) return selected(row, select)
  for (const repeat of repeats) {
    const members = membersOf(submission, repeat)
    if (members.length === 0) continue
    row[`${repeat}@odata.navigationLink`] = `Submissions('${encodeURIComponent(id)}')/${repeat}`
    if (expand) row[repeat] = members
  }
  return row
}

/** The rows of a repeat's own table. */
export const repeatRows = (submission: Submission, repeat: string): Tree[] =>
  membersOf(submission, repeat).map((member) => ({ ...member, '__Submissions-id': submission.id }))

function membersOf({ id, data }: Submission, repeat: string): Tree[] {
  const members = Array.isArray(data[repeat]) ? (data[repeat] as Tree[]) : []
  return members.map((member, at) => ({
    ...member,
    __id: createHash('sha1').update(`${id}/${repeat}/${at}`).digest('hex'),
  }))
}

function systemOf(submission: Submission, { submitter, tellsDeleted }: RowSource): Tree {
  const { submissionDate, updatedAt, reviewState, edits, form, deletedAt, data } = submission
  const files = form.fields.filter(
    ({ path, type }) => type === 'binary' && answerAt(data, path.slice(1).split('/'), false),
  )
  return {
    submissionDate,
    updatedAt,
    submitterId: String(submitter.id),
    submitterName: submitter.name,
    attachmentsPresent: 0,
    attachmentsExpected: files.length,
    status: null,
    reviewState,
    deviceId: null,
    edits,
    formVersion: form.version,
    ...(tellsDeleted ? { deletedAt } : {}),
  }
}

/** Unanswered and empty are null. */
function answerAt(data: Tree, steps: readonly string[], asText: boolean): unknown {
  let value: unknown = data
  for (const step of steps) value = typeof value === 'object' && value !== null ? (value as Tree)[step] : undefined
  if (value === undefined || value === '') return null
  if (!asText || typeof value !== 'object' || value === null) return value
  return `POINT (${((value as Tree).coordinates as number[]).join(' ')})`
}

function put(row: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let place = row
  for (const step of steps.slice(0, -1)) {
    place[step] ??= {}
    place = place[step] as Record<string, unknown>
  }
  place[steps.at(-1) ?? ''] = value
}

function selected(row: Tree, paths: readonly string[]): Tree {
  const left: Record<string, unknown> = {}
  for (const path of paths) {
    const steps = path.split('/')
    let value: unknown = row
    for (const step of steps) value = typeof value === 'object' && value !== null ? (value as Tree)[step] : undefined
    if (value !== undefined) put(left, steps, value)
  }
  return left
}
