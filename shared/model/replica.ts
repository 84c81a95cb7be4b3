import type { z } from 'zod'
import { Batch, Decision } from './batch.ts'
import { Officer } from './officer.ts'
import { PaymentView } from './payment.ts'
import { PaymentManager } from './payment-manager.ts'
import { Cycle, Enrolment, Programme } from './programme.ts'
import type { RecordKind } from './records.ts'
import { Membership, RegistrantView } from './registrant.ts'

/** A manager as the replica sees it: the payer's account is masked; the signature covers fields that are not here. */
export const PaymentManagerView = PaymentManager.omit({
  payerAddress: true,
  certificateAuthority: true,
  edition: true,
  signature: true,
}).extend({ payerAddressHint: PaymentManager.shape.payerAddress })
export type PaymentManagerView = z.infer<typeof PaymentManagerView>

interface CollectionOptions {
  /** The kind of record in the store. */
  readonly kind: RecordKind
  readonly schema: z.ZodObject
  /** `whole`: every record; `pinned`: the records that a page holds open. */
  readonly extent: 'whole' | 'pinned'
  /** Most documents kept at once where only what is pinned is there. */
  readonly capacity: number
  /** Personal fields: one sealed string at rest, not to be queried. */
  readonly sealed: readonly string[]
  /** Fields that queries ask for often enough to pay for an index. */
  readonly indexes: readonly string[]
  /** Fields that an officer may change in a draft; everything else changes by command only. */
  readonly draftFields: readonly string[]
}

const define = <const C extends CollectionOptions>(collection: C): C => collection

/** What is being worked on: the collections of the replica, their documents and what of them may be pushed. */
export const replicaCollections = {
  programmes: define({
    kind: 'programme',
    schema: Programme,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: [],
    indexes: [],
    draftFields: [],
  }),
  cycles: define({
    kind: 'cycle',
    schema: Cycle,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: [],
    indexes: [],
    draftFields: [],
  }),
  batches: define({
    kind: 'batch',
    schema: Batch,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: ['heldReason', 'cancelledReason'],
    indexes: [],
    draftFields: [],
  }),
  decisions: define({
    kind: 'decision',
    schema: Decision,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: ['reason', 'jws'],
    indexes: ['batchId'],
    draftFields: [],
  }),
  officers: define({
    kind: 'officer',
    schema: Officer,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: ['name', 'login', 'signature'],
    indexes: [],
    draftFields: [],
  }),
  paymentManagers: define({
    kind: 'paymentManager',
    schema: PaymentManagerView,
    extent: 'whole',
    capacity: Number.POSITIVE_INFINITY,
    sealed: ['payerName', 'payerAddressHint'],
    indexes: [],
    draftFields: [],
  }),
  registrants: define({
    kind: 'registrant',
    schema: RegistrantView,
    extent: 'pinned',
    capacity: 1_000,
    sealed: [
      'registryNumber',
      'name',
      'givenName',
      'familyName',
      'additionalName',
      'groupKind',
      'gender',
      'birthdate',
      'deceasedOn',
      'address',
      'area',
      'modeOfPayment',
      'tags',
      'registrationDate',
      'phoneHints',
      'emailHints',
      'accountHints',
      'identityHints',
    ],
    indexes: [],
    draftFields: [
      'name',
      'givenName',
      'familyName',
      'additionalName',
      'groupKind',
      'gender',
      'birthdate',
      'address',
      'area',
      'modeOfPayment',
      'tags',
      'registrationDate',
    ],
  }),
  memberships: define({
    kind: 'membership',
    schema: Membership,
    extent: 'pinned',
    capacity: 2_000,
    sealed: ['kinds', 'startDate', 'endedDate'],
    indexes: ['groupId'],
    draftFields: ['endedDate'],
  }),
  enrolments: define({
    kind: 'enrolment',
    schema: Enrolment,
    extent: 'pinned',
    capacity: 1_000,
    sealed: ['reason', 'enrolledOn', 'endedOn'],
    indexes: ['registrantId'],
    draftFields: ['state', 'reason'],
  }),
  payments: define({
    kind: 'payment',
    schema: PaymentView,
    extent: 'pinned',
    capacity: 5_000,
    sealed: ['registrantName', 'payeeName', 'payeeAddressHint', 'reasonText', 'reasonParams'],
    indexes: ['batchId'],
    draftFields: [],
  }),
} as const

export type ReplicaName = keyof typeof replicaCollections
export const replicaNames = Object.keys(replicaCollections) as readonly ReplicaName[]

export type ReplicaDocument<N extends ReplicaName> = z.infer<(typeof replicaCollections)[N]['schema']>
export type DraftField<N extends ReplicaName> = (typeof replicaCollections)[N]['draftFields'][number] &
  keyof ReplicaDocument<N>
/** Collections with at least one field that can be changed in a draft. */
export type DraftName = { [N in ReplicaName]: [DraftField<N>] extends [never] ? never : N }[ReplicaName]
/** Fields that can be asked for: what is sealed cannot. */
export type OpenField<N extends ReplicaName> = Exclude<
  keyof ReplicaDocument<N>,
  (typeof replicaCollections)[N]['sealed'][number]
> &
  string

/** Widened, for code that handles any collection. */
export const replicaCollection = (name: ReplicaName): CollectionOptions => replicaCollections[name]

export const isDraftName = (name: ReplicaName): name is DraftName => replicaCollection(name).draftFields.length > 0

export const isReplicaName = (name: string): name is ReplicaName => Object.hasOwn(replicaCollections, name)
