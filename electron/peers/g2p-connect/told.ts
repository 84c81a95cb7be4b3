import type { RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { CallbackManners } from '../payment-system/behaviour.ts'
import type { LedgerEntry } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { type Reply, type ReportedItem, signedReply } from '../payment-system/reply.ts'
import { postCallback } from './callback.ts'
import { reportEntry } from './status.ts'

/** How often it is looked whether the payments of a message are final, and for how long, milliseconds. */
const LOOK = 50
const LONGEST = 3_600_000

/**
 * Calls the sender about the payments of a message (§ `/on-disburse`): when they were taken in, and when all of them are
 * final; as well or badly as the payment system was told to.
 */
export function followDisbursement(
  system: PaymentSystem,
  manners: CallbackManners,
  header: RequestHeader,
  transactionId: string,
): void {
  const uri = header.sender_uri ?? ''
  const entries = system.ledger
    .referencesOf(transactionId)
    .flatMap((reference) => system.ledger.findEntry(reference) ?? [])
  if (uri === '' || entries.length === 0) return
  const say = (): Reply[] => messages(system, manners, header, transactionId, entries)
  const post = (replies: readonly Reply[]): void => {
    for (const reply of replies) {
      if (manners.forged) postCallback(uri, forged(reply))
      postCallback(uri, reply)
      if (manners.twice) postCallback(uri, reply)
    }
  }

  const taken = say()
  if (!manners.outOfOrder) setTimeout(() => post(taken), manners.late).unref()
  const began = Date.now()
  const timer = setInterval(() => {
    system.settle()
    if (Date.now() - began > LONGEST) clearInterval(timer)
    if (entries.some(({ dueAt }) => dueAt !== null)) return
    clearInterval(timer)
    const final = say()
    setTimeout(() => {
      post(final)
      if (manners.outOfOrder || manners.replayed) setTimeout(() => post(taken), LOOK).unref()
      if (manners.replayed) setTimeout(() => post(final), 2 * LOOK).unref()
    }, manners.late).unref()
  }, LOOK)
  timer.unref()
}

function messages(
  system: PaymentSystem,
  { partial }: CallbackManners,
  header: RequestHeader,
  transactionId: string,
  entries: readonly LedgerEntry[],
): Reply[] {
  const now = system.clock.now()
  const size = partial ?? entries.length
  const replies: Reply[] = []
  for (let from = 0; from < entries.length; from += size) {
    const items: ReportedItem[] = entries.slice(from, from + size).map((entry) => reportEntry(entry, now))
    const completed = Math.min(entries.length, from + size)
    const wish = { action: 'on-disburse', status: 'succ', total: entries.length, completed }
    const message = { transaction_id: transactionId, disbursements_status: items }
    replies.push(signedReply(system, header, wish, message))
  }
  return replies
}

/** The opposite of what is true, under a signature of nobody. */
function forged({ body, ...reply }: Reply): Reply {
  const lie = JSON.stringify(body).replaceAll('"status":"succ"', '"status":"rjct"').replaceAll('"rcvd"', '"rjct"')
  return { ...reply, body: { ...JSON.parse(lie), signature: 'eyJhbGciOiJFZERTQSJ9.e30.AAAA' } }
}
