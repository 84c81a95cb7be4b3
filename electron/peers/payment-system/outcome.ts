import { z } from 'zod'
import { hashOf, seededRandom } from './seeded-random.ts'

const Share = z.number().min(0).max(1)
const Milliseconds = z.int().min(0)

/** What becomes of accepted payments, in shares of all. What is neither rejected, late nor reversed is paid in time. */
export const OutcomeProfile = z.object({
  /** Paid some time between these two. */
  paidAfter: z.tuple([Milliseconds, Milliseconds]),
  /** Reason code → share. */
  rejected: z.record(z.string(), Share),
  late: z.object({ share: Share, after: Milliseconds }),
  /** Paid first, taken back so long after. */
  reversed: z.object({ share: Share, after: Milliseconds }),
})
export type OutcomeProfile = z.infer<typeof OutcomeProfile>

/** Everything is paid at once. */
export const ALL_PAID: OutcomeProfile = {
  paidAfter: [0, 0],
  rejected: {},
  late: { share: 0, after: 0 },
  reversed: { share: 0, after: 0 },
}

/** What the training office shows: most is paid within seconds, something of everything else happens too. */
export const TRAINING: OutcomeProfile = {
  paidAfter: [2_000, 12_000],
  rejected: {
    'rjct.payee_fa.invalid': 0.012,
    'rjct.payment.failed': 0.01,
    'rjct.amount.invalid': 0.003,
    'rjct.currency_code.invalid': 0.002,
    'rjct.reference_id.invalid': 0.002,
    'rjct.timestamp.invalid': 0.002,
    'rjct.payer_fa.invalid': 0.002,
    'rjct.schedule_ts.invalid': 0.002,
  },
  late: { share: 0.03, after: 60_000 },
  reversed: { share: 0.005, after: 45_000 },
}

/** `after` counts from acceptance, `reversedAfter` from payment; both in milliseconds. */
export type PlannedOutcome =
  | { readonly kind: 'paid' | 'late'; readonly after: number }
  | { readonly kind: 'rejected'; readonly after: number; readonly code: string }
  | { readonly kind: 'reversed'; readonly after: number; readonly reversedAfter: number }

/** What will become of a payment to this address: always the same for the same seed, so that tests can foretell it. */
export function plannedOutcome(profile: OutcomeProfile, seed: number, payeeAddress: string): PlannedOutcome {
  const random = seededRandom(hashOf(`${seed} ${payeeAddress.toLowerCase()}`))
  const [shortest, longest] = profile.paidAfter
  const after = Math.round(shortest + random() * (longest - shortest))
  let left = random()
  for (const [code, share] of Object.entries(profile.rejected)) {
    if (left < share) return { kind: 'rejected', after, code }
    left -= share
  }
  if (left < profile.late.share) return { kind: 'late', after: after + profile.late.after }
  left -= profile.late.share
  if (left < profile.reversed.share) return { kind: 'reversed', after, reversedAfter: profile.reversed.after }
  return { kind: 'paid', after }
}
