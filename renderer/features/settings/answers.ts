import type { Api } from '../../api/client.ts'

/* What the core answers about the office itself, as the settings name it. */
type AnswerOf<Door extends { ask: (...input: never[]) => Promise<unknown> }> = Awaited<ReturnType<Door['ask']>>

export type OfficerView = AnswerOf<Api['officers']['list']>[number]
export type ManagerView = AnswerOf<Api['managers']['list']>[number]
/** A kind of receiver: what it is known for, and the settings that suit it. */
export type ProfileView = AnswerOf<Api['managers']['profiles']>[number]
/** Whether and where this office can be called, and what came lately. */
export type CallbackStatus = AnswerOf<Api['callbacks']['status']>
/** A server by which officers sign in, without secrets. */
export type ProviderView = AnswerOf<Api['signIn']['list']>[number]
/** Somebody who waits for an administrator's word. */
export type ApplicantView = AnswerOf<Api['signIn']['applicants']>[number]
export type OfficeFacts = AnswerOf<Api['setup']['office']>
export type BackupStatus = AnswerOf<Api['backups']['status']>
export type KeepingStatus = AnswerOf<Api['keeping']['status']>
export type KeepingPreview = AnswerOf<Api['keeping']['preview']>
export type UpdateStatus = AnswerOf<Api['updates']['status']>
export type RecoveryStatus = AnswerOf<Api['recovery']['status']>
export type MovingStanding = AnswerOf<Api['moving']['standing']>
/** A laptop that was reported as lost, with what there is to do. */
export type LostLaptop = AnswerOf<Api['lost']['list']>['laptops'][number]
export type LostStep = LostLaptop['steps'][number]
/** An absence that an officer arranged and nobody has answered. */
export type Absence = AnswerOf<Api['officers']['absences']>[number]
export type KeysStatus = AnswerOf<Api['keys']['status']>
export type UpkeepStatus = AnswerOf<Api['upkeep']['status']>
/** What the latest self-test of a payment system found. */
export type SelfTestReport = NonNullable<AnswerOf<Api['conformance']['latest']>>
/** Which central server the office works with, without its password. */
export type CentralSettingsView = AnswerOf<Api['central']['settings']>
