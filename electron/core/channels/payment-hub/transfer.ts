import { z } from 'zod'

const Text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value == null ? '' : String(value)))

/** One row of `/batch/detail`. Everything is text, empty where the hub says nothing. */
const Transfer = z.looseObject({
  workflowInstanceKey: Text,
  transactionId: Text,
  completedAt: Text,
  status: Text.transform((status) => status.toUpperCase()),
  payeePartyId: Text,
  payeePartyIdType: Text,
  amount: Text,
  currency: Text,
  direction: Text.transform((direction) => direction.toUpperCase()),
  errorInformation: z.unknown(),
  clientCorrelationId: Text,
})
export type Transfer = z.infer<typeof Transfer>

/** @returns undefined for what is no row, or names no payment of ours */
export function readTransfer(item: unknown): Transfer | undefined {
  const parsed = Transfer.safeParse(item)
  return parsed.success && parsed.data.clientCorrelationId !== '' ? parsed.data : undefined
}

export interface SaidError {
  readonly code: string
  readonly text: string
}

/** How often a text may be JSON of a text again. */
const DEEPEST = 4

/** The error of a row: nothing, plain text, JSON, or JSON written as a text inside JSON; code and words at the top or below. */
export function readError(information: unknown, depth = 0): SaidError {
  if (information === null || information === undefined || information === '') return { code: '', text: '' }
  if (typeof information === 'string') {
    if (depth < DEEPEST && /^\s*["{[]/.test(information)) {
      try {
        return readError(JSON.parse(information), depth + 1)
      } catch {
        // It only looked like JSON.
      }
    }
    return { code: /^\s*(\d{4})\b/.exec(information)?.[1] ?? '', text: information }
  }
  if (typeof information !== 'object' || depth > DEEPEST) return { code: '', text: String(information) }
  if (Array.isArray(information)) return readError(information[0], depth + 1)
  const { errorCode, errorDescription, errorInformation } = information as Readonly<Record<string, unknown>>
  if (errorCode !== undefined || errorDescription !== undefined) {
    const inner = typeof errorDescription === 'string' ? readError(errorDescription, depth + 1) : undefined
    const code = errorCode === null || errorCode === undefined ? '' : String(errorCode)
    return { code: code || (inner?.code ?? ''), text: inner?.text ?? '' }
  }
  return readError(errorInformation, depth + 1)
}
