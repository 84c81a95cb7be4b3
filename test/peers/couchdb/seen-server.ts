import { type Answered, type Asking, ask } from './couch-client.ts'
import type { Base, Elsewhere, Operation, Write } from './operations.ts'

/** A branch of a document as everybody sees it: its revision by a name that is the same on every server. */
interface SeenBranch {
  readonly rev: string
  readonly generation: number
  readonly deleted: boolean
  readonly value: unknown
}

/** Documents in the order of changes. */
export type Seen = ReadonlyMap<string, { readonly winner: string; readonly branches: readonly SeenBranch[] }>

interface Answer {
  readonly [member: string]: unknown
}

/**
 * A database of a server, looked at without what each implementation makes its own way: digests of revisions (named by the
 * write that made them), sequences (only their order counts) and sentences of refusals.
 */
export class SeenServer {
  readonly #database: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #names = new Map<string, string>()
  readonly #revisions = new Map<string, string>()
  readonly #checkpoints = new Map<string, string>()
  #writes = 0

  constructor(origin: string, name: string, headers: Readonly<Record<string, string>>) {
    this.#database = `${origin}/${name}`
    this.#headers = headers
  }

  async create(): Promise<void> {
    // One shard, since the order of changes is only that of each shard.
    const { status } = await this.#ask('PUT', '?q=1')
    if (status !== 201) throw new Error(`the database was not made: ${status}`)
  }

  async remove(): Promise<void> {
    await this.#ask('DELETE', '')
  }

