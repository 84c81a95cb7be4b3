import type { Api } from '../../api/client.ts'

type AnswerOf<Door extends { ask: (...input: never[]) => Promise<unknown> }> = Awaited<ReturnType<Door['ask']>>

export type TrailCheck = AnswerOf<Api['upkeep']['status']>['audit']
export type AuditEntryView = AnswerOf<Api['audit']['page']>['rows'][number]

/** What the trail is narrowed to; empty texts and nulls leave a question open. */
export interface AuditFilter {
  readonly officerId: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  /** One contact or identity number of a registrant. */
  readonly contactId: string
  /** Calendar days, `YYYY-MM-DD`, in the office's own time; both inclusive. */
  readonly fromDay: string
  readonly toDay: string
}

export const noFilter: AuditFilter = {
  officerId: '',
  action: '',
  subjectKind: '',
  subjectId: '',
  contactId: '',
  fromDay: '',
  toDay: '',
}

const startOf = (day: string, plus = 0): number => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + plus).getTime()
}

/** Days as the stretch of time that they cover. */
export const periodOf = ({ fromDay, toDay }: Pick<AuditFilter, 'fromDay' | 'toDay'>) => ({
  ...(fromDay === '' ? {} : { from: startOf(fromDay) }),
  ...(toDay === '' ? {} : { until: startOf(toDay, 1) }),
})

/** The filter as the core takes it. */
export function questionOf({ officerId, action, subjectKind, subjectId, contactId, ...days }: AuditFilter) {
  return {
    ...(officerId === '' ? {} : { officerId }),
    ...(action === '' ? {} : { action }),
    ...(subjectKind === '' ? {} : { subjectKind }),
    ...(subjectId === '' ? {} : { subjectId }),
    ...(contactId === '' ? {} : { contactId }),
    ...periodOf(days),
  }
}
