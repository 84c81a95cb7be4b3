import type { MapperProfileName, MapperSettings } from '../../../../shared/model/mapper.ts'
import type { MappedAccount } from '../../../../shared/rules/mapper/account.ts'
import type { AskedPerson, MapperItem } from '../../../../shared/rules/mapper/judge.ts'
import type { Ruling } from '../../../../shared/rules/ruling.ts'

/** A question for accounts, whatever the generation of the protocol. */
export interface MapperQuestions {
  readonly messageId: string
  readonly transactionId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly people: readonly AskedPerson[]
}

/** What a reply says, before anybody asks what it means for a person. */
export type MapperReply =
  /** `transactionId` is empty where the reply names none. */
  | { readonly kind: 'items'; readonly items: readonly MapperItem[]; readonly transactionId: string }
  /** The whole question was refused; `code` as the mapper said it. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'not-understood' }

/** A generation of the protocol: what is in its messages. It talks to nobody. */
export interface MapperProfile {
  readonly name: MapperProfileName
  /** Whether its messages have a member `signature` beside `header` and `message`. */
  readonly isEnvelope: boolean
  /** The members of the message before it is signed. */
  body(questions: MapperQuestions, settings: MapperSettings): Readonly<Record<string, unknown>>
  read(value: unknown): MapperReply
  accountOf(item: MapperItem, settings: Pick<MapperSettings, 'strategies'>): Ruling<MappedAccount>
}
