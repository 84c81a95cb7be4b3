import { z } from 'zod'
import { Amount, Currency, Day, editableFields, erasableFields, Id, Line, madeFields } from './record.ts'

/** How much a cycle grants: a fixed sum, or a base plus a sum for each current member up to a number of them. */
export const EntitlementRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('fixed'), amount: Amount }),
  z.object({ kind: z.literal('perMember'), base: Amount, perMember: Amount, maximumMembers: z.int().min(1).max(100) }),
])
export type EntitlementRule = z.infer<typeof EntitlementRule>

/** A social-protection programme; its cycles pay the registrants enrolled in it. */
export const Programme = z.object({
  ...editableFields,
  name: Line.min(1),
  state: z.enum(['active', 'ended']),
  currency: Currency,
  /** Who can be enrolled. */
  target: z.enum(['individual', 'group']),
  entitlementRule: EntitlementRule,
  /** The money this programme may pay in all, in minor units; null means no limit. */
  fund: Amount.nullable(),
  /** If a group's head cannot be paid, its alternate recipient may be. */
  alternateRecipientAllowed: z.boolean(),
  /** Batches whose sum is above this need two approvers; null means one approver always suffices. */
  twoApproversAbove: Amount.nullable(),
  /** The manager that sends this programme's payments. */
  paymentManagerId: z.string().max(64),
})
export type Programme = z.infer<typeof Programme>

/** A registrant in a programme (OpenG2P `g2p.program_membership`). */
export const Enrolment = z.object({
  ...editableFields,
  ...erasableFields,
  programmeId: Id,
  registrantId: Id,
  state: z.enum(['enrolled', 'paused', 'exited']),
  reason: z.string().max(200),
  enrolledOn: Day,
  endedOn: Day.nullable(),
  importId: z.string().max(64),
})
export type Enrolment = z.infer<typeof Enrolment>

export const CycleState = z.enum(['draft', 'to_approve', 'approved', 'distributed', 'cancelled', 'ended'])
export type CycleState = z.infer<typeof CycleState>

/** One round of payments of a programme. Its id is derived from programme and sequence (`ids.ts`). */
export const Cycle = z.object({
  ...editableFields,
  programmeId: Id,
  sequence: z.int().min(1),
  name: Line.min(1),
  startDate: Day,
  endDate: Day,
  state: CycleState,
  /** The most this cycle may pay, in minor units; null means no limit. */
  ceiling: Amount.nullable(),
  /** Everybody who made, edited or submitted its entitlements: none of them may approve it (I7). */
  makers: z.array(Id),
  /** Making entitlements was begun and not finished; it has to be run again before the cycle can go on. */
  generationUnfinished: z.boolean(),
})
export type Cycle = z.infer<typeof Cycle>

/** OpenG2P's entitlement states; see the reference, section 1.2. */
export const EntitlementState = z.enum([
  'draft',
  'pending_validation',
  'approved',
  'trans2FSP',
  'rdpd2ben',
  'rejected1',
  'rejected2',
  'rejected3',
  'cancelled',
  'expired',
])
export type EntitlementState = z.infer<typeof EntitlementState>

/** What a registrant is entitled to in a cycle. Its id is derived from cycle, registrant and code. */
export const Entitlement = z.object({
  ...editableFields,
  ...madeFields,
  ...erasableFields,
  cycleId: Id,
  programmeId: Id,
  registrantId: Id,
  /** Tells several entitlements of one registrant in one cycle apart: `cash`, `school`, `winter`… */
  code: z.string().min(1).max(40),
  amount: Amount,
  currency: Currency,
  state: EntitlementState,
  reason: z.string().max(200),
  importId: z.string().max(64),
})
export type Entitlement = z.infer<typeof Entitlement>
