import type { Collection } from '../../../shared/model/pay-table.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { type PayTableStanding, payTableStanding } from '../../../shared/rules/pay-table.ts'
import type { Statement } from '../store/database.ts'

/** A payment of a batch with what was ticked of it. */
export interface TableLine {
  /** From 1, as on the printed list. */
  readonly number: number
  readonly payment: Payment
  /** The newest tick, a taken-back one too. */
  readonly tick: Collection | undefined
  readonly confirmed: boolean
  readonly standing: PayTableStanding
}

const LINES = `
WITH line AS (
  SELECT key + 1 AS number, value ->> '$.paymentId' AS id
  FROM json_each((SELECT body FROM submission WHERE id = @submissionId), '$.lines')
)
SELECT line.number, p.body AS payment, t.body AS tick,
  EXISTS (SELECT 1 FROM collection c WHERE c.confirms = t.id AND t.id IS NOT NULL) AS confirmed
FROM line JOIN payment p ON p.id = line.id
LEFT JOIN collection t ON t.id = (
  SELECT id FROM collection WHERE payment_id = p.id AND entry <> 'confirmed' ORDER BY changed_at DESC, id DESC LIMIT 1
)
WHERE p.batch_id = @batchId`

interface Row {
  readonly number: number
  readonly payment: string
  readonly tick: string | null
  readonly confirmed: number
}

/** Every payment of the batch that was given out, in the order of the printed list. */
export function tableLines(
  sql: (text: string) => Statement,
  given: { readonly batchId: string; readonly submissionId: string },
): TableLine[] {
  return (sql(`${LINES} ORDER BY line.number`).all(given) as Row[]).map(lineOf)
}

/** Those of the named payments that are on the batch's list. */
export function tableLinesOf(
  sql: (text: string) => Statement,
  given: { readonly batchId: string; readonly submissionId: string },
  paymentIds: readonly string[],
): TableLine[] {
  const text = `${LINES} AND p.id IN (SELECT value FROM json_each(@ids)) ORDER BY line.number`
  return (sql(text).all({ ...given, ids: JSON.stringify(paymentIds) }) as Row[]).map(lineOf)
}

function lineOf({ number, payment: body, tick: said, confirmed }: Row): TableLine {
  const payment = JSON.parse(body) as Payment
  const tick = said === null ? undefined : (JSON.parse(said) as Collection)
  return {
    number,
    payment,
    tick,
    confirmed: confirmed === 1,
    standing: payTableStanding(payment.state, tick, confirmed === 1),
  }
}
