import { z } from 'zod'
import type { BridgeRequest } from '../../../shared/contract/bridge.ts'

const id = z.int().min(0)
const path = z
  .string()
  .max(200)
  .regex(/^[A-Za-z][\w]*(\.[A-Za-z][\w]*)*$/)

/** Shape of what a window may say. What stands in `input` is checked by the procedure that it is meant for. */
const bridgeRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id, path, input: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('subscribe'), id, path, input: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('cancel'), id }),
])

/** The largest message that a window may send, in bytes; larger files are sent in pieces. */
export const largestRequest = 8 * 1024 * 1024

/** One message of a window, or undefined if it is not one. */
export function findBridgeRequest(text: string): BridgeRequest | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = bridgeRequest.safeParse(message)
  if (!parsed.success) return undefined
  const request = parsed.data
  return request.kind === 'cancel' ? request : { ...request, input: request.input }
}
