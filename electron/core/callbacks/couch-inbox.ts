import { z } from 'zod'
import { failure, type Result, success } from '../../../shared/contract/result.ts'
import type { Answered } from '../http/exchange-types.ts'
import type { Http } from '../http/http.ts'
import { jsonOf } from '../http/json.ts'
import type { RawCall } from './caller.ts'
import type { CallbackRoute } from './secret-paths.ts'

export interface CouchAccess {
  /** Of the database. */
  readonly url: string
  readonly user: string
  readonly password: string
}

/** A call as it lies in the inbox database until its office collects it. */
const CallDocument = z.object({
  _id: z.string(),
  _rev: z.string(),
  cameAt: z.number(),
  caller: z.string().max(100),
  owner: z.string().max(200),
  path: z.string().max(200),
  method: z.string().max(20),
  headers: z.record(z.string(), z.string()),
  body: z.base64(),
})

/** Paths that an office gave out, as a receiver alone at the centre knows them: no secret in it. */
export const RoutesDocument = z.object({
  _id: z.string(),
  _rev: z.string().optional(),
  routes: z.array(
    z.object({
      /** SHA-256, hexadecimal. */
      secretHash: z.string().regex(/^[0-9a-f]{64}$/),
      caller: z.string().min(1).max(100),
      owner: z.string().min(1).max(200),
    }),
  ),
})

/** A route, and the office whose inbox its calls go to. */
export interface CentralRoute extends CallbackRoute {
  readonly office: string
}

export interface CollectedCall {
  readonly call: RawCall
  readonly revision: string
}

const Rows = z.object({ rows: z.array(z.object({ id: z.string(), doc: z.unknown() })) })
const Saved = z.object({ rev: z.string() })

const CALL = 'call'
const ROUTES = 'routes'
const TIME_LIMIT = { connect: 10_000, total: 60_000 }
/** Bytes; a page of calls of the largest size, in base64. */
const LARGEST_REPLY = 64_000_000

/** The inbox database in which a receiver alone at the centre keeps calls for their offices. */
export class CouchInbox {
  readonly #http: Http
  readonly #access: CouchAccess

  constructor(http: Http, access: CouchAccess) {
    this.#http = http
    this.#access = access
  }

  /** Keeps a call; the same one is kept once. Errors: `callback.inbox-*`, `http.*`. */
  async keep(office: string, call: RawCall): Promise<Result<null>> {
    const { id, body, ...rest } = call
    const document = { ...rest, body: Buffer.from(body).toString('base64') }
    const answer = await this.#ask('PUT', `/${encodeURIComponent(`${CALL}:${office}:${id}`)}`, document)
    if (!answer.ok) return answer
    // 202 means that too few nodes of a cluster have it: it is not safe yet.
    return answer.value.status === 201 || answer.value.status === 409 ? success(null) : refused(answer.value)
  }

  /**
   * Calls for an office, oldest first. What cannot be read is passed over.
   *
   * @param after where the page before ended; empty for the first
   * @returns `next`: where the next page begins; null at the end
   */
  async page(
    office: string,
    after: string,
    limit: number,
  ): Promise<Result<{ readonly calls: readonly CollectedCall[]; readonly next: string | null }>> {
    const start = `${CALL}:${office}:`
    const query = new URLSearchParams({
      startkey: JSON.stringify(after === '' ? start : `${after}\u0000`),
      endkey: JSON.stringify(`${start}\ufff0`),
      limit: String(limit),
      include_docs: 'true',
    })
    const answer = await this.#ask('GET', `/_all_docs?${query}`)
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return refused(answer.value)
    const rows = read(answer.value, Rows)
    if (!rows.ok) return rows
    const documents = rows.value.rows.map(({ doc }) => CallDocument.safeParse(doc))
    return success({
      calls: documents.flatMap(({ data }) => (data === undefined ? [] : [collected(data, start)])),
      next: rows.value.rows.length < limit ? null : (rows.value.rows.at(-1)?.id ?? null),
    })
  }

  /** Removes calls that are safe elsewhere. Somebody else may have removed them before. */
  async remove(office: string, calls: readonly CollectedCall[]): Promise<Result<null>> {
    const docs = calls.map(({ call, revision }) => ({
      _id: `${CALL}:${office}:${call.id}`,
      _rev: revision,
      _deleted: true,
    }))
    const answer = await this.#ask('POST', '/_bulk_docs', { docs })
    if (!answer.ok) return answer
    return answer.value.status === 201 ? success(null) : refused(answer.value)
  }

  /** Tells the receiver at the centre which paths this office gave out. A conflict means that another run was faster. */
  async publishRoutes(office: string, routes: readonly CallbackRoute[]): Promise<Result<null>> {
    const path = `/${encodeURIComponent(`${ROUTES}:${office}`)}`
    const before = await this.#ask('GET', path)
    if (!before.ok) return before
    if (before.value.status !== 200 && before.value.status !== 404) return refused(before.value)
    const known = before.value.status === 200 ? read(before.value, RoutesDocument) : undefined
    const revision = known?.ok ? known.value._rev : undefined
    const answer = await this.#ask('PUT', path, {
      ...(revision === undefined ? {} : { _rev: revision }),
      by: this.#access.user,
      routes: routes.map(({ secretHash, caller, owner }) => ({
        secretHash: Buffer.from(secretHash).toString('hex'),
        caller,
        owner,
      })),
    })
    if (!answer.ok) return answer
    return answer.value.status === 201 && read(answer.value, Saved).ok ? success(null) : refused(answer.value)
  }

  /** The paths of all offices. */
  async routes(): Promise<Result<readonly CentralRoute[]>> {
    const query = new URLSearchParams({
      startkey: JSON.stringify(`${ROUTES}:`),
      endkey: JSON.stringify(`${ROUTES}:\ufff0`),
      include_docs: 'true',
    })
    const answer = await this.#ask('GET', `/_all_docs?${query}`)
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return refused(answer.value)
    const rows = read(answer.value, Rows)
    if (!rows.ok) return rows
    return success(
      rows.value.rows.flatMap(({ doc }) => {
        const document = RoutesDocument.safeParse(doc)
        if (!document.success) return []
        const office = document.data._id.slice(ROUTES.length + 1)
        return document.data.routes.map(({ secretHash, caller, owner }) => ({
          office,
          caller,
          owner,
          secretHash: Buffer.from(secretHash, 'hex'),
        }))
      }),
    )
  }

  async #ask(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<Result<Answered>> {
    const { url, user, password } = this.#access
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const answer = await this.#http.request({
      method,
      url: url.replace(/\/+$/, '') + path,
      headers: {
        accept: 'application/json',
        ...(user === '' ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeLimit: TIME_LIMIT,
      maximumReply: LARGEST_REPLY,
    })
    return answer.outcome === 'answered' ? success(answer) : { ok: false, error: answer.fault }
  }
}

const refused = ({ host, status }: Answered): Result<never> => failure('callback.inbox-refused', { host, status })

function read<T>(answer: Answered, schema: z.ZodType<T>): Result<T> {
  const json = jsonOf(answer, { numbersAsText: [] })
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success ? success(parsed.data) : failure('callback.inbox-not-understood', { host: answer.host })
}

function collected({ _id, _rev, body, ...rest }: z.infer<typeof CallDocument>, start: string): CollectedCall {
  return { revision: _rev, call: { ...rest, id: _id.slice(start.length), body: Buffer.from(body, 'base64') } }
}
