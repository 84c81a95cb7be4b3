import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { maskAccount, maskEmail, maskPhone } from '../../../shared/rules/contact.ts'
import { fold } from '../../../shared/rules/filter/index.ts'
import { addressKey } from '../../../shared/rules/financial-address.ts'

type Fact = string | number | null

/** How a kind of record lies in its table: the columns that lists, joins and filters use beside the whole body. */
export interface Collection<K extends RecordKind> {
  readonly table: string
  readonly columns: { readonly [column: string]: (record: RecordOf<K>) => Fact }
  /** What the history of edits keeps of a record; kinds without it have no history. */
  readonly history?: (record: RecordOf<K>) => Readonly<Record<string, unknown>>
  /** Fields of which whoever enters or changes one is a maker of the record (I7), as is who first wrote it. */
  readonly made?: readonly (keyof RecordOf<K> & string)[]
}

/** Text by which names sort and compare: no case, no accents, one space between words. */
export const sortName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim()

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant
const PLAIN = /^[\x00-\x7f]*$/
/** Text without its case as filters compare it; null where SQLite's own `lower` gives the same. */
const foldedUnlessPlain = (text: string): string | null => (PLAIN.test(text) ? null : fold(text))

const flag = (value: boolean): number => (value ? 1 : 0)

/** History shows where contact data changed by the same hints as the lists; it never repeats the values. */
const withoutContacts = (record: RecordOf<'registrant'>): Readonly<Record<string, unknown>> => {
  const { phoneNumbers, emails, bankAccounts, makers, changedAt, changedBy, ...open } = record
  const mark = ({ preferred, disabled }: { preferred: boolean; disabled: boolean }): string =>
    `${preferred ? ' *' : ''}${disabled ? ' –' : ''}`
  return {
    ...open,
    phoneNumbers: phoneNumbers.map((phone) => maskPhone(phone.number) + mark(phone)),
    emails: emails.map((email) => maskEmail(email.address) + mark(email)),
    bankAccounts: bankAccounts.map((account) => maskAccount(account.iban || account.accountNumber) + mark(account)),
  }
}

const plainHistory = <T extends { changedAt: string; changedBy: string; edition?: number | undefined }>(
  record: T,
): Readonly<Record<string, unknown>> => {
  const { changedAt, changedBy, edition, ...rest } = record
  return rest
}

/** A submission without its thousands of lines, so that what asks for the rest need not parse them. */
const headOf = ({ lines, ...head }: RecordOf<'submission'>): string => JSON.stringify(head)

