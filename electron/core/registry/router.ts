import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { Id } from '../../../shared/model/record.ts'
import { MembershipKind, ModeOfPayment } from '../../../shared/model/registrant.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { lookPlaces, markContact, reveal, setContact } from './contact-commands.ts'
import { removeIdentity, setIdentity } from './identity-commands.ts'
import { importRouter } from './import/router.ts'
import { setMembership, setMembershipRemoved } from './membership-commands.ts'
import { createRegistrant, editRegistrant, setDeceased, setRemoved } from './registrant-commands.ts'

const clerk = roleProcedure('clerk')
const Text = z.string().max(20_000)
const DayText = z.string().max(20)

/** As typed; the rules clean and check it and answer field by field. */
const Facts = z.object({
  registryNumber: Text,
  name: Text,
  givenName: Text,
  familyName: Text,
  additionalName: Text,
  groupKind: Text,
  gender: z.enum(['female', 'male', 'other', '']),
  birthdate: DayText.nullable(),
  address: Text,
  area: Text,
  modeOfPayment: ModeOfPayment,
  tags: z.array(Text).max(100),
  registrationDate: DayText,
})
/** People on whom a deed is done at once. */
const MOST_CHOSEN = 50_000
const Kind = z.enum(['individual', 'group'])
const List = z.object({
  kind: Kind.optional(),
  search: z.string().max(200).optional(),
  filter: z.string().max(20_000).optional(),
})
const Order = z.object({
  column: z.enum(['name', 'registryNumber', 'area', 'changedAt']),
  direction: z.enum(['asc', 'desc']),
})
const Contact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phone'), id: Id.optional(), number: Text }),
  z.object({ kind: z.literal('email'), id: Id.optional(), address: Text }),
  z.object({
    kind: z.literal('account'),
    id: Id.optional(),
    accountNumber: Text,
    iban: Text,
    bic: Text,
    bankName: Text,
  }),
])
const ContactKind = z.enum(['phone', 'email', 'account'])

/** `[]` takes everything; leaving it out keeps the quick ways open. */
const given = <L extends z.infer<typeof List>>(list: L): L => {
  const plain = list.filter?.replaceAll(/\s/g, '')
  return plain === '' || plain === '[]' ? { ...list, filter: undefined } : list
}

