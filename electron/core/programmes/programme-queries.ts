import type { CycleState, Enrolment, Programme } from '../../../shared/model/programme.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import type { ReadContext } from '../store/read-query.ts'
import { readProgramme } from './matching.ts'
import { grantedSum } from './programmes.ts'

export interface ProgrammeRow {
  readonly programme: Programme
  readonly enrolled: number
  readonly cycles: number
  /** Minor units granted by all cycles. */
  readonly granted: number
  readonly paid: number
}

export interface CycleRow {
  readonly id: string
  readonly sequence: number
  readonly name: string
  readonly startDate: string
  readonly endDate: string
  readonly state: CycleState
  readonly ceiling: number | null
  readonly entitlements: number
  readonly entitled: number
  readonly granted: number
  readonly paidCount: number
  readonly paid: number
}

export interface ProgrammeView {
  readonly programme: Programme
  readonly managerName: string
  readonly enrolments: Readonly<Record<Enrolment['state'], number>>
  readonly granted: number
  readonly paid: number
  readonly cycles: readonly CycleRow[]
  /** Whether anything was ever entitled: the currency is fixed then. */
  readonly currencyFixed: boolean
  readonly targetFixed: boolean
}

const granted = grantedStates.map((state) => `'${state}'`).join(', ')

const paidSum = (context: ReadContext, programmeId: string): number =>
  context
    .sql("SELECT coalesce(sum(amount), 0) FROM payment WHERE programme_id = ? AND state = 'paid'")
    .pluck()
    .get(programmeId) as number

export const programmeQueries = {
  'programmes.list': (context: ReadContext): ProgrammeRow[] => {
    const bodies = context
      .sql('SELECT body FROM programme WHERE removed = 0 ORDER BY state, name')
      .pluck()
      .all() as string[]
    const enrolled = context
      .sql("SELECT count(*) FROM enrolment WHERE programme_id = ? AND removed = 0 AND state = 'enrolled'")
      .pluck()
    const cycles = context.sql('SELECT count(*) FROM cycle WHERE programme_id = ? AND removed = 0').pluck()
    return bodies.map((body) => {
      const programme = JSON.parse(body) as Programme
      return {
        programme,
        enrolled: enrolled.get(programme.id) as number,
        cycles: cycles.get(programme.id) as number,
        granted: grantedSum(context, programme.id),
        paid: paidSum(context, programme.id),
      }
    })
  },

  'programmes.view': (context: ReadContext, { programmeId }: { programmeId: string }): ProgrammeView => {
    const programme = readProgramme(context, programmeId)
    const states = context
      .sql('SELECT state, count(*) AS count FROM enrolment WHERE programme_id = ? AND removed = 0 GROUP BY state')
      .all(programmeId) as { state: Enrolment['state']; count: number }[]
    const cycles = context
      .sql(
        `SELECT c.id, c.sequence, c.state, c.body ->> '$.name' AS name, c.body ->> '$.startDate' AS startDate,
                c.body ->> '$.endDate' AS endDate, c.body ->> '$.ceiling' AS ceiling,
                (SELECT count(*) FROM entitlement WHERE cycle_id = c.id AND removed = 0) AS entitlements,
                (SELECT coalesce(sum(amount), 0) FROM entitlement WHERE cycle_id = c.id AND removed = 0) AS entitled,
                (SELECT coalesce(sum(amount), 0) FROM entitlement
                  WHERE cycle_id = c.id AND removed = 0 AND state IN (${granted})) AS granted,
                (SELECT count(*) FROM payment WHERE cycle_id = c.id AND state = 'paid') AS paidCount,
                (SELECT coalesce(sum(coalesce(amount_paid, amount)), 0) FROM payment
                  WHERE cycle_id = c.id AND state = 'paid') AS paid
         FROM cycle c WHERE c.programme_id = ? AND c.removed = 0 ORDER BY c.sequence DESC`,
      )
      .all(programmeId) as CycleRow[]
    const manager = context
      .sql("SELECT body ->> '$.name' FROM payment_manager WHERE id = ?")
      .pluck()
      .get(programme.paymentManagerId) as string | undefined
    const count = (state: Enrolment['state']): number => states.find((one) => one.state === state)?.count ?? 0
    return {
      programme,
      managerName: manager ?? '',
      enrolments: { enrolled: count('enrolled'), paused: count('paused'), exited: count('exited') },
      granted: grantedSum(context, programmeId),
      paid: paidSum(context, programmeId),
      cycles,
      currencyFixed:
        context.sql('SELECT 1 FROM entitlement WHERE programme_id = ? AND removed = 0 LIMIT 1').get(programmeId) !==
        undefined,
      targetFixed: states.length > 0,
    }
  },
} as const
