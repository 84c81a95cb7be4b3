import { z } from 'zod'
import { Amount, Currency, Id, Line, recordFields } from './record.ts'

/**
 * What the self-test of an endpoint looks at, in order; some mean nothing to some channels. The last four send test money, and only where an administrator named
 * a sandbox account.
 */
export const conformanceChecks = [
  'reach',
  'encrypted',
  'clock',
  'sign-in',
  'sign-in-wanted',
  'signature',
  'signature-checked',
  'reply',
  'reply-signed',
  'status-by-references',
  'status-by-transaction',
  'errors-told',
  'sandbox-send',
  'sandbox-repeat',
  'sandbox-reference',
  'sandbox-result',
] as const

export const ConformanceCheck = z.enum(conformanceChecks)
export type ConformanceCheck = z.infer<typeof ConformanceCheck>

/**
 * `good`; `doubt`: payments can go through it, but an administrator should know; `bad`: payments should not; `not-tried`: an
 * earlier check stood in the way, or nobody asked for it.
 */
export const ConformanceOutcome = z.enum(['good', 'doubt', 'bad', 'not-tried'])
export type ConformanceOutcome = z.infer<typeof ConformanceOutcome>

export const ConformanceResult = z.object({
  check: ConformanceCheck,
  outcome: ConformanceOutcome,
  /** A code of the catalogue, which has a sentence and one action; null where all is well or nothing was tried. */
  finding: z
    .object({ code: z.string().max(80), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
})
export type ConformanceResult = z.infer<typeof ConformanceResult>

/** An account of the payment system's sandbox, and what goes there. */
export const SandboxPayment = z.object({
  programmeId: Id,
  payeeAddress: z.string().min(1).max(256),
  payeeName: Line.min(1),
  amount: Amount.min(1),
  currency: Currency,
})
export type SandboxPayment = z.infer<typeof SandboxPayment>

/** What one self-test of an endpoint found. Append-only. */
export const ConformanceReport = z.object({
  ...recordFields,
  managerId: Id,
  /** SHA-256 (hex) of the settings that the findings hold for: the endpoint, how it is spoken to, and by whom. */
  endpointDigest: z.string().length(64),
  officerId: z.string().max(64),
  /** Wall clock, epoch milliseconds. */
  testedAt: z.number(),
  sandbox: SandboxPayment.omit({ payeeAddress: true, payeeName: true }).nullable(),
  results: z.array(ConformanceResult),
})
export type ConformanceReport = z.infer<typeof ConformanceReport>

/**
 * Whether a self-test has shown that a message is never paid twice: sent again unchanged it was recognised, and nothing
 * contradicts that for its references.
 */
export function showsDuplicateProtection({ results }: Pick<ConformanceReport, 'results'>): boolean {
  const outcomeOf = (wanted: ConformanceCheck) => results.find(({ check }) => check === wanted)?.outcome
  return outcomeOf('sandbox-repeat') === 'good' && ['good', 'doubt'].includes(outcomeOf('sandbox-reference') ?? '')
}
