import type { Envelope } from '../../channel.ts'

/** A digit that means nothing to the payment system's work but stands under the signature: the milliseconds of the message's time. */
const MILLISECONDS = /("message_ts"\s*:\s*"[^"]*\.)(\d)/

/**
 * A sealed message changed by one digit after it was signed. Whoever verifies signatures refuses it; whoever does not takes it
 * for the same question.
 */
export function tampered({ body, headers }: Pick<Envelope, 'body' | 'headers'>): Pick<Envelope, 'body' | 'headers'> {
  const changed = body.replace(
    MILLISECONDS,
    (_, before: string, digit: string) => `${before}${(Number(digit) + 1) % 10}`,
  )
  if (changed === body) throw new Error('a message without its time cannot be tampered with')
  return { body: changed, headers }
}
