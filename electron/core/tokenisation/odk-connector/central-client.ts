import { type Fault, OfficeError } from '../../../../shared/contract/result.ts'
import type { FormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import type { Answered } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import { jsonOf } from '../../http/json.ts'

/*
 * The office's own questions to ODK Central (v1 API, OData of a form): the same account that the token seeder logs in with, so
 * that a wrong password, a missing right, an unknown form and nothing new are four different answers, which the seeder's are
 * not.
 */

/** Milliseconds. */
const TIME = { connect: 15_000, total: 120_000, quiet: 45_000 }
/** Bytes of one reply. */
const LARGEST_REPLY = 64 * 1024 * 1024

export interface CentralAccount {
  readonly email: string
  readonly password: string
}

/** Submissions of a form as its table has them. */
export interface SubmissionPage {
  readonly rows: readonly unknown[]
  /** Of the next page; null at the end. */
  readonly next: string | null
}

/** What a form has, before anything is taken. */
export interface FormCount {
  readonly count: number
  /** When the newest was submitted, ISO 8601; null for none. */
  readonly newest: string | null
}

/** A form of the server's list. */
export interface ListedForm {
  readonly projectId: string
  readonly projectName: string
  readonly formId: string
  readonly name: string
  readonly version: string
}

/** A question of a form. */
export interface FormQuestion {
  /** With dots: `identity.vid`. */
  readonly path: string
  /** Central's own word: `string`, `int`, `date`, `repeat`… */
  readonly type: string
}

type Tree = Readonly<Record<string, unknown>>

/**
 * One account at one server. It logs in when it first has to, and once more when its session has ended.
 *
 * Every question throws OfficeError: `odk.wrong-password`, `odk.no-right`, `odk.unknown-form`, `odk.single-sign-on`,
 * `odk.not-central`, `odk.failing`, `odk.question-refused`, or what the line says (`http.*`).
 */
export class CentralClient {
  readonly #http: Http
  readonly #baseUrl: string
  readonly #account: CentralAccount
  readonly #signal: AbortSignal | undefined
  #authorization: string | undefined

  constructor(http: Http, baseUrl: string, account: CentralAccount, signal?: AbortSignal) {
    this.#http = http
    this.#baseUrl = baseUrl
    this.#account = account
    this.#signal = signal
  }

  /** How many submissions a filter leaves, and when the newest was submitted. Nothing about anybody is read. */
  async count({ submissionsUrl, formId }: FormAddress, filter: string): Promise<FormCount> {
    const query = new URLSearchParams({ $top: '1', $count: 'true', $select: '__id,__system/submissionDate' })
    if (filter !== '') query.set('$filter', filter)
    const body = await this.#get(`${submissionsUrl}?${query}`, formId)
    const [newest] = rowsOf(body)
    const moment = ((newest as Tree | undefined)?.__system as Tree | undefined)?.submissionDate
    const count = body['@odata.count']
    if (typeof count !== 'number') throw this.#notCentral(200)
    return { count, newest: typeof moment === 'string' ? moment : null }
  }

  /** The first page of what a filter leaves, newest first. */
  firstPage({ submissionsUrl, formId }: FormAddress, filter: string, size: number): Promise<SubmissionPage> {
    const query = new URLSearchParams({ $top: String(size) })
    if (filter !== '') query.set('$filter', filter)
    return this.#page(`${submissionsUrl}?${query}`, formId)
  }

  /** The page that a link leads to. */
  nextPage(link: string, { formId }: FormAddress): Promise<SubmissionPage> {
    return this.#page(this.#own(link), formId)
  }

  /** Every form that the account may see. */
  async forms(): Promise<ListedForm[]> {
    const projects = listOf(await this.#get(`${this.#baseUrl}/v1/projects`, ''))
    const forms: ListedForm[] = []
    for (const project of projects) {
      const projectId = String(project.id)
      // A project that may be seen need not be one whose forms may be.
      const listed = await this.#get(`${this.#baseUrl}/v1/projects/${projectId}/forms`, '').catch((error: unknown) => {
        if (error instanceof OfficeError && error.fault.code === 'odk.no-right') return []
        throw error
      })
      for (const form of listOf(listed)) {
        forms.push({
          projectId,
          projectName: String(project.name),
          formId: String(form.xmlFormId),
          name: String(form.name ?? form.xmlFormId),
          version: String(form.version ?? ''),
        })
      }
    }
    return forms
  }

  /** The questions of a form; groups are not among them. */
  async questions({ projectId, formId }: FormAddress): Promise<FormQuestion[]> {
    const url = `${this.#baseUrl}/v1/projects/${projectId}/forms/${encodeURIComponent(formId)}/fields?odata=true`
    return listOf(await this.#get(url, formId))
      .filter(({ type }) => type !== 'structure')
      .map(({ path, type }) => ({ path: String(path).slice(1).replaceAll('/', '.'), type: String(type) }))
  }

  /** Ends the session, so that it does not stay open at the server for a day. */
  async logOut(): Promise<void> {
    const token = this.#authorization?.startsWith('Bearer ') ? this.#authorization.slice(7) : undefined
    if (token === undefined) return
    const headers = { authorization: `Bearer ${token}` }
    this.#authorization = undefined
    const url = `${this.#baseUrl}/v1/sessions/${encodeURIComponent(token)}`
    // Whatever comes of it: the session ends by itself.
    await this.#http.request({ method: 'DELETE', url, headers, timeLimit: TIME, maximumReply: LARGEST_REPLY })
  }

  async #page(url: string, formId: string): Promise<SubmissionPage> {
    const body = await this.#get(url, formId)
    const next = body['@odata.nextLink']
    return { rows: rowsOf(body), next: typeof next === 'string' ? next : null }
  }

  /** A link as it was given, at the address where the server is reached: its own name for itself may be another. */
  #own(link: string): string {
    const { pathname, search } = new URL(link, this.#baseUrl)
    const own = new URL(this.#baseUrl)
    return `${own.origin}${pathname}${search}`
  }

  async #get(url: string, formId: string): Promise<Tree> {
    for (let isFirst = true; ; isFirst = false) {
      this.#authorization ??= await this.#logIn()
      const answer = await this.#send({ method: 'GET', url, headers: { authorization: this.#authorization } })
      if (answer.status === 401 && isFirst) {
        this.#authorization = undefined
        continue
      }
      return this.#read(answer, formId)
    }
  }

  /** By a session; over an encrypted line by name and password where the server has no sessions. */
  async #logIn(): Promise<string> {
    const answer = await this.#send({
      method: 'POST',
      url: `${this.#baseUrl}/v1/sessions`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#account),
    })
    if (answer.status === 404 && jsonOf(answer).ok) throw this.#fault('odk.single-sign-on')
    const { token } = this.#read(answer, '')
    if (typeof token === 'string') return `Bearer ${token}`
    if (!this.#baseUrl.startsWith('https:')) throw this.#notCentral(answer.status)
    const { email, password } = this.#account
    return `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`
  }

  async #send(request: {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  }): Promise<Answered> {
    const headers = { accept: 'application/json', ...request.headers }
    const limits = { timeLimit: TIME, maximumReply: LARGEST_REPLY }
    const answer = await this.#http.request({ ...request, headers, ...limits }, this.#signal)
    if (answer.outcome !== 'answered') throw new OfficeError(answer.fault)
    return answer
  }

  #read(answer: Answered, formId: string): Tree {
    const parsed = jsonOf(answer, { numbersAsText: [] })
    if (answer.status === 200) {
      if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) throw this.#notCentral(200)
      return parsed.value as Tree
    }
    if (answer.status >= 500 && answer.status !== 501) throw this.#fault('odk.failing', { status: answer.status })
    const told = parsed.ok ? (parsed.value as { code?: unknown; message?: unknown } | null) : null
    if (typeof told?.code !== 'number') throw this.#notCentral(answer.status)
    if (answer.status === 401) throw this.#fault('odk.wrong-password')
    if (answer.status === 403) throw this.#fault('odk.no-right')
    if (answer.status === 404) throw new OfficeError({ code: 'odk.unknown-form', params: { form: formId } })
    const text = `${told.code} ${String(told.message ?? '')}`.slice(0, 200)
    throw new OfficeError({ code: 'odk.question-refused', params: { text } })
  }

  #notCentral(status: number): OfficeError {
    return this.#fault('odk.not-central', { status })
  }

  #fault(code: Fault['code'], params: Fault['params'] = {}): OfficeError {
    return new OfficeError({ code, params: { host: new URL(this.#baseUrl).host, ...params } })
  }
}

const rowsOf = (body: Tree): readonly unknown[] => (Array.isArray(body.value) ? body.value : [])
const listOf = (body: unknown): Tree[] => (Array.isArray(body) ? (body as Tree[]) : [])