export const registryRouter = router({
  imports: importRouter,

  page: officerProcedure
    .input(List.extend({ offset: z.int().min(0), limit: z.int().min(1).max(500), order: Order }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.page', given(input), { signal })),

  /** Whom a list holds, for deeds on all of it but some. */
  ids: officerProcedure
    .input(List.extend({ except: z.array(Id).max(10_000) }))
    .query(({ ctx, input, signal }) =>
      ctx.office.reader.run('registry.ids', { ...given(input), most: MOST_CHOSEN }, { signal }),
    ),

  search: officerProcedure
    .input(z.object({ text: z.string().max(200), kind: Kind.optional(), limit: z.int().min(1).max(50) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.search', input, { signal })),

  counts: officerProcedure.query(({ ctx, signal }) =>
    ctx.office.reader.run('registry.counts', undefined as never, { signal }),
  ),

  count: officerProcedure
    .input(List)
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.count', given(input), { signal })),

  areas: officerProcedure
    .input(z.object({ prefix: z.string().max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.areas', input, { signal })),

  record: officerProcedure.input(z.object({ id: Id })).query(async ({ ctx, input, signal }) => {
    const page = await ctx.office.reader.run('registry.record', input, { signal })
    return page ?? fail('store.not-found', { kind: 'registrant' })
  }),

  lookAlikes: officerProcedure
    .input(z.union([z.object({ id: Id }), z.object({ kind: Kind, name: Text, birthdate: DayText.nullable() })]))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.lookAlikes', input, { signal })),

  create: clerk
    .input(z.object({ kind: Kind, facts: Facts, anew: z.boolean().optional() }))
    .mutation(({ ctx, input }) => createRegistrant(ctx.office.store, ctx.officer.id, input)),

  edit: clerk
    .input(z.object({ id: Id, base: z.string().max(40), facts: Facts.partial() }))
    .mutation(({ ctx, input }) => {
      const facts = Object.fromEntries(Object.entries(input.facts).filter(([, value]) => value !== undefined))
      return editRegistrant(ctx.office.store, ctx.officer.id, { ...input, facts })
    }),

  remove: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => setRemoved(ctx.office.store, ctx.officer.id, input.id, true)),

  restore: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => setRemoved(ctx.office.store, ctx.officer.id, input.id, false)),

  deceased: clerk
    .input(z.object({ id: Id, day: DayText.nullable() }))
    .mutation(({ ctx, input }) => setDeceased(ctx.office.store, ctx.officer.id, input.id, input.day)),

  setContact: clerk
    .input(z.object({ registrantId: Id, contact: Contact, prefer: z.boolean(), country: z.string().max(2).optional() }))
    .mutation(({ ctx, input: { registrantId, contact, prefer, country } }) =>
      setContact(ctx.office.store, ctx.officer.id, registrantId, contact, { prefer, country }),
    ),

  markContact: clerk
    .input(
      z.object({
        registrantId: Id,
        kind: ContactKind,
        id: Id,
        mark: z.enum(['prefer', 'disable', 'enable', 'remove']),
      }),
    )
    .mutation(({ ctx, input: { registrantId, ...mark } }) =>
      markContact(ctx.office.store, ctx.officer.id, registrantId, mark),
    ),

  setIdentity: clerk
    .input(
      z.object({
        registrantId: Id,
        type: Text,
        value: Text,
        status: z.enum(['valid', 'invalid', 'unverified']),
        expiresOn: DayText.nullable(),
      }),
    )
    .mutation(({ ctx, input: { registrantId, ...entry } }) =>
      setIdentity(ctx.office.store, ctx.officer.id, registrantId, entry),
    ),

  removeIdentity: clerk
    .input(z.object({ registrantId: Id, id: Id }))
    .mutation(({ ctx, input }) => removeIdentity(ctx.office.store, ctx.officer.id, input.registrantId, input.id)),

  /** One full value behind a hint. The look goes into the audit trail. */
  reveal: roleProcedure('clerk', 'approver', 'administrator')
    .input(
      z.object({
        registrantId: Id,
        kind: z.enum(['phone', 'email', 'account', 'identity']),
        id: Id,
        screen: z.enum(lookPlaces).optional(),
      }),
    )
    .mutation(({ ctx, input: { registrantId, ...what } }) =>
      reveal(ctx.office.store, ctx.officer.id, registrantId, what),
    ),

  setMembership: clerk
    .input(
      z.object({
        id: Id.optional(),
        groupId: Id,
        individualId: Id,
        kinds: z.array(MembershipKind).max(7),
        startDate: DayText,
        endedDate: DayText.nullable(),
      }),
    )
    .mutation(({ ctx, input }) => setMembership(ctx.office.store, ctx.officer.id, input)),

  removeMembership: clerk
    .input(z.object({ id: Id, removed: z.boolean() }))
    .mutation(({ ctx, input }) => setMembershipRemoved(ctx.office.store, ctx.officer.id, input.id, input.removed)),

  /** Begins an export; its pieces are fetched one after the other. */
  exportBegin: roleProcedure('clerk', 'administrator', 'auditor')
    .input(List.extend({ order: Order, format: z.enum(['csv', 'xlsx']), contacts: z.boolean() }))
    .mutation(({ ctx, input, signal }) => {
      if (input.contacts && !ctx.officer.roles.some((role) => role === 'clerk' || role === 'administrator')) {
        fail('api.not-your-role')
      }
      return ctx.office.registry.exports.begin(ctx.officer.id, given(input), signal)
    }),

  exportPiece: roleProcedure('clerk', 'administrator', 'auditor')
    .input(z.object({ id: Id, done: z.int().min(0) }))
    .query(({ ctx, input, signal }) => ctx.office.registry.exports.piece(ctx.officer.id, input.id, input.done, signal)),
})
