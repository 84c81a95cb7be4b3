import { z } from 'zod'
import type { LinkedAccount, MapperPeerOptions } from './peer-options.ts'

const Asked = z.object({
  reference_id: z.string(),
  id: z.string(),
  scope: z.enum(['yes_no', 'details']).default('yes_no'),
})
export type Asked = z.infer<typeof Asked>

const EnvelopeQuestion = z.object({
  signature: z.string().optional(),
  header: z.looseObject({
    version: z.literal('1.0.0'),
    message_id: z.string(),
    message_ts: z.iso.datetime({ offset: true }),
    action: z.literal('resolve'),
    sender_id: z.string().min(1),
    total_count: z.int(),
  }),
  message: z.object({ transaction_id: z.string().min(1), resolve_request: z.array(Asked).min(1) }),
})

const Spar2Question = z.object({
  request_header: z.object({
    sender_app_mnemonic: z.string().min(1),
    sender_app_url: z.string(),
    request_id: z.string().min(1),
    request_timestamp: z.iso.datetime({ offset: true }),
  }),
  request_body: z.object({
    request_payload: z.object({ transaction_id: z.string().min(1), resolve_request: z.array(Asked).min(1) }),
  }),
})

/** A question as the service works with it. */
export interface Question {
  readonly transactionId: string
  readonly messageId: string
  readonly asked: readonly Asked[]
}

type Generation = MapperPeerOptions['generation']

/** Where questions go. */
export const pathOf: Readonly<Record<Generation, string>> = {
  'g2p-connect-1.0': '/mapper/sync/resolve',
  'spar-1': '/sync/resolve',
  'spar-2': '/mapper/resolve',
}

/** Reads a question; undefined when it is none of this generation. */
export function readQuestion(generation: Generation, value: unknown): Question | undefined {
  if (generation === 'spar-2') {
    const parsed = Spar2Question.safeParse(value)
    if (!parsed.success) return undefined
    const { request_header: head, request_body: body } = parsed.data
    const { transaction_id: transactionId, resolve_request: asked } = body.request_payload
    return { transactionId, messageId: head.request_id, asked }
  }
  const parsed = EnvelopeQuestion.safeParse(value)
  if (!parsed.success || parsed.data.header.total_count !== parsed.data.message.resolve_request.length) return undefined
  const { header, message } = parsed.data
  return { transactionId: message.transaction_id, messageId: header.message_id, asked: message.resolve_request }
}

type Account = NonNullable<LinkedAccount['account']>

const texts: Readonly<Record<Exclude<Generation, 'spar-2'>, (account: Account) => string>> = {
  'g2p-connect-1.0': (account) =>
    account.kind === 'bank'
      ? `account:${account.number}@${account.bankCode}`
      : `mobile:${account.number}@${account.providerCode}`,
  'spar-1': (account) =>
    account.kind === 'bank'
      ? `account_number:${account.number}.branch_name:.branch_code:.bank_name:${account.bankName}.bank_code:${account.bankCode}.fa_type:BANK_ACCOUNT`
      : `mobile_number:${account.number}.wallet_provider_name:${account.providerName}.wallet_provider_code:${account.providerCode}.fa_type:MOBILE_WALLET`,
}

const objectOf = (account: Account): object =>
  account.kind === 'bank'
    ? {
        strategy_id: 1,
        fa_type: 'BANK',
        bank_name: account.bankName,
        bank_code: account.bankCode,
        branch_name: null,
        branch_code: null,
        account_number: account.number,
      }
    : {
        strategy_id: 2,
        fa_type: 'MOBILE_WALLET',
        wallet_provider_name: account.providerName,
        wallet_provider_code: account.providerCode,
        mobile_number: account.number,
      }

/** One item of an answer, as the generation writes it. */
export function itemFor(
  generation: Generation,
  { reference_id, id, scope }: Asked,
  known: LinkedAccount | undefined,
): object {
  const at = { reference_id, timestamp: new Date().toISOString(), status_reason_message: '', locale: 'eng' }
  if (!known?.account) {
    return generation === 'spar-2'
      ? { ...at, id: null, fa: null, status: 'succ', status_reason_code: 'succ.fa.not_linked_to_id' }
      : { ...at, id, fa: null, status: 'succ', status_reason_code: 'succ.id.not_found' }
  }
  const { account, inactive } = known
  const fa = scope === 'yes_no' ? null : generation === 'spar-2' ? objectOf(account) : texts[generation](account)
  const code = inactive ? 'succ.fa.inactive' : generation === 'spar-2' ? '' : 'succ.id.active'
  const provider = account.kind === 'bank' ? account.bankCode : account.providerCode
  const told = generation === 'g2p-connect-1.0' ? { account_provider_info: { name: provider, code: provider } } : {}
  return { ...at, ...told, id, fa, status: 'succ', status_reason_code: code }
}

/** Whether an item says that nothing could be paid; SPAR 2 puts those first. */
export const isNegative = (item: object): boolean => (item as { fa?: unknown }).fa === null

/** An answer, with items or with the code of a refusal. */
export function answerFor(
  generation: Generation,
  question: Pick<Question, 'transactionId' | 'messageId'>,
  items: readonly object[],
  refusal: string,
): object {
  const at = new Date().toISOString()
  const { transactionId, messageId } = question
  const payload = { transaction_id: transactionId, correlation_id: `c-${messageId}`, resolve_response: items }
  if (generation === 'spar-2') {
    return {
      response_header: {
        request_id: messageId,
        response_status: refusal === '' ? 'SUCCESS' : 'ERROR',
        response_error_code: refusal || null,
        response_error_message: null,
        response_timestamp: at,
      },
      response_body: { response_payload: payload },
    }
  }
  return {
    signature: '',
    header: {
      version: '1.0.0',
      message_id: `r-${messageId}`,
      message_ts: at,
      action: 'resolve',
      status: refusal === '' ? 'succ' : 'rjct',
      status_reason_code: refusal || null,
      total_count: items.length,
      completed_count: items.length,
      is_msg_encrypted: false,
    },
    message: payload,
  }
}
