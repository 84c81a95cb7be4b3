import { UpdateSettings } from '../../../shared/model/update.ts'

/** The settings as they are typed; the key as its text. */
export interface UpdateDraft extends Omit<UpdateSettings, 'key'> {
  readonly key: string
}

export const draftOf = ({ key, ...settings }: UpdateSettings): UpdateDraft => ({ ...settings, key: key?.x ?? '' })

/** What is wrong with each field, by the name of its sentence; the settings where nothing is. */
export function readDraft({ key, ...draft }: UpdateDraft): {
  readonly settings: UpdateSettings | undefined
  readonly problems: { readonly url?: 'urlWrong'; readonly channel?: 'channelWrong'; readonly key?: 'keyWrong' }
} {
  const x = key.trim()
  const wanted = { ...draft, url: draft.url.trim(), channel: draft.channel.trim() }
  const { shape } = UpdateSettings
  const isKey = x === '' || /^[\w-]{43}$/.test(x)
  const problems = {
    ...(shape.url.safeParse(wanted.url).success ? {} : { url: 'urlWrong' as const }),
    ...(shape.channel.safeParse(wanted.channel).success ? {} : { channel: 'channelWrong' as const }),
    ...(isKey ? {} : { key: 'keyWrong' as const }),
  }
  const publicKey = x === '' ? null : { kty: 'OKP' as const, crv: 'Ed25519' as const, x }
  const parsed = UpdateSettings.safeParse({ ...wanted, key: publicKey })
  return { settings: isKey && parsed.success ? parsed.data : undefined, problems }
}
