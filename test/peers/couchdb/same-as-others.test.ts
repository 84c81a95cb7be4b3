import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { basic } from './couch-client.ts'
import { type Operation, operation } from './operations.ts'
import { type OtherServer, startExpressPouch } from './other-implementation.ts'
import { type Seen, SeenServer } from './seen-server.ts'

/*
 * The own server and another implementation of the protocol are told the same, and what is seen of both is compared. Left out,
 * since it is different by intent:
 * - digests of revisions and the form of sequences, which every implementation makes its own way;
 * - the content of revisions that were gone on from: the own server keeps none, as CouchDB after a compaction;
 * - sentences of refusals (their words and statuses are compared);
 * - the order of changes inside one request.
 */

const ADMIN = { user: 'admin', password: 'a secret of the centre' }
const RUNS = 60

let own: CouchdbPeer
let databases = 0

beforeAll(async () => {
  own = await startCouchdbPeer(ADMIN)
})
afterAll(() => own.close())

interface Place {
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  /** What it is known to do otherwise than CouchDB, and is not asked. */
  readonly differs: (operation: Operation, living: ReadonlyMap<string, readonly string[]>) => boolean
}

/**
 * Where CouchDB answers 409, express-pouchdb deletes without being told which revision, writes over graves whatever revision is
 * named, and answers 404 to a `DELETE` that names a revision of before. It counts as lacking what it knows only as a parent; the
 * longest paths here end in no parent.
 */
const differsInPouch: Place['differs'] = (operation, living) => {
  const isGone = (id: string): boolean => (living.get(id) ?? []).length === 0
  if (operation.do === 'bulk') {
    return operation.writes.some(({ id, base, deleted }) => isGone(id) && (deleted || base.on === 'past'))
  }
  if (operation.do === 'diff') return operation.revisions.some(({ id, start }) => living.has(id) && start < 3)
  if (operation.do !== 'write') return false
  const { id, base, deleted } = operation.write
  return deleted ? base.on !== 'branch' || isGone(id) : base.on === 'past' && isGone(id)
}

/** Which of two equally long graves a document is made anew on is told by their digests. */
function liesInDigests(operation: Operation, seen: Seen): boolean {
  const writes = operation.do === 'write' ? [operation.write] : operation.do === 'bulk' ? operation.writes : []
  return writes.some(({ id }) => {
    const branches = seen.get(id)?.branches ?? []
    const [longest, next] = branches.map(({ generation }) => generation).sort((one, other) => other - one)
    return longest !== undefined && longest === next && branches.every(({ deleted }) => deleted)
  })
}

const byId = (seen: Seen): unknown[] => [...seen].sort(([one], [other]) => (one < other ? -1 : 1))

/** What an operation did not touch comes before what it did, in the order in which it came before. */
function expectOrder(before: Seen, after: Seen): void {
  const untouched = [...before.keys()].filter((id) => JSON.stringify(before.get(id)) === JSON.stringify(after.get(id)))
  expect([...after.keys()].slice(0, untouched.length)).toEqual(untouched)
}

async function compare(other: Place, operations: readonly Operation[]): Promise<void> {
  databases += 1
  const name = `same-${process.pid}-${databases}`
  const here = new SeenServer(own.origin, name, basic(ADMIN.user, ADMIN.password))
  const there = new SeenServer(other.origin, name, other.headers)
  await Promise.all([here.create(), there.create()])
  try {
    let before: Seen = new Map()
    let beforeThere: Seen = new Map()
    let living = new Map<string, readonly string[]>()
    for (const told of operations) {
      if (other.differs(told, living) || liesInDigests(told, before)) continue
      const [said, saidThere] = [await here.apply(told, living), await there.apply(told, living)]
      expect(said, JSON.stringify(told)).toEqual(saidThere)
      const [seen, seenThere] = [await here.look(), await there.look()]
      expect(byId(seen), JSON.stringify(told)).toEqual(byId(seenThere))
      expectOrder(before, seen)
      expectOrder(beforeThere, seenThere)
      before = seen
      beforeThere = seenThere
      for (const [id, { winner }] of seen) expect(winner, id).toBe('by the rule')
      living = new Map(
        [...seen].map(([id, { branches }]) => [id, branches.filter(({ deleted }) => !deleted).map(({ rev }) => rev)]),
      )
    }
  } finally {
    await Promise.all([here.remove(), there.remove()])
  }
}

const sameFor = (other: Place): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 14 }), (operations) => compare(other, operations)),
    { numRuns: RUNS, endOnFailure: false },
  )

describe('what is seen is the same', () => {
  let other: OtherServer
  beforeAll(async () => {
    other = await startExpressPouch()
  })
  afterAll(() => other.close())

  test('as of express-pouchdb', { timeout: 240_000 }, () =>
    sameFor({ origin: other.origin, headers: {}, differs: differsInPouch }),
  )
})

const real = process.env.COUCHDB_URL
describe('what is seen is the same as of a real CouchDB', () => {
  const reason = real === undefined ? ' (left out: COUCHDB_URL names no server)' : ''
  test.skipIf(real === undefined)(`of this version${reason}`, { timeout: 600_000 }, () => {
    const url = new URL(real ?? '')
    const headers = basic(decodeURIComponent(url.username), decodeURIComponent(url.password))
    return sameFor({ origin: url.origin, headers, differs: () => false })
  })
})
