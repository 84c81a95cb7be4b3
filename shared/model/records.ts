import type { z } from 'zod'
import { Batch, Claim, Decision, Submission } from './batch.ts'
import { ConformanceReport } from './conformance.ts'
import { Officer } from './officer.ts'
import { Collection } from './pay-table.ts'
import { Delivery, Observation, Payment, Transmission } from './payment.ts'
import { FileDeed } from './payment-file.ts'
import { PaymentManager } from './payment-manager.ts'
import { Cycle, Enrolment, Entitlement, Programme } from './programme.ts'
import { IdentityNumber, Membership, Registrant } from './registrant.ts'
import { SignInProvider } from './sign-in-provider.ts'
import { Connector, Consent } from './tokenisation.ts'

/** Every kind of record the store keeps. Append-only kinds are never written twice. */
export const records = {
  registrant: { schema: Registrant, appendOnly: false },
  identityNumber: { schema: IdentityNumber, appendOnly: false },
  membership: { schema: Membership, appendOnly: false },
  programme: { schema: Programme, appendOnly: false },
  enrolment: { schema: Enrolment, appendOnly: false },
  cycle: { schema: Cycle, appendOnly: false },
  entitlement: { schema: Entitlement, appendOnly: false },
  payment: { schema: Payment, appendOnly: false },
  batch: { schema: Batch, appendOnly: false },
  submission: { schema: Submission, appendOnly: true },
  decision: { schema: Decision, appendOnly: true },
  claim: { schema: Claim, appendOnly: true },
  transmission: { schema: Transmission, appendOnly: true },
  delivery: { schema: Delivery, appendOnly: true },
  conformanceReport: { schema: ConformanceReport, appendOnly: true },
  observation: { schema: Observation, appendOnly: true },
  fileDeed: { schema: FileDeed, appendOnly: true },
  collection: { schema: Collection, appendOnly: true },
  officer: { schema: Officer, appendOnly: false },
  paymentManager: { schema: PaymentManager, appendOnly: false },
  connector: { schema: Connector, appendOnly: false },
  signInProvider: { schema: SignInProvider, appendOnly: false },
  consent: { schema: Consent, appendOnly: false },
} as const

export type RecordKind = keyof typeof records
export type RecordOf<K extends RecordKind> = z.infer<(typeof records)[K]['schema']>
