import type { Api } from '../../api/client.ts'

/* What the core answers about the registry, as the screens name it. */
type AnswerOf<Door> = Door extends { ask: (...input: never[]) => Promise<infer Answer> } ? Answer : never
type OutcomeOf<Door> = Door extends { run: (...input: never[]) => Promise<infer Outcome> } ? Outcome : never
type Registry = Api['registry']

export type RegistrantRow = AnswerOf<Registry['page']>['rows'][number]
export type RecordPage = AnswerOf<Registry['record']>
export type View = RecordPage['view']
export type LookAlike = AnswerOf<Registry['lookAlikes']>[number]
export type SaveOutcome = OutcomeOf<Registry['edit']>
export type Problem = Extract<SaveOutcome, { outcome: 'problems' }>['problems'][number]
export type ImportStatus = AnswerOf<Registry['imports']['status']>
export type Inspected = OutcomeOf<Registry['imports']['inspect']>
export type ImportOptions = Parameters<Registry['imports']['check']['run']>[0]['options']
export type ListInput = Omit<Parameters<Registry['page']['ask']>[0], 'offset' | 'limit'>

/** Kinds of record whose change makes lists of registrants be asked again. */
export const registrantKinds = ['registrant', 'membership']
/** The same for the page of one registrant. */
export const recordKinds = ['registrant', 'membership', 'identityNumber', 'enrolment', 'payment']
