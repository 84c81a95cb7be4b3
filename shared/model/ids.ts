import { parse, v5, v7 } from 'uuid'
import type { PartKey } from './payment.ts'

/*
 * Ids that must be the same on every laptop are derived from what they stand for, so that two offices which prepare
 * the same cycle offline make the same payments, not twins. Parts are joined by a unit separator, which no name holds.
 */
const NAMESPACE = parse('6f1d1c1e-4b0e-5d53-9c1f-1f2c8a7b9e55')

function derive(kind: string, ...parts: readonly (string | number)[]): string {
  return v5([kind, ...parts].join('\u001f'), NAMESPACE)
}

/** A new id for something that only this office makes; sorts by time. */
export const newId = (): string => v7()

/** Natural key: the registry's own number for the registrant. */
export const registrantId = (registryNumber: string): string => derive('registrant', registryNumber)

/** Natural key: group, individual and the first day of the membership. */
export const membershipId = (groupId: string, individualId: string, startDate: string): string =>
  derive('membership', groupId, individualId, startDate)

/** One identity number per type and registrant. */
export const identityNumberId = (registrant: string, type: string): string => derive('identity', registrant, type)

export const enrolmentId = (programmeId: string, registrant: string): string =>
  derive('enrolment', programmeId, registrant)

export const cycleId = (programmeId: string, sequence: number): string => derive('cycle', programmeId, sequence)

export const entitlementId = (cycle: string, registrant: string, code: string): string =>
  derive('entitlement', cycle, registrant, code)

/** One consent for each person and purpose. */
export const consentId = (registrant: string, purpose: string): string => derive('consent', registrant, purpose)

/** Also the payment's `reference_id` on the wire. Attempts count from 1. */
export const paymentId = (entitlement: string, attempt: number): string => derive('payment', entitlement, attempt)

/** One part of a submission on the wire: fixed with the submission, so that every retry names the same transaction. */
export const transactionId = (submission: string, part: PartKey): string => derive('transaction', submission, part)
export const messageId = (submission: string, part: PartKey): string => derive('message', submission, part)

/** Names a version of a record by what it says, so that offices which arrive at it apart call it the same. */
export const versionName = (said: string): string => derive('version', said)

/** Two versions between which is decided, named by what they say: offices that find them apart find one conflict. */
export const conflictId = (said: string): string => derive('conflict', said)
