import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { readBody } from '../peer-process/control.ts'
import { readRows, readUpload } from './csv-upload.ts'
import { crashed, invalid, MtsError, unprocessable } from './mts-error.ts'
import { pullSubmissions } from './odk-pull.ts'
import { pythonCsv, pythonJson } from './python.ts'
import { acceptRequest, type ServiceForm } from './request-check.ts'
import type { MtsService } from './service.ts'
import { answerAtOnce } from './sync-mode.ts'

const LARGEST = 256_000_000
const FIELDS = ['vid', 'name', 'gender', 'dob', 'phoneNumber', 'emailId', 'fullAddress']

interface Reply {
  readonly status: number
  readonly type?: string
  /** Text as it is, anything else as JSON. */
  readonly body: unknown
}

/** Answers one request, or does not, where a fault is told to meet it. */
export async function answer(service: MtsService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  service.requests += 1
  const fault = service.faults.ofRequest(method, pathname)
  if (fault?.do === 'cut-before') {
    request.socket.destroy()
    return
  }
  const body = (await readBody(request, LARGEST)).toString('utf8')
  if (fault?.do === 'delay') await wait(fault.delay)
  const reply =
    fault?.do === 'status'
      ? envelope(service, fault.status, null, [{ errorCode: 'ATS-REQ-100', errorMessage: 'Unknown exception' }])
      : await work(service, method, pathname, body, request.headers['content-type'] ?? '')
  if (fault?.do === 'cut-after') {
    request.socket.destroy()
    return
  }
  const text = reply.type === undefined ? JSON.stringify(reply.body) : String(reply.body)
  response.writeHead(reply.status, { 'content-type': reply.type ?? 'application/json' }).end(text)
}

async function work(
  service: MtsService,
  method: string,
  path: string,
  body: string,
  contentType: string,
): Promise<Reply> {
  try {
    return await route(service, method, path, body, contentType)
  } catch (error) {
    if (error instanceof MtsError) return envelope(service, error.status, null, error.errors)
    throw error
  }
}

async function route(
  service: MtsService,
  method: string,
  path: string,
  body: string,
  contentType: string,
): Promise<Reply> {
  const isSync = service.options.syncMode
  const [, about, id] = /^\/authtoken\/(status|file)\/(.*)$/.exec(path) ?? []
  if (method === 'GET' && about === 'status') {
    return envelope(service, 200, { status: service.find(decodeURIComponent(id ?? '')).status })
  }
  if (method === 'GET' && about === 'file') return file(service, decodeURIComponent(id ?? ''))
  switch (`${method} ${path}`) {
    case 'GET /ping':
      return { status: 200, body: '[0 - 0] pong' }
    case 'GET /authtoken/authfields':
      return envelope(service, 200, { authfields: FIELDS })
    case 'POST /authtoken/json':
      if (isSync) return answerAtOnce(service, parse(body))
      return submit(service, body, 'json', '')
    case 'POST /authtoken/csv':
      if (isSync) break
      return submitCsv(service, body, contentType)
    case 'POST /authtoken/odk':
      if (isSync) break
      if (body === '') throw crashed("'NoneType' object has no attribute 'request'")
      return submit(service, body, 'odk', '')
  }
  return { status: 404, body: { detail: 'Not Found' } }
}

function submitCsv(service: MtsService, body: string, contentType: string): Promise<Reply> {
  const { request, file: rows } = readUpload(body, contentType)
  return submit(service, request, 'csv', rows)
}

async function submit(service: MtsService, body: string, kind: 'json' | 'csv' | 'odk', file: string): Promise<Reply> {
  const { version, language } = service.options
  const form: ServiceForm = { hasCallbacks: !version.startsWith('1.0'), language }
  const request = await acceptRequest(parse(body), kind, form)
  const records =
    request.odk === null
      ? kind === 'csv'
        ? readRows(file, request.csvDelimiter)
        : request.authdata
      : await pullSubmissions(request.odk)
  const { id, hasValid } = await service.accept(request, records)
  const none = [{ errorCode: 'ATS-REQ-101', errorMessage: 'none of the record form a valid request' }]
  return envelope(service, 200, { request_identifier: id }, hasValid ? null : none)
}

function file(service: MtsService, id: string): Reply {
  const { request, results } = service.find(id)
  if (request.callback !== null) throw crashed(`File at path <stored_files>/${id} does not exist.`)
  if (results === undefined) throw new MtsError(202, 'ATS-REQ-017', 'Auth request not processed yet')
  const text = request.output === 'csv' ? pythonCsv(results, '\r\n') : pythonJson(results)
  return { status: 200, type: 'text/plain; charset=utf-8', body: text }
}

function parse(body: string): unknown {
  if (body === '') throw invalid('missing request body')
  try {
    return JSON.parse(body)
  } catch {
    // The service tells what Python's reader stumbled over; where it begins with an open object that is this.
    throw unprocessable('Expecting property name enclosed in double quotes: line 1 column 2 (char 1)')
  }
}

/** An answer in the service's own form. */
function envelope(service: MtsService, status: number, response: object | null, errors: unknown = null): Reply {
  const { version } = service.options
  const head = { id: 'mosip.token.seeder', version, metadata: {}, responsetime: service.startedAt }
  return { status, body: { ...head, errors, response } }
}
