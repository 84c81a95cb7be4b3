import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import { findOpenImport } from '../registry/half-imported.ts'
import type { Statement } from '../store/database.ts'

type Sql = (text: string) => Statement

/** States in which nothing more happens to a payment by itself. */
export const ENDED_PAYMENT = "('paid', 'rejected', 'reversed', 'cancelled')"
/** Of a batch. */
const ENDED_BATCH = "('settled', 'cancelled')"
const GRANTED = grantedStates.map((state) => `'${state}'`).join(', ')

const PAYMENTS = `SELECT p.id FROM payment p WHERE p.registrant_id = ?1 OR p.payee_id = ?1`

/** What stands in the way of erasing somebody, each with the question that finds it. */
const questions: readonly (readonly [ErrorCode, string])[] = [
  [
    'keeping.payment-under-way',
    `SELECT 1 FROM payment p WHERE (p.registrant_id = ?1 OR p.payee_id = ?1) AND p.state NOT IN ${ENDED_PAYMENT}`,
  ],
  [
    'keeping.batch-open',
    `SELECT 1 FROM payment p JOIN batch b ON b.id = p.batch_id
     WHERE (p.registrant_id = ?1 OR p.payee_id = ?1) AND b.state NOT IN ${ENDED_BATCH}`,
  ],
  [
    'keeping.look-up-owed',
    `SELECT 1 FROM (${PAYMENTS}) p WHERE EXISTS (SELECT 1 FROM look_up_owed o WHERE o.payment_id = p.id)
       OR EXISTS (SELECT 1 FROM look_up_wanted w WHERE w.payment_id = p.id)
       OR EXISTS (SELECT 1 FROM sent_before_restore s WHERE s.payment_id = p.id)`,
  ],
  ['keeping.evidence-open', `SELECT 1 FROM evidence e WHERE e.confirmed_by IS NULL AND e.payment_id IN (${PAYMENTS})`],
  [
    'keeping.entitlement-open',
    `SELECT 1 FROM entitlement e JOIN cycle c ON c.id = e.cycle_id
     WHERE e.registrant_id = ?1 AND e.removed = 0 AND c.removed = 0 AND c.state NOT IN ('ended', 'cancelled')
       AND (e.state IN ('draft', 'pending_validation') OR (e.state IN (${GRANTED})
         AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.entitlement_id = e.id AND p.state = 'paid')))`,
  ],
  ['keeping.token-under-way', `SELECT 1 FROM token_item WHERE registrant_id = ?1 AND state IN ('chosen', 'sent')`],
  ['keeping.duplicate-open', `SELECT 1 FROM token_duplicate WHERE state = 'open' AND (one_id = ?1 OR other_id = ?1)`],
  [
    'keeping.form-open',
    `SELECT 1 FROM odk_submission WHERE registrant_id = ?1 AND state = 'doubtful'
     UNION ALL SELECT 1 FROM kyc_proposal WHERE registrant_id = ?1`,
  ],
  [
    'keeping.conflict-open',
    `SELECT 1 FROM central_conflict k WHERE k.settled_at IS NULL AND k.earlier IS NOT NULL AND k.decided_by = 'officer' AND (
       (k.kind = 'registrant' AND k.record_id = ?1)
       OR (k.kind = 'identityNumber' AND k.record_id IN (SELECT id FROM identity_number WHERE registrant_id = ?1))
       OR (k.kind = 'membership' AND k.record_id IN
         (SELECT id FROM membership WHERE group_id = ?1 UNION SELECT id FROM membership WHERE individual_id = ?1))
       OR (k.kind = 'enrolment' AND k.record_id IN (SELECT id FROM enrolment WHERE registrant_id = ?1))
       OR (k.kind = 'entitlement' AND k.record_id IN (SELECT id FROM entitlement WHERE registrant_id = ?1))
       OR (k.kind = 'consent' AND k.record_id IN (SELECT id FROM consent WHERE registrant_id = ?1))
       OR (k.kind = 'payment' AND k.record_id IN (${PAYMENTS})))`,
  ],
]

/** Why somebody cannot be erased now: everything about the person that is under way. Empty where nothing is. */
export function obstaclesTo(sql: Sql, registrantId: string): ErrorCode[] {
  const found = questions.flatMap(([code, question]) =>
    sql(`SELECT EXISTS (${question})`).pluck().get({ 1: registrantId }) === 1 ? [code] : [],
  )
  return findOpenImport(sql) === undefined ? found : [...found, 'keeping.import-running']
}
