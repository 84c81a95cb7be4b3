import { z } from 'zod'
import { PROTOCOL_VERSION } from '../../../../shared/contract/g2p-connect.ts'
import type { MapperProfileName } from '../../../../shared/model/mapper.ts'
import { accountOfText } from '../../../../shared/rules/mapper/account.ts'
import type { MapperItem } from '../../../../shared/rules/mapper/judge.ts'
import { refused } from '../../../../shared/rules/ruling.ts'
import type { MapperProfile } from './mapper-profile.ts'

const Text = z.string().max(2_000).nullish()

/** Lenient: one odd item must not hide the others. */
const Item = z.looseObject({
  reference_id: z.string().min(1).max(200),
  status: Text,
  status_reason_code: Text,
  id: Text,
  fa: z.unknown().optional(),
  account_provider_info: z.looseObject({ code: Text }).nullish(),
})

const Reply = z.looseObject({
  header: z.looseObject({ status: Text, status_reason_code: Text }).nullish(),
  message: z.looseObject({ transaction_id: Text, resolve_response: z.array(z.unknown()).nullish() }).nullish(),
})

/** All items failed, which their own reasons tell better. */
const ALL_FAILED = 'rjct.errors.too_many'

/** An item of a reply; undefined where it cannot be told whom it is about. */
export function itemOf(value: unknown): MapperItem | undefined {
  const parsed = Item.safeParse(value)
  if (!parsed.success) return undefined
  const { reference_id: reference, status, status_reason_code: code, id, fa, account_provider_info: told } = parsed.data
  return {
    reference,
    status: status ?? '',
    code: code ?? '',
    id: id ?? null,
    account: fa ?? null,
    provider: told?.code ?? '',
  }
}

/** G2P Connect 1.0.0 "mapper" and what SPAR made of it up to 1.x: header and message, the account one text. */
export const envelopeProfile = (name: Exclude<MapperProfileName, 'spar-2'>): MapperProfile => ({
  name,
  isEnvelope: true,

  body({ messageId, transactionId, at, people }, { senderId, senderUri, receiverId }) {
    const timestamp = new Date(at).toISOString()
    return {
      header: {
        version: PROTOCOL_VERSION,
        message_id: messageId,
        message_ts: timestamp,
        action: 'resolve',
        sender_id: senderId,
        ...(senderUri === '' ? {} : { sender_uri: senderUri }),
        ...(receiverId === '' ? {} : { receiver_id: receiverId }),
        total_count: people.length,
        is_msg_encrypted: false,
      },
      message: {
        transaction_id: transactionId,
        resolve_request: people.map(({ reference, id }) => ({
          reference_id: reference,
          timestamp,
          id,
          scope: 'details',
          locale: 'eng',
        })),
      },
    }
  },

  read(value) {
    const parsed = Reply.safeParse(value)
    if (!parsed.success) return { kind: 'not-understood' }
    const { header, message } = parsed.data
    const code = header?.status_reason_code ?? ''
    if (header?.status === 'rjct' && code !== ALL_FAILED) return { kind: 'refused', code: code || 'rjct' }
    const items = message?.resolve_response
    if (!items) return code === '' ? { kind: 'not-understood' } : { kind: 'refused', code }
    return {
      kind: 'items',
      items: items.flatMap((item) => itemOf(item) ?? []),
      transactionId: message?.transaction_id ?? '',
    }
  },

  accountOf: ({ account }, { strategies }) =>
    typeof account === 'string' ? accountOfText(account, strategies) : refused('mapper.address-unreadable'),
})
