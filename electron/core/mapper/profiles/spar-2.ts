import { z } from 'zod'
import { accountOfObject } from '../../../../shared/rules/mapper/account.ts'
import { itemOf } from './envelope-profile.ts'
import type { MapperProfile } from './mapper-profile.ts'

const Text = z.string().max(2_000).nullish()
const Head = z.looseObject({ response_status: Text, response_error_code: Text })
const Body = z.looseObject({
  response_payload: z.looseObject({ transaction_id: Text, resolve_response: z.array(z.unknown()).nullish() }).nullish(),
})

/** One branch of SPAR 2 writes `g2p_` before the names of the envelope. */
const Reply = z.union([
  z
    .looseObject({ response_header: Head, response_body: Body.nullish() })
    .transform(({ response_header: head, response_body: body }) => ({ head, body })),
  z
    .looseObject({ g2p_response_header: Head, g2p_response_body: Body.nullish() })
    .transform(({ g2p_response_header: head, g2p_response_body: body }) => ({ head, body })),
])

/** SPAR 2.x: its own envelope, accounts as objects, failed items first, errors under HTTP 200. */
export const spar2: MapperProfile = {
  name: 'spar-2',
  isEnvelope: false,

  body({ messageId, transactionId, at, people }, { senderId, senderUri }) {
    const timestamp = new Date(at).toISOString()
    return {
      request_header: {
        sender_app_mnemonic: senderId,
        sender_app_url: senderUri,
        request_id: messageId,
        request_timestamp: timestamp,
      },
      request_body: {
        request_payload: {
          transaction_id: transactionId,
          resolve_request: people.map(({ reference, id }) => ({
            reference_id: reference,
            timestamp,
            id,
            scope: 'details',
            locale: 'eng',
          })),
        },
      },
    }
  },

  read(value) {
    const parsed = Reply.safeParse(value)
    if (!parsed.success) return { kind: 'not-understood' }
    const { head, body } = parsed.data
    if (head.response_status !== 'SUCCESS')
      return { kind: 'refused', code: head.response_error_code || (head.response_status ?? 'ERROR') }
    const payload = body?.response_payload
    if (!payload?.resolve_response) return { kind: 'not-understood' }
    return {
      kind: 'items',
      items: payload.resolve_response.flatMap((item) => itemOf(item) ?? []),
      transactionId: payload.transaction_id ?? '',
    }
  },

  accountOf: ({ account }) => accountOfObject(account),
}
