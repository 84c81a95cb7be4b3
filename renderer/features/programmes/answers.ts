import type { Api } from '../../api/client.ts'

/*
 * What the core answers about programmes, as the screens name it.
 */
type AnswerOf<Door extends { ask: (...input: never[]) => Promise<unknown> }> = Awaited<ReturnType<Door['ask']>>

type Programmes = Api['programmes']

export type ProgrammeRow = AnswerOf<Programmes['programme']['list']>[number]
export type ProgrammeView = AnswerOf<Programmes['programme']['view']>
export type EnrolmentRow = AnswerOf<Programmes['enrolments']['page']>['rows'][number]
export type CycleView = AnswerOf<Programmes['cycles']['view']>
export type CycleRow = ProgrammeView['cycles'][number]
export type EntitlementRow = AnswerOf<Programmes['entitlements']['page']>['rows'][number]
export type StatementAnswer = AnswerOf<Programmes['cycles']['statement']>

/** Kinds of record whose change makes these screens ask again. */
export const programmeKinds = ['programme', 'enrolment', 'cycle', 'entitlement', 'payment', 'paymentManager']
export const cycleKinds = ['programme', 'cycle', 'entitlement', 'payment', 'batch']
