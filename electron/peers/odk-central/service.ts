import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { Faults } from '../couchdb/faults.ts'
import { CentralError, noRight, notFound, wrongCredentials } from './central-error.ts'
import type { CentralForm, CentralOrder, CentralPeerOptions, SubmissionDraft } from './peer-options.ts'
import { type Submission, Submissions } from './submissions.ts'

/** How long a session lives, milliseconds. */
const SESSION = 24 * 60 * 60 * 1_000

interface User {
  readonly email: string
  password: string
  readonly projects: Set<number>
}

/** What Central knows: who may read what, forms, and what was submitted. */
export class CentralService {
  readonly options: CentralPeerOptions
  readonly faults: Faults
  readonly submissions = new Submissions()
  requests = 0
  readonly #users = new Map<string, User>()
  readonly #sessions = new Map<string, { readonly user: User; readonly until: number }>()
  readonly #publishedAt = new Date().toISOString()

  constructor(options: CentralPeerOptions) {
    this.options = options
    this.faults = new Faults(options.seed)
    this.faults.add(...options.faults)
    this.addUsers(options.users)
    for (const draft of options.submissions) this.#submit(draft)
  }

  get sessions(): number {
    return this.#sessions.size
  }

  /** Since 2024.3 who is not logged in is told so, rows say when they were deleted, and wrong tokens are refused. */
  get isNewer(): boolean {
    return this.options.version > '2024.3'
  }

  addUsers(users: CentralPeerOptions['users']): void {
    for (const { email, password, projects } of users) {
      this.#users.set(email, { email, password, projects: new Set(projects) })
    }
  }

  /** @throws CentralError 400.3 where one is missing, 401.2 */
  logIn(body: { readonly email?: unknown; readonly password?: unknown }): object {
    const { email, password } = body
    if (this.options.singleSignOn) throw notFound()
    if (typeof email !== 'string' || typeof password !== 'string') {
      const got = `(email: ${told(email)}, password: ${told(password)})`
      throw new CentralError(400.3, `Required parameters missing. Expected (email, password), got ${got}.`, {
        expected: ['email', 'password'],
        got: body,
      })
    }
    const user = this.#authenticated(email, password)
    const token = randomBytes(48).toString('base64url')
    const csrf = randomBytes(48).toString('base64url')
    const now = Date.now()
    this.#sessions.set(token, { user, until: now + SESSION })
    return { token, csrf, expiresAt: new Date(now + SESSION).toISOString(), createdAt: new Date(now).toISOString() }
  }

  logOut(token: string): void {
    if (!this.#sessions.delete(token)) throw noRight()
  }

  endSessions(): void {
    this.#sessions.clear()
  }

  /**
   * Who asks.
   *
   * @param isSecure whether the request came over https, or through a proxy that says so
   * @throws CentralError 401.2, 401.3, 403.1
   */
  caller(authorization: string | undefined, isSecure: boolean): User {
    const [scheme = '', value = ''] = (authorization ?? '').split(' ')
    if (scheme === 'Bearer') {
      const session = this.#sessions.get(value)
      if (session === undefined || session.until < Date.now()) throw wrongCredentials()
      return session.user
    }
    if (scheme === 'Basic' && !this.options.singleSignOn) {
      if (!isSecure) throw new CentralError(401.3, 'This authentication method is only available over HTTPS')
      const [email = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
      return this.#authenticated(email, password.join(':'))
    }
    throw this.isNewer ? wrongCredentials() : noRight()
  }

  #authenticated(email: string, password: string): User {
    const user = this.#users.get(email)
    if (user === undefined || user.password !== password) throw wrongCredentials()
    return user
  }

  grant(email: string, project: number): void {
    this.#users.get(email)?.projects.add(project)
  }

  projectsOf({ projects }: User): readonly { readonly id: number; readonly name: string }[] {
    return this.options.projects.filter(({ id }) => projects.has(id))
  }

  formsOf(project: number): readonly CentralForm[] {
    return this.options.forms.filter((form) => form.project === project)
  }

  /** A form that somebody may read. Errors: 404.1, 403.1. */
  form({ projects }: User, project: number, xmlFormId: string): CentralForm {
    const found = this.formsOf(project).find((form) => form.xmlFormId === xmlFormId)
    if (found === undefined) throw notFound()
    if (!projects.has(project)) throw noRight()
    return found
  }

  /** A form as Central describes it. */
  describe(form: CentralForm, isExtended: boolean): object {
    const seen = this.submissions.ofForm(form).filter(({ deletedAt }) => deletedAt === null)
    const inState = (state: string | null): number => seen.filter(({ reviewState }) => reviewState === state).length
    const plain = {
      projectId: form.project,
      xmlFormId: form.xmlFormId,
      state: 'open',
      enketoId: null,
      enketoOnceId: null,
      createdAt: this.#publishedAt,
      updatedAt: null,
      keyId: null,
      version: form.version,
      draftToken: null,
      publishedAt: this.#publishedAt,
      name: form.name,
    }
    if (!isExtended) return plain
    return {
      ...plain,
      submissions: seen.length,
      entityRelated: false,
      reviewStates: { received: inState(null), hasIssues: inState('hasIssues'), edited: inState('edited') },
      lastSubmission: seen[0]?.submissionDate ?? null,
      excelContentType: null,
    }
  }

  obey(order: z.output<typeof CentralOrder>): void {
    if (order.endSessions === true) this.endSessions()
    for (const draft of order.submit ?? []) this.#submit(draft)
    for (const { instanceId, data, ...which } of order.edit ?? []) {
      const one = this.#changed(which)
      one.instanceId = instanceId
      one.data = data
      one.edits += 1
      one.reviewState = 'edited'
    }
    for (const { state, ...which } of order.review ?? []) this.#changed(which).reviewState = state
    for (const which of order.remove ?? []) {
      this.#find(which).deletedAt = which.at ?? new Date().toISOString()
    }
  }

  #submit(draft: SubmissionDraft): void {
    const form = this.formsOf(draft.project).find(({ xmlFormId }) => xmlFormId === draft.form)
    if (form === undefined) throw new Error(`no such form: ${draft.form}`)
    this.submissions.add(form, draft)
  }

  #find({ project, form, id }: { project?: number | undefined; form: string; id: string }): Submission {
    const found = this.formsOf(project ?? 1).find(({ xmlFormId }) => xmlFormId === form)
    if (found === undefined) throw notFound()
    return this.submissions.get(found, id)
  }

  #changed(which: { project?: number | undefined; form: string; id: string; at?: string | undefined }): Submission {
    const found = this.#find(which)
    found.updatedAt = which.at ?? new Date().toISOString()
    return found
  }
}

const told = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))
