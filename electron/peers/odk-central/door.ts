import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { readBody } from '../peer-process/control.ts'
import { CentralError, noRight, notFound } from './central-error.ts'
import { repeatTable, serviceDocument, singleSubmission, submissionsPage, type TableQuery } from './odata.ts'
import type { CentralForm } from './peer-options.ts'
import type { CentralService } from './service.ts'

const LARGEST = 1_000_000

interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Call {
  readonly service: CentralService
  readonly method: string
  readonly url: URL
  readonly request: IncomingMessage
  readonly body: string
}

const ODATA = { 'odata-version': '4.0' }

/** Answers one request, or does not, where a fault is told to meet it. */
export async function answer(
  service: CentralService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  service.requests += 1
  const method = request.method ?? 'GET'
  const fault = service.faults.take(method, request.url ?? '/')
  if (fault?.do === 'cut-before') {
    request.socket.destroy()
    return
  }
  const body = (await readBody(request, LARGEST)).toString('utf8')
  if (fault?.do === 'delay') await wait(fault.delay)
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const reply: Reply =
    fault?.do === 'status'
      ? { status: fault.status, body: { message: 'As told.', code: fault.status } }
      : work({ service, method, url, request, body })
  if (fault?.do === 'cut-after') {
    request.socket.destroy()
    return
  }
  const text = reply.status === 304 ? '' : JSON.stringify(reply.body)
  const headers = reply.status === 304 ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(reply.status, { ...headers, ...reply.headers })
  if (fault?.do === 'cut-within') response.write(text.slice(0, text.length >> 1), () => response.socket?.destroy())
  else response.end(text)
}

function work(call: Call): Reply {
  try {
    return route(call)
  } catch (error) {
    if (!(error instanceof CentralError)) throw error
    const { status, code, message, details } = error
    const headers = call.url.pathname.includes('.svc') && code !== 501.11 ? ODATA : {}
    return { status, headers, body: { message, code, ...(details === undefined ? {} : { details }) } }
  }
}

function route(call: Call): Reply {
  const { service, method, url, request, body } = call
  const path = url.pathname
  if (method === 'POST' && path === '/v1/sessions') return { status: 200, body: service.logIn(parsed(body)) }
  const [, session] = /^\/v1\/sessions\/([^/]+)$/.exec(path) ?? []
  if (method === 'DELETE' && session !== undefined) {
    service.logOut(decodeURIComponent(session))
    return { status: 200, body: { success: true } }
  }
  // Whoever may only submit may not read.
  if (path.startsWith('/v1/key/')) throw noRight()
  if (method !== 'GET') throw notFound()
  const caller = service.caller(request.headers.authorization, request.headers['x-forwarded-proto'] === 'https')
  if (path === '/v1/projects') {
    const projects = service.projectsOf(caller).map(({ id, name }) => ({ id, name, archived: null, description: null }))
    return { status: 200, body: projects }
  }
  const [, project, rest] = /^\/v1\/projects\/(\d+)\/forms(\/.*)?$/.exec(path) ?? []
  if (project === undefined) throw notFound()
  const isExtended = request.headers['x-extended-metadata'] === 'true'
  if (rest === undefined) {
    if (!service.projectsOf(caller).some(({ id }) => id === Number(project))) throw noRight()
    const forms = service.formsOf(Number(project)).map((form) => service.describe(form, isExtended))
    return { status: 200, body: forms }
  }
  const [, formId = '', table, after = ''] = /^\/([^/]+?)(\.svc)?(?:\/(.*))?$/.exec(rest) ?? []
  const form = service.form(caller, Number(project), decodeURIComponent(formId))
  if (table !== undefined) return tableReply(call, form, rest.endsWith('.svc/') ? '/' : after)
  if (after === '') return { status: 200, body: service.describe(form, isExtended) }
  if (after !== 'fields') throw notFound()
  return { status: 200, body: form.fields.map(describedField) }
}

function tableReply({ service, url, request }: Call, form: CentralForm, after: string): Reply {
  const base = `${service.options.domain ?? `http://${request.headers.host}`}/v1/projects/${form.project}/forms/${form.xmlFormId}.svc`
  if (after === '' || after === '/') {
    const headers = { ...ODATA, 'content-type': 'application/json; charset=utf-8; odata.metadata=minimal' }
    return { status: 200, headers, body: serviceDocument(form, base + after) }
  }
  const { submitter } = service.options
  const asked: TableQuery = {
    form,
    submissions: service.submissions.ofForm(form),
    query: url.searchParams,
    service: base,
    source: { submitter, tellsDeleted: service.isNewer },
    submitterId: submitter.id,
    refusesWrongTokens: service.isNewer,
  }
  const [, id] = /^Submissions\('(.*)'\)$/.exec(after) ?? []
  const [, repeat] = /^Submissions\.(.+)$/.exec(after) ?? []
  const body =
    id !== undefined
      ? singleSubmission(asked, decodeURIComponent(id))
      : repeat !== undefined
        ? repeatTable(asked, repeat)
        : after === 'Submissions'
          ? submissionsPage(asked)
          : undefined
  if (body === undefined) throw notFound()
  if (!service.isNewer) return { status: 200, headers: ODATA, body }
  const etag = `W/"eventhash:${createHash('md5').update(JSON.stringify(body)).digest('hex')}"`
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: ODATA, body: '' }
  return { status: 200, headers: { ...ODATA, etag }, body }
}

const describedField = ({ path, type }: CentralForm['fields'][number]): object => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  type,
  binary: type === 'binary' ? true : null,
  selectMultiple: null,
})

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    throw new CentralError(400.1, 'Could not parse the given data (0 chars) as json.')
  }
}
