import { z } from 'zod'
import { Day, editableFields, erasableFields, Id, Line, Moment, madeFields } from './record.ts'

export const ModeOfPayment = z.enum(['cash', 'voucher', 'digital'])
export type ModeOfPayment = z.infer<typeof ModeOfPayment>

/** A phone number in E.164 (`+251911…`); `preferred` marks the one used for payments. */
export const PhoneNumber = z.object({
  id: Id,
  number: z.string().max(32),
  preferred: z.boolean(),
  disabled: z.boolean(),
})
export type PhoneNumber = z.infer<typeof PhoneNumber>

export const EmailAddress = z.object({
  id: Id,
  address: z.string().max(254),
  preferred: z.boolean(),
  disabled: z.boolean(),
})
export type EmailAddress = z.infer<typeof EmailAddress>

/** A bank account: account number, IBAN or both, with the bank's BIC (OpenG2P `bank_ids`). */
export const BankAccount = z.object({
  id: Id,
  accountNumber: z.string().max(64),
  iban: z.string().max(34),
  bic: z.string().max(11),
  bankName: Line,
  preferred: z.boolean(),
  disabled: z.boolean(),
})
export type BankAccount = z.infer<typeof BankAccount>

/** A person or a group (household) on the registry; OpenG2P's `res.partner` with `is_registrant`. */
export const Registrant = z.object({
  ...editableFields,
  ...madeFields,
  ...erasableFields,
  kind: z.enum(['individual', 'group']),
  /** The registry's own number for this registrant, unique in the district; imports match on it. */
  registryNumber: z.string().max(64),
  /** Shown and searched; for individuals composed from the name parts. */
  name: Line.min(1),
  givenName: Line,
  familyName: Line,
  additionalName: Line,
  /** Groups: household, cooperative…; empty for individuals. */
  groupKind: z.string().max(40),
  gender: z.enum(['female', 'male', 'other', '']),
  birthdate: Day.nullable(),
  deceasedOn: Day.nullable(),
  address: z.string().max(500),
  area: Line,
  modeOfPayment: ModeOfPayment,
  tags: z.array(z.string().max(40)).max(50),
  phoneNumbers: z.array(PhoneNumber).max(20),
  emails: z.array(EmailAddress).max(20),
  bankAccounts: z.array(BankAccount).max(20),
  registrationDate: Day,
  /** The import that brought this record, so that it can be undone; empty when entered by hand. */
  importId: z.string().max(64),
})
export type Registrant = z.infer<typeof Registrant>

/** What is shown of a sealed value: enough to recognise it, not enough to use it (`•••• 4821`). */
export const Hint = z.object({
  id: Id,
  label: z.string().max(60),
  hint: z.string().max(60),
  preferred: z.boolean(),
  disabled: z.boolean(),
})
export type Hint = z.infer<typeof Hint>

/**
 * A registrant as the replica and the lists see it: contact and account values are replaced by masked hints, which
 * are never pushed. Full values are asked for one by one (`registry.reveal`) and change by command only.
 */
export const RegistrantView = Registrant.omit({
  phoneNumbers: true,
  emails: true,
  bankAccounts: true,
  makers: true,
}).extend({
  phoneHints: z.array(Hint),
  emailHints: z.array(Hint),
  accountHints: z.array(Hint),
  identityHints: z.array(Hint.extend({ type: z.string(), status: z.string(), expiresOn: Day.nullable() })),
})
export type RegistrantView = z.infer<typeof RegistrantView>

/** A person's part in a group, from a day, until a day (OpenG2P `g2p.group.membership`). */
export const MembershipKind = z.enum([
  'head',
  'principal_recipient',
  'alternate_recipient',
  'spouse',
  'child',
  'parent',
  'other',
])
export type MembershipKind = z.infer<typeof MembershipKind>

export const Membership = z.object({
  ...editableFields,
  ...erasableFields,
  groupId: Id,
  individualId: Id,
  kinds: z.array(MembershipKind).max(7),
  startDate: Day,
  endedDate: Day.nullable(),
  importId: z.string().max(64),
})
export type Membership = z.infer<typeof Membership>

/**
 * An identity number (OpenG2P `reg_ids`): one per type and registrant. Its own sealed record: the value never enters
 * history, conflicts, search or the replica.
 */
export const IdentityNumber = z.object({
  ...editableFields,
  ...madeFields,
  registrantId: Id,
  type: z.string().min(1).max(40),
  /** Empty once it was given up for a token, or its person was erased: nothing keeps it then. */
  value: z.string().max(128),
  status: z.enum(['valid', 'invalid', 'unverified']),
  expiresOn: Day.nullable(),
  importId: z.string().max(64),
  /** When the value was last given up. Only what was entered knowing that stands against it. */
  tokenisedAt: Moment.optional(),
})
export type IdentityNumber = z.infer<typeof IdentityNumber>
