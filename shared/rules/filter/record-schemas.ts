import { Batch } from '../../model/batch.ts'
import { Payment } from '../../model/payment.ts'
import { Cycle, Enrolment, Entitlement, Programme } from '../../model/programme.ts'
import { Registrant } from '../../model/registrant.ts'
import { deriveFilterSchema } from './derive-schema.ts'
import type { FilterSchema } from './schema.ts'

const filterable = ['registrant', 'programme', 'enrolment', 'cycle', 'entitlement', 'payment', 'batch'] as const
export type FilterableRecord = (typeof filterable)[number]
export type FilterSchemas = Readonly<Record<FilterableRecord, FilterSchema>>

/**
 * What filters may ask about each kind of record, under the names of OpenG2P's models (`partner_id.mode_of_payment`,
 * `initial_amount`, `amount_issued`) and under ours. Account numbers, phones, e-mails, identity numbers and payee
 * addresses are not among them: with `like`, whoever may filter could read them out letter by letter. Of identity numbers
 * only the types are (`reg_ids.id_type`, as in OpenG2P's filters).
 * `digits` is the number of decimals of the currency in which amounts are written.
 */
export function filterSchemas(digits: number): FilterSchemas {
  const partner = { name: 'partner_id', target: () => person }
  const programme = { name: 'program_id', target: () => schemas.programme }
  const cycle = { name: 'cycle_id', target: () => schemas.cycle }
  const programmeNames = { programme_id: 'program_id', programmeId: 'program_id' }

  const person = deriveFilterSchema({
    record: 'registrant',
    schema: Registrant,
    digits,
    title: 'name',
    omit: ['makers'],
    extra: {
      is_group: { type: 'boolean', path: 'kind', equals: 'group' },
      is_registrant: { type: 'boolean', path: 'isRegistrant' },
      // No part of the record: whoever looks at records in memory adds it.
      'reg_ids.id_type': { type: 'set', path: 'identityTypes' },
    },
    aliases: {
      addl_name: 'additional_name',
      tags_ids: 'tags',
      ref: 'registry_number',
      area_id: 'area',
      reg_ids: 'reg_ids.id_type',
    },
  })
  const schemas: FilterSchemas = {
    registrant: person,
    programme: deriveFilterSchema({ record: 'programme', schema: Programme, digits, title: 'name' }),
    enrolment: deriveFilterSchema({
      record: 'enrolment',
      schema: Enrolment,
      digits,
      title: 'id',
      references: { registrantId: partner, programmeId: programme },
      aliases: { ...programmeNames, enrollment_date: 'enrolled_on', exit_date: 'ended_on' },
    }),
    cycle: deriveFilterSchema({
      record: 'cycle',
      schema: Cycle,
      digits,
      title: 'name',
      references: { programmeId: programme },
      aliases: programmeNames,
    }),
    entitlement: deriveFilterSchema({
      record: 'entitlement',
      schema: Entitlement,
      digits,
      title: 'code',
      omit: ['makers'],
      references: { registrantId: partner, programmeId: programme, cycleId: cycle },
      aliases: { ...programmeNames, initial_amount: 'amount' },
    }),
    payment: deriveFilterSchema({
      record: 'payment',
      schema: Payment,
      digits,
      title: 'id',
      omit: ['payeeAddress'],
      references: {
        registrantId: partner,
        payeeId: { name: 'payee_id', target: () => person },
        programmeId: programme,
        cycleId: cycle,
        entitlementId: { name: 'entitlement_id', target: () => schemas.entitlement },
        batchId: { name: 'batch_id', target: () => schemas.batch },
      },
      aliases: { ...programmeNames, amount_issued: 'amount' },
    }),
    batch: deriveFilterSchema({
      record: 'batch',
      schema: Batch,
      digits,
      title: 'name',
      references: { programmeId: programme, cycleId: cycle },
      aliases: { ...programmeNames, tag_id: 'tag_name' },
    }),
  }
  return schemas
}
