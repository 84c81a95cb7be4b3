import { z } from 'zod'
import { Id } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openDeviceKey } from '../vault/device-key.ts'
import { keyIdOf } from '../vault/signing-keys.ts'

const Window = z.object({
  limit: z.int().min(1).max(500),
  before: z.int().optional(),
  offset: z.int().min(0).optional(),
  officerId: z.string().optional(),
  action: z.string().optional(),
  subjectKind: z.string().optional(),
  subjectId: z.string().optional(),
  contactId: z.string().optional(),
  from: z.int().min(0).optional(),
  until: z.int().min(0).optional(),
})

const readerProcedure = roleProcedure('auditor', 'administrator', 'approver')
/** Who answers for the trail. */
const answerable = roleProcedure('auditor', 'administrator')

export const auditRouter = router({
  page: readerProcedure
    .input(Window)
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  choices: readerProcedure.query(({ ctx, signal }) => ctx.office.reader.run('audit.choices', undefined, { signal })),

  /** What happened to one record; shown on its page. */
  ofSubject: officerProcedure
    .input(z.object({ subjectKind: z.string(), subjectId: z.string(), limit: z.int().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  /** Walks the whole trail now; what is found stays known. */
  verify: answerable.query(({ ctx, signal }) => ctx.office.upkeep.verifyTrail(signal)),

  /** Who looked at full values of one registrant, newest first, and which exported lists held such values of everybody in them. */
  looks: readerProcedure
    .input(z.object({ registrantId: Id, contactId: Id.optional(), limit: z.int().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.looks', input, { signal })),

  /** The key by which this installation signs its trail: what an auditor keeps to verify exports by. */
  deviceKey: officerProcedure.query(async ({ ctx }) => {
    const { publicKey } = openDeviceKey(ctx.office.store)
    return { keyId: await keyIdOf(publicKey), publicKey }
  }),

  exportBegin: answerable
    .input(z.object({ from: z.int().min(0).optional(), until: z.int().min(0).optional() }))
    .mutation(({ ctx, input }) => ctx.office.auditExports.begin(ctx.officer.id, input)),

  exportPiece: answerable
    .input(z.object({ id: Id, done: z.int().min(0) }))
    .query(({ ctx, input, signal }) => ctx.office.auditExports.piece(ctx.officer.id, input.id, input.done, signal)),

  exportEnd: answerable.input(z.object({ id: Id })).mutation(({ ctx, input }) => {
    ctx.office.auditExports.forget(ctx.officer.id, input.id)
    return null
  }),
})
