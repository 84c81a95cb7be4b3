import type { Api } from '../../api/client.ts'

type AnswerOf<Door extends { ask: (...input: never[]) => Promise<unknown> }> = Awaited<ReturnType<Door['ask']>>

export type AuditEntryView = AnswerOf<Api['audit']['page']>['rows'][number]

/** What the trail is narrowed to; empty texts and nulls leave a question open. */
export interface AuditFilter {
  readonly officerId: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  /** Calendar days, `YYYY-MM-DD`, in the office's own time; both inclusive. */
  readonly fromDay: string
  readonly toDay: string
}

export const noFilter: AuditFilter = {
  officerId: '',
  action: '',
  subjectKind: '',
  subjectId: '',
  fromDay: '',
  toDay: '',
}

const startOf = (day: string, plus = 0): number => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + plus).getTime()
}

/** The filter as the core takes it. */
export function questionOf({ officerId, action, subjectKind, subjectId, fromDay, toDay }: AuditFilter) {
  return {
    ...(officerId === '' ? {} : { officerId }),
    ...(action === '' ? {} : { action }),
    ...(subjectKind === '' ? {} : { subjectKind }),
    ...(subjectId === '' ? {} : { subjectId }),
    ...(fromDay === '' ? {} : { from: startOf(fromDay) }),
    ...(toDay === '' ? {} : { until: startOf(toDay, 1) }),
  }
}
