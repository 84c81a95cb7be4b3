import { CentralError, notFound } from './central-error.ts'
import { asksForDeleted, readFilter } from './filter.ts'
import type { CentralForm } from './peer-options.ts'
import { type RowForm, type RowSource, repeatRows, rowOf } from './rows.ts'
import type { Submission } from './submissions.ts'

/** What is asked of the table of a form. */
export interface TableQuery {
  readonly form: CentralForm
  /** All of the form, newest first. */
  readonly submissions: readonly Submission[]
  readonly query: URLSearchParams
  /** `http://odk.test/v1/projects/1/forms/FORM.svc`, of the configured domain. */
  readonly service: string
  readonly source: RowSource
  readonly submitterId: number
  /** Older versions take a token that they did not give for the end. */
  readonly refusesWrongTokens: boolean
}

/** The list of a form's tables. */
export function serviceDocument(form: CentralForm, service: string): object {
  const repeats = form.fields.filter(({ type }) => type === 'repeat').map(({ path }) => path.slice(1))
  const names = ['Submissions', ...repeats.map((repeat) => `Submissions.${repeat}`)]
  return {
    '@odata.context': `${service}/$metadata`,
    value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
  }
}

/**
 * A page of submissions.
 *
 * @throws CentralError 400.18, 400.35, 501.5, 501.11
 */
export function submissionsPage(asked: TableQuery): object {
  const { query, service, source, submitterId } = asked
  const form = rowFormOf(query)
  const filter = query.get('$filter') ?? ''
  const fits = filter === '' ? () => true : readFilter(filter, submitterId)
  const all = asked.submissions.filter(
    (submission) => (submission.deletedAt === null || asksForDeleted(filter)) && fits(submission),
  )
  const ordered = orderedBy(all, query.get('$orderby'))
  const from = startOf(ordered, asked)
  const top = query.get('$top') === null ? ordered.length : Number(query.get('$top'))
  const page = ordered.slice(from, from + top)
  const last = page.at(-1)
  return {
    value: page.map((submission) => rowOf(submission, source, form)),
    '@odata.context': `${service}/$metadata#Submissions`,
    ...(last !== undefined && from + top < ordered.length ? { '@odata.nextLink': nextLink(asked, last.id) } : {}),
    ...(query.get('$count') === 'true' ? { '@odata.count': ordered.length } : {}),
  }
}

/** One submission in a table of its own. Errors: 404.1. */
export function singleSubmission({ submissions, query, service, source }: TableQuery, id: string): object {
  const found = submissions.find((submission) => submission.id === id && submission.deletedAt === null)
  if (found === undefined) throw notFound()
  return {
    value: [rowOf(found, source, rowFormOf(query))],
    '@odata.context': `${service}/$metadata#Submissions`,
  }
}

/** All rows of a repeat. Errors: 404.1. */
export function repeatTable({ form, submissions, service }: TableQuery, repeat: string): object {
  if (!form.fields.some(({ path, type }) => type === 'repeat' && path === `/${repeat}`)) throw notFound()
  const value = submissions
    .filter(({ deletedAt }) => deletedAt === null)
    .flatMap((submission) => repeatRows(submission, repeat))
  return { value, '@odata.context': `${service}/$metadata#Submissions.${repeat}` }
}

function rowFormOf(query: URLSearchParams): RowForm {
  const select = query.get('$select')
  const expand = query.get('$expand') === '*'
  if (select !== null && expand) {
    throw new CentralError(501.11, "This server doesn't support $select query parameter with $expand.")
  }
  return { expand, wkt: query.get('$wkt') === 'true', select: select?.split(',') }
}

function orderedBy(all: readonly Submission[], orderBy: string | null): readonly Submission[] {
  const [field = '', direction = 'asc'] = (orderBy ?? '').trim().split(/\s+/)
  const by = (submission: Submission): string =>
    field === '__system/updatedAt' ? (submission.updatedAt ?? '') : submission.submissionDate
  if (field === '') return all
  const sign = direction === 'desc' ? -1 : 1
  return [...all].sort((one, other) =>
    by(one) === by(other) ? sign * (one.position - other.position) : by(one) < by(other) ? -sign : sign,
  )
}

const VERSION = '01'

function nextLink({ query, service }: TableQuery, lastId: string): string {
  const params = new URLSearchParams()
  for (const [name, value] of query) if (name !== '$skip' && name !== '$skiptoken') params.append(name, value)
  const token = Buffer.from(JSON.stringify({ instanceId: lastId })).toString('base64')
  params.append('$skiptoken', VERSION + token)
  return `${service}/Submissions?${params}`
}

function startOf(ordered: readonly Submission[], { query, refusesWrongTokens }: TableQuery): number {
  const token = query.get('$skiptoken')
  if (token === null) return Number(query.get('$skip') ?? 0)
  const last = lastIdOf(token)
  const at = ordered.findIndex(({ id }) => id === last)
  if (last === undefined && refusesWrongTokens) throw new CentralError(400.35, 'Invalid $skiptoken')
  return at < 0 ? ordered.length : at + 1
}

function lastIdOf(token: string): string | undefined {
  if (!token.startsWith(VERSION)) return undefined
  try {
    const told = JSON.parse(Buffer.from(token.slice(VERSION.length), 'base64').toString('utf8')) as {
      instanceId?: string
    }
    return told.instanceId
  } catch {
    return undefined
  }
}
