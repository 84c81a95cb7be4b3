import { fail } from '../../../shared/contract/result.ts'
import type { Entitlement } from '../../../shared/model/programme.ts'
import type { KnownMapped } from '../../../shared/rules/payee-address.ts'
import type { ReadContext } from '../store/read-query.ts'
import { examine } from './examination.ts'
import { entitlementsAsTheyLie } from './plan.ts'
import { readSettings } from './settings.ts'
import { latestAttempts, nextAttempt } from './standing.ts'

/** A cycle that is to be prepared, or a batch of it that was. */
export interface AskingScope {
  readonly cycleId: string
  /** Null for all of the cycle that is to be prepared. */
  readonly batchId: string | null
}

/** A person whose account a mapper has to name. */
export interface PersonToAsk {
  readonly registrantId: string
  /** By which the mapper knows the person. */
  readonly id: string
  readonly basis: string
}

/** How a mapper's answers stand for a cycle or a batch. */
export interface AskingFigures {
  readonly people: number
  readonly linked: number
  readonly none: number
  readonly unresolved: number
  /** Never asked, or under other settings or another number. */
  readonly unasked: number
  /** When the oldest of these answers came, epoch milliseconds; null without any. */
  readonly oldest: number | null
}

const SLICE = 250

type Heard = Map<string, PersonToAsk & { readonly known: KnownMapped | undefined }>

/** Everybody whom examining the payments asks the mapper's answers for. */
function* peopleOf(context: ReadContext, scope: AskingScope & { readonly day: string }): Generator<number, Heard> {
  const settings = readSettings(context, scope.cycleId, scope.day)
  if (settings.manager.payeeIdType !== 'mapper') fail('mapper.not-used')
  const heard: Heard = new Map()
  const rows =
    scope.batchId === null ? yield* entitlementsAsTheyLie(context, scope.cycleId) : rowsOf(context, scope.batchId)
  const latest = scope.batchId === null ? latestAttempts(context, scope.cycleId) : undefined
  for (let from = 0; from < rows.length; from += SLICE) {
    const bodies = context
      .sql(
        `SELECT body FROM entitlement
         WHERE rowid IN (SELECT value FROM json_each(?)) AND cycle_id = ? AND removed = 0 AND state = 'approved'`,
      )
      .pluck()
      .all(JSON.stringify([...rows.slice(from, from + SLICE)]), scope.cycleId) as string[]
    const open = bodies
      .map((body) => JSON.parse(body) as Entitlement)
      .filter(({ id }) => latest === undefined || nextAttempt(latest.get(id), settings.manager).kind !== 'stands')
    examine(context, open, settings, (registrantId, question, known) => {
      heard.set(registrantId, { registrantId, ...question, known })
    })
    yield Math.min(from + SLICE, rows.length)
  }
  return heard
}

const rowsOf = ({ sql }: ReadContext, batchId: string): Float64Array =>
  Float64Array.from(
    sql(
      `SELECT e.rowid FROM payment p JOIN entitlement e ON e.id = p.entitlement_id
       WHERE p.batch_id = ? AND p.state = 'prepared' ORDER BY e.rowid`,
    )
      .pluck()
      .all(batchId) as number[],
  )

/**
 * Who is to be asked about: whoever was never asked, and whoever was not asked since a time.
 *
 * @param since epoch milliseconds
 */
function* peopleToAsk(
  context: ReadContext,
  input: AskingScope & { readonly day: string; readonly since: number },
): Generator<number, PersonToAsk[]> {
  const heard = yield* peopleOf(context, input)
  return [...heard.values()]
    .filter(({ known }) => known === undefined || known.at < input.since)
    .map(({ registrantId, id, basis }) => ({ registrantId, id, basis }))
}

/** How the answers stand. Whoever may be asked only once others turned out to have no account is not counted before. */
function* askingFigures(
  context: ReadContext,
  input: AskingScope & { readonly day: string },
): Generator<number, AskingFigures> {
  const known = [...(yield* peopleOf(context, input)).values()].map((person) => person.known)
  const count = (kind: KnownMapped['kind']): number => known.filter((one) => one?.kind === kind).length
  const times = known.flatMap((one) => one?.at ?? [])
  return {
    people: known.length,
    linked: count('linked'),
    none: count('none'),
    unresolved: count('unresolved'),
    unasked: known.filter((one) => one === undefined).length,
    oldest: times.length === 0 ? null : times.reduce((least, at) => Math.min(least, at)),
  }
}

export const askingQueries = {
  'batches.peopleToAsk': peopleToAsk,
  'batches.askingFigures': askingFigures,
} as const