export const collections: { readonly [K in RecordKind]: Collection<K> } = {
  registrant: {
    table: 'registrant',
    columns: {
      removed: (r) => flag(r.removed),
      kind: (r) => r.kind,
      registry_number: (r) => r.registryNumber,
      name: (r) => r.name,
      sort_name: (r) => sortName(r.name),
      given_name: (r) => r.givenName,
      family_name: (r) => r.familyName,
      additional_name: (r) => r.additionalName,
      group_kind: (r) => r.groupKind,
      gender: (r) => r.gender,
      birthdate: (r) => r.birthdate,
      deceased_on: (r) => r.deceasedOn,
      address: (r) => r.address,
      area: (r) => r.area,
      mode_of_payment: (r) => r.modeOfPayment,
      tags: (r) => JSON.stringify(r.tags),
      registration_date: (r) => r.registrationDate,
      import_id: (r) => r.importId,
      changed_by: (r) => r.changedBy,
      erased_at: (r) => r.erasedAt ?? null,
      folded_name: (r) => foldedUnlessPlain(r.name),
      folded_given_name: (r) => foldedUnlessPlain(r.givenName),
      folded_family_name: (r) => foldedUnlessPlain(r.familyName),
      folded_additional_name: (r) => foldedUnlessPlain(r.additionalName),
      folded_address: (r) => foldedUnlessPlain(r.address),
      folded_area: (r) => foldedUnlessPlain(r.area),
    },
    history: withoutContacts,
    made: ['phoneNumbers', 'emails', 'bankAccounts'],
  },
  membership: {
    table: 'membership',
    columns: {
      removed: (r) => flag(r.removed),
      group_id: (r) => r.groupId,
      individual_id: (r) => r.individualId,
      import_id: (r) => r.importId,
    },
    history: plainHistory,
  },
  identityNumber: {
    table: 'identity_number',
    columns: {
      removed: (r) => flag(r.removed),
      registrant_id: (r) => r.registrantId,
      type: (r) => r.type,
      value: (r) => r.value,
      import_id: (r) => r.importId,
    },
    made: ['value', 'status', 'expiresOn', 'removed'],
  },
  programme: {
    table: 'programme',
    columns: { removed: (r) => flag(r.removed), name: (r) => r.name, state: (r) => r.state },
    history: plainHistory,
  },
  enrolment: {
    table: 'enrolment',
    columns: {
      removed: (r) => flag(r.removed),
      programme_id: (r) => r.programmeId,
      registrant_id: (r) => r.registrantId,
      state: (r) => r.state,
      import_id: (r) => r.importId,
    },
    history: plainHistory,
  },
  cycle: {
    table: 'cycle',
    columns: {
      removed: (r) => flag(r.removed),
      programme_id: (r) => r.programmeId,
      sequence: (r) => r.sequence,
      state: (r) => r.state,
    },
    history: plainHistory,
  },
  entitlement: {
    table: 'entitlement',
    columns: {
      removed: (r) => flag(r.removed),
      cycle_id: (r) => r.cycleId,
      programme_id: (r) => r.programmeId,
      registrant_id: (r) => r.registrantId,
      code: (r) => r.code,
      amount: (r) => r.amount,
      state: (r) => r.state,
      import_id: (r) => r.importId,
    },
    history: ({ makers, ...entitlement }) => plainHistory(entitlement),
    made: ['amount', 'currency'],
  },
  payment: {
    table: 'payment',
    columns: {
      entitlement_id: (r) => r.entitlementId,
      attempt: (r) => r.attempt,
      cycle_id: (r) => r.cycleId,
      programme_id: (r) => r.programmeId,
      registrant_id: (r) => r.registrantId,
      payee_id: (r) => r.payeeId,
      address_key: (r) => addressKey(r.payeeAddress),
      batch_id: (r) => r.batchId,
      manager_id: (r) => r.managerId,
      amount: (r) => r.amount,
      amount_paid: (r) => r.amountPaid,
      state: (r) => r.state,
      reason_code: (r) => r.reasonCode,
      held: (r) => flag(r.held),
      state_at: (r) => r.stateAt,
    },
  },
  batch: {
    table: 'batch',
    columns: {
      cycle_id: (r) => r.cycleId,
      programme_id: (r) => r.programmeId,
      manager_id: (r) => r.managerId,
      state: (r) => r.state,
      held: (r) => flag(r.held),
      attention: (r) => r.attention,
      state_at: (r) => r.stateAt,
    },
  },
  submission: {
    table: 'submission',
    columns: { batch_id: (r) => r.batchId, number: (r) => r.number, head: headOf },
  },
  decision: {
    table: 'decision',
    columns: {
      batch_id: (r) => r.batchId,
      submission_id: (r) => r.submissionId,
      officer_id: (r) => r.officerId,
      verdict: (r) => r.verdict,
    },
  },
  claim: { table: 'claim', columns: { batch_id: (r) => r.batchId, generation: (r) => r.generation } },
  transmission: {
    table: 'transmission',
    columns: {
      batch_id: (r) => r.batchId,
      part: (r) => r.part,
      envelope: (r) => r.envelope,
      valid_until: (r) => r.validUntil,
      message_id: (r) => r.messageId,
    },
  },
  delivery: {
    table: 'delivery',
    columns: {
      transmission_id: (r) => r.transmissionId,
      batch_id: (r) => r.batchId,
      part: (r) => r.part,
      post: (r) => r.post,
      outcome: (r) => r.outcome,
    },
  },
  conformanceReport: {
    table: 'conformance_report',
    columns: { manager_id: (r) => r.managerId, endpoint_digest: (r) => r.endpointDigest },
  },
  observation: {
    table: 'observation',
    columns: { payment_id: (r) => r.paymentId, batch_id: (r) => r.batchId, status: (r) => r.status },
  },
  fileDeed: {
    table: 'file_deed',
    columns: { batch_id: (r) => r.batchId, part: (r) => r.part, deed: (r) => r.deed, number: (r) => r.number },
  },
  collection: {
    table: 'collection',
    columns: {
      payment_id: (r) => r.paymentId,
      batch_id: (r) => r.batchId,
      entry: (r) => r.entry,
      confirms: (r) => r.confirms,
    },
  },
  officer: {
    table: 'officer',
    columns: { removed: (r) => flag(r.removed), login: (r) => r.login, state: (r) => r.state },
    history: plainHistory,
  },
  paymentManager: {
    table: 'payment_manager',
    columns: { removed: (r) => flag(r.removed), state: (r) => r.state },
    history: plainHistory,
  },
  connector: {
    table: 'connector',
    columns: { removed: (r) => flag(r.removed), state: (r) => r.state, runs_at: (r) => r.runsAt },
    history: plainHistory,
  },
  signInProvider: {
    table: 'sign_in_provider',
    columns: { removed: (r) => flag(r.removed), state: (r) => r.state },
    history: plainHistory,
  },
  consent: {
    table: 'consent',
    columns: {
      removed: (r) => flag(r.removed),
      registrant_id: (r) => r.registrantId,
      purpose: (r) => r.purpose,
      given: (r) => flag(r.given),
    },
    history: plainHistory,
  },
}
