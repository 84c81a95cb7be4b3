import { type ConformanceReport, showsDuplicateProtection } from '../../../shared/model/conformance.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Store } from '../store/store.ts'
import { type Endpoint, endpointDigest } from './endpoint-digest.ts'

export type DuplicateProof = 'proven' | 'disproven' | 'unproven'

/** Settings of a manager, kept already or still on a screen; `id` is null for one that is being made. */
export type ProvedManager = Endpoint & { readonly id: string | null }

type Reading = Pick<Store, 'sql' | 'find'>

/**
 * Whether the endpoint of these settings is known never to pay a message twice. The latest self-test that sent a message twice to
 * the very same endpoint decides: `disproven` when it did not show the protection, and be it only that the answer was unclear.
 * Where none was made, what an administrator has vouched for in the kept settings (a provisioning brings that) holds for as long as
 * the endpoint stays the same; everything else is `unproven`.
 *
 * Does not look at the flag in the settings that are asked about: something sent again by itself wants the flag and the proof.
 */
export function duplicateProof(store: Reading, manager: ProvedManager): DuplicateProof {
  const digest = endpointDigest(manager)
  const report = findDecidingReport(store, digest)
  if (report !== undefined) return showsDuplicateProtection(report) ? 'proven' : 'disproven'
  const kept = manager.id === null ? undefined : store.find('paymentManager', manager.id)
  return kept !== undefined && isVouchedFor(kept, digest) ? 'proven' : 'unproven'
}

/** A test that came to an end before it sent anything twice says nothing about duplicates, for or against. */
function findDecidingReport(store: Reading, digest: string): ConformanceReport | undefined {
  const body = store
    .sql(
      `SELECT body FROM conformance_report
       WHERE endpoint_digest = ? AND EXISTS (
         SELECT 1 FROM json_each(body, '$.results')
         WHERE value ->> '$.check' = 'sandbox-repeat' AND value ->> '$.outcome' <> 'not-tried'
       )
       ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get(digest) as string | undefined
  return body === undefined ? undefined : (JSON.parse(body) as ConformanceReport)
}

const isVouchedFor = (kept: PaymentManager, digest: string): boolean =>
  kept.duplicateProtectionProven && endpointDigest(kept) === digest
