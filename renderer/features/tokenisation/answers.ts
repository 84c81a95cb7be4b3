import type { Api } from '../../api/client.ts'

type AnswerOf<Door> = Door extends { ask: (...input: never[]) => Promise<infer Answer> } ? Answer : never
type Tokens = Api['tokenisation']

/** A connector as the core shows it, without anything secret. */
export type Connector = AnswerOf<Tokens['connectors']['list']>[number]
export type Preset = AnswerOf<Tokens['connectors']['presets']>['presets'][number]
export type ConsentRow = AnswerOf<Tokens['consents']['list']>['rows'][number]

/** What a change of makes the lists of connectors, runs, people and consents be asked again. */
export const connectorKinds = ['connector', 'tokenisation', 'officer']
export const runKinds = ['tokenisation', 'connector']
export const peopleKinds = ['tokenisation', 'consent', 'identityNumber', 'registrant']
