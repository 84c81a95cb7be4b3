import type { Coverage } from '../../../shared/contract/tokenisation.ts'
import type { ReadContext } from '../store/read-query.ts'
import { consentHolds } from './consents.ts'
import { isAsBefore } from './standing-outcome.ts'

export interface CoverageInput {
  readonly vidType: string
  readonly tokenType: string
  /** The area with most people first; more are left out. */
  readonly areas: number
  readonly days: number
  /** Epoch milliseconds. */
  readonly now: number
  /** Minutes that local time is ahead of UTC. */
  readonly ahead: number
}

interface Slice {
  readonly area: string
  readonly people: number
  readonly tokenised: number
  readonly withVid: number
  readonly noConsent: number
  readonly toCorrect: number
}

const SLICE = 2_000
const DAY = 86_400_000

const has = (type: string): string =>
  `EXISTS (SELECT 1 FROM identity_number n WHERE n.registrant_id = r.id AND n.type = ${type} AND n.removed = 0)`

/** How far the registry has come, in slices of people so that other reads get their turn. */
function* coverage({ sql }: ReadContext, input: CoverageInput): Generator<number, Coverage> {
  const bound = sql('SELECT id FROM registrant WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?').pluck()
  const slices = sql(
    `WITH p AS MATERIALIZED (
       SELECT r.id, r.area, ${has('?')} AS token, ${has('?')} AS vid, ${consentHolds('r.id')} AS consent,
         EXISTS (SELECT 1 FROM token_person p WHERE p.registrant_id = r.id AND p.state IN ('refused', 'skipped')
                 AND p.class NOT IN ('later', 'unanswered', '') AND ${isAsBefore('?')}) AS wrong
       FROM registrant r WHERE r.id > ? AND r.id <= ? AND r.removed = 0 AND r.kind = 'individual')
     SELECT area, count(*) AS people, sum(token) AS tokenised, sum(vid AND NOT token) AS withVid,
       sum(vid AND NOT token AND NOT consent) AS noConsent,
       sum(vid AND NOT token AND consent AND wrong) AS toCorrect
     FROM p GROUP BY area`,
  )
  const sum = { people: 0, tokenised: 0, withVid: 0, noConsent: 0, toCorrect: 0 }
  const areas = new Map<string, { people: number; tokenised: number }>()
  let from = ''
  for (let done = SLICE; ; done += SLICE) {
    const to = bound.get(from, SLICE - 1) as string | undefined
    for (const slice of slices.all(input.tokenType, input.vidType, input.vidType, from, to ?? '\uffff') as Slice[]) {
      for (const key of ['people', 'tokenised', 'withVid', 'noConsent', 'toCorrect'] as const) sum[key] += slice[key]
      const area = areas.get(slice.area) ?? { people: 0, tokenised: 0 }
      areas.set(slice.area, { people: area.people + slice.people, tokenised: area.tokenised + slice.tokenised })
    }
    if (to === undefined) break
    from = to
    yield done
  }
  const { people, tokenised, withVid, noConsent, toCorrect } = sum
  return {
    people,
    tokenised,
    waiting: withVid - noConsent - toCorrect,
    toCorrect,
    noConsent,
    noVid: people - tokenised - withVid,
    days: daysOf(sql, input),
    areas: [...areas]
      .map(([area, counts]) => ({ area, ...counts }))
      .sort((one, other) => other.people - one.people)
      .slice(0, input.areas),
  }
}

function daysOf(sql: ReadContext['sql'], { now, days, ahead }: CoverageInput): Coverage['days'] {
  const shift = ahead * 60_000
  const since = Math.floor((now + shift) / DAY) * DAY - shift - (days - 1) * DAY
  return sql(
    `SELECT date((changed_at + ?) / 1000, 'unixepoch') AS day, count(*) AS tokenised
     FROM token_item WHERE state = 'tokenised' AND changed_at >= ? GROUP BY 1 ORDER BY 1`,
  ).all(shift, since) as { day: string; tokenised: number }[]
}

export const coverageQueries = { 'tokenisation.coverage': coverage }