  /**
   * Does it; answers what came back.
   *
   * @param branches living branches of each document, as named
   */
  async apply(operation: Operation, branches: ReadonlyMap<string, readonly string[]>): Promise<Answer> {
    switch (operation.do) {
      case 'write':
        return this.#write(operation.write, branches)
      case 'bulk': {
        const named = operation.writes.map((write) => ({ write, name: this.#nextName() }))
        const docs = named.map(({ write }) => this.#document(write, branches))
        const { status, body } = await this.#ask('POST', '/_bulk_docs', { body: { docs } })
        return { status, rows: named.map(({ write, name }, i) => this.#written(write.id, body[i], name)) }
      }
      case 'adopt': {
        const docs = operation.revisions.map((revision) => documentOf(revision))
        const { status, body } = await this.#ask('POST', '/_bulk_docs', { body: { new_edits: false, docs } })
        return { status, body }
      }
      case 'diff': {
        const asked = operation.revisions.map((revision) => [revision.id, [revOf(revision)]])
        const { status, body } = await this.#ask('POST', '/_revs_diff', { body: Object.fromEntries(asked) })
        return {
          status,
          missing: Object.fromEntries(
            Object.entries<{ missing: string[] }>(body).map(([id, { missing }]) => [id, missing]),
          ),
        }
      }
      case 'checkpoint':
        return this.#checkpoint(operation.name, operation.known)
      case 'list':
        return this.#rows(await this.#ask('GET', `/_all_docs?${encodeURI(operation.query)}`))
      case 'keys':
        return this.#rows(await this.#ask('POST', '/_all_docs?include_docs=true', { body: { keys: operation.keys } }))
      case 'pages':
        return this.#pages(operation.limit)
    }
  }

  /** Every document with all its branches, in the order of changes. */
  async look(): Promise<Seen> {
    const { results } = (await this.#ask('GET', '/_changes?include_docs=true')).body
    const seen = new Map<string, { readonly winner: string; readonly branches: readonly SeenBranch[] }>()
    for (const { id, doc } of results) {
      const { body } = await this.#ask('GET', `/${encodeURIComponent(id)}?open_revs=all`, { headers: JSON_ONLY })
      const documents: Record<string, unknown>[] = body.map(({ ok }: { ok: object }) => ok)
      const rule = documents.toSorted(byVictory)[0]
      seen.set(id, {
        // Which of two equally long branches wins lies in their digests, so each server is held to the rule by its own.
        winner:
          rule?._rev === doc._rev
            ? 'by the rule'
            : `not by the rule: ${doc._rev} of ${documents.map(({ _rev }) => _rev)}`,
        branches: documents
          .map(({ _rev, _deleted, value }) => ({
            rev: this.#names.get(`${id} ${_rev}`) ?? String(_rev),
            generation: generationOf(_rev),
            deleted: _deleted === true,
            value: value ?? null,
          }))
          .sort((one, other) => (one.rev < other.rev ? -1 : 1)),
      })
    }
    return seen
  }

  async #write(write: Write, branches: ReadonlyMap<string, readonly string[]>): Promise<Answer> {
    const name = this.#nextName()
    const { _id, ...document } = this.#document(write, branches)
    const path = `/${encodeURIComponent(write.id)}`
    const { status, body } = write.deleted
      ? await this.#ask('DELETE', document._rev === undefined ? path : `${path}?rev=${document._rev}`)
      : await this.#ask('PUT', path, { body: document })
    return { status, ...this.#written(write.id, body, name) }
  }

  #document(
    { id, base, deleted, value }: Write,
    branches: ReadonlyMap<string, readonly string[]>,
  ): Record<string, unknown> {
    const rev = this.#revisionFor(base, branches.get(id) ?? [])
    return { _id: id, ...(rev === undefined ? {} : { _rev: rev }), ...(deleted ? { _deleted: true } : { value }) }
  }

  #revisionFor(base: Base, living: readonly string[]): string | undefined {
    if (base.on === 'past') return '1-00000000000000000000000000000000'
    const name = base.on === 'branch' ? living[base.number % Math.max(1, living.length)] : undefined
    return name === undefined ? undefined : (this.#revisions.get(name) ?? name)
  }

  /** What became of one write; its revision goes by `name` from now on. */
  #written(id: string, row: { readonly rev?: string; readonly error?: string }, name: string): Answer {
    if (row.error !== undefined || row.rev === undefined) return { error: row.error }
    this.#names.set(`${id} ${row.rev}`, name)
    this.#revisions.set(name, row.rev)
    return { name, generation: generationOf(row.rev) }
  }

  async #checkpoint(name: string, known: boolean): Promise<Answer> {
    const rev = known ? this.#checkpoints.get(name) : undefined
    const { status, body } = await this.#ask('PUT', `/_local/${name}`, {
      body: { ...(rev === undefined ? {} : { _rev: rev }), at: name },
    })
    if (body.rev !== undefined) this.#checkpoints.set(name, body.rev)
    return { status, rev: body.rev, error: body.error }
  }

  #rows({ status, body }: Answered): Answer {
    return {
      status,
      total: body.total_rows,
      error: body.error,
      rows: body.rows?.map(({ id, key, error, value, doc }: Record<string, unknown>) => ({
        id,
        key,
        error,
        deleted: (value as { deleted?: boolean } | undefined)?.deleted,
        rev: generationOf((value as { rev?: string } | undefined)?.rev),
        conflicts: (doc as { _conflicts?: string[] } | undefined)?._conflicts?.length,
        document: doc === undefined ? 'not asked' : doc === null ? 'gone' : 'there',
      })),
    }
  }

  async #pages(limit: number): Promise<Answer> {
    const sizes: number[] = []
    const told: string[] = []
    let since = '0'
    for (;;) {
      const query = `limit=${limit}&since=${encodeURIComponent(since)}`
      const { results, last_seq } = (await this.#ask('GET', `/_changes?${query}`)).body
      sizes.push(results.length)
      for (const { id, deleted } of results) told.push(`${id} ${deleted === true ? 'deleted' : 'there'}`)
      since = String(last_seq)
      if (results.length === 0) return { sizes, told: told.sort() }
    }
  }

  #nextName(): string {
    this.#writes += 1
    return `w${this.#writes}`
  }

  #ask(method: string, path: string, { headers, ...asking }: Asking = {}): Promise<Answered> {
    return ask(method, this.#database + path, { ...asking, headers: { ...this.#headers, ...headers } })
  }
}

const JSON_ONLY = { accept: 'application/json' }

const generationOf = (rev: unknown): number => Number.parseInt(String(rev), 10)

function byVictory(one: Record<string, unknown>, other: Record<string, unknown>): number {
  const [grave, otherGrave] = [one._deleted === true, other._deleted === true]
  if (grave !== otherGrave) return grave ? 1 : -1
  const longer = generationOf(other._rev) - generationOf(one._rev)
  return longer === 0 ? (String(one._rev) > String(other._rev) ? -1 : 1) : longer
}

const revOf = ({ start, digests }: Elsewhere): string => `${start}-${digests[0]}`

function documentOf(revision: Elsewhere): Record<string, unknown> {
  const { id, start, digests, deleted } = revision
  return {
    _id: id,
    _rev: revOf(revision),
    _revisions: { start, ids: digests },
    ...(deleted ? { _deleted: true } : { value: digests[0] }),
  }
}
