import { z } from 'zod'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { type Fault, fail } from '../../../../shared/contract/result.ts'
import type { Http } from '../../http/http.ts'
import { parseJson } from '../../http/json.ts'
import { type CouchAccess, type CouchAsk, CouchConnection } from '../connection.ts'

const Welcome = z.object({ couchdb: z.string(), version: z.string() })
const Session = z.object({ userCtx: z.object({ name: z.string().nullable(), roles: z.array(z.string()) }) })
const Refusal = z.object({ error: z.literal('unauthorized') })

const OLDEST = 3
const TIME_LIMIT = { connect: 20_000, total: 60_000 }
const LARGEST_GREETING = 100_000

/** What an office would try again by itself; a command is run again by whoever ran it. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'http.line-down',
  'http.not-reachable',
  'http.timed-out',
  'http.circuit-open',
  'http.connection-lost',
])

const notAsked = ({ code, params }: Fault): never =>
  PASSING.has(code) ? fail('central-setup.unreachable', { host: params.host ?? '' }) : fail(code, params)

/** The server as its administrator sees it. Whatever keeps something from being done is thrown. */
export class CentralServer {
  readonly #connection: CouchConnection

  private constructor(connection: CouchConnection) {
    this.#connection = connection
  }

  /**
   * Finds out that it is a CouchDB server and that this is one of its administrators.
   *
   * @throws OfficeError `central-setup.not-couchdb`, `-.too-old`, `-.wrong-password`, `-.not-administrator`,
   *   `-.unreachable`, `http.*`
   */
  static async open(http: Http, access: CouchAccess): Promise<CentralServer> {
    const connection = new CouchConnection(http, access)
    await greet(http, access)
    const server = new CentralServer(connection)
    const { userCtx } = server.#read(Session, await server.ask('_session', { method: 'GET', path: '/_session' }))
    if (!userCtx.roles.includes('_admin')) {
      fail('central-setup.not-administrator', { host: connection.host, user: access.user })
    }
    return server
  }

  /** @throws OfficeError; `name` says in its sentence what was asked for */
  async ask(name: string, request: CouchAsk, fine: readonly number[] = [200]): Promise<unknown> {
    const answer = await this.#connection.ask(request)
    const { host } = this.#connection
    if (!answer.ok) {
      const { code } = answer.error
      if (code === 'central.sign-in-refused') fail('central-setup.wrong-password', { host })
      // What is no CouchDB has no sessions.
      if (code === 'central.no-district' || code === 'central.not-understood')
        fail('central-setup.not-couchdb', { host })
      return notAsked(answer.error)
    }
    const { status } = answer.value
    if (status === 404 && fine.includes(404)) return undefined
    if (status === 409 || status === 412) fail('central-setup.somebody-faster', { name })
    if (status === 202 && !fine.includes(202)) fail('central-setup.not-safe-yet', { name })
    if (!fine.includes(status)) fail('central-setup.refused', { host, status, name })
    const parsed = this.#connection.parse(answer.value)
    return parsed.ok ? parsed.value : fail('central-setup.not-couchdb', { host })
  }

  /** What lies under a path; undefined when nothing does. */
  async find<T>(name: string, path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const found = await this.ask(name, { method: 'GET', path }, [200, 404])
    return found === undefined ? undefined : this.#read(schema, found)
  }

  async put(name: string, path: string, body?: unknown): Promise<void> {
    await this.ask(name, { method: 'PUT', path, ...(body === undefined ? {} : { body }) }, [200, 201])
  }

  #read<T>(schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : fail('central-setup.not-couchdb', { host: this.#connection.host })
  }
}

/** Asked without a name first, so that no password goes to what is no CouchDB. */
async function greet(http: Http, { url, certificateAuthority }: CouchAccess): Promise<void> {
  const answer = await http.request({
    method: 'GET',
    url: `${url.replace(/\/+$/, '')}/`,
    headers: { accept: 'application/json' },
    timeLimit: TIME_LIMIT,
    maximumReply: LARGEST_GREETING,
    ...(certificateAuthority === '' ? {} : { certificateAuthority }),
  })
  if (answer.outcome !== 'answered') return notAsked(answer.fault)
  const { host, status } = answer
  const said = parseJson(answer.body, host)
  // A server that lets nobody in without a name does not even greet.
  if (status === 401 && said.ok && Refusal.safeParse(said.value).success) return
  const welcome = said.ok && status === 200 ? Welcome.safeParse(said.value) : undefined
  if (welcome?.success !== true) return fail('central-setup.not-couchdb', { host })
  const { version } = welcome.data
  if (!(Number.parseInt(version, 10) >= OLDEST)) fail('central-setup.too-old', { host, version })
}
