import { z } from 'zod'
import { Enrolment } from '../../../shared/model/programme.ts'
import { Id, Moment } from '../../../shared/model/record.ts'
import { enrolmentMoves } from '../../../shared/rules/enrolment-life.ts'
import { type OfficerContext, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { enrolAll, inSlices, moveEnrolments, SLICE, undoEnrolments } from './enrolments.ts'

const Filter = z.string().max(4000)

const Listing = z.object({
  programmeId: Id,
  states: z.array(Enrolment.shape.state).max(3),
  search: z.string().max(200),
  filter: Filter,
})

/** Either the registrants that were picked, or all that a list shows. */
const Choice = z.union([
  z.object({ registrantIds: z.array(Id).min(1).max(10_000) }),
  Listing.omit({ programmeId: true }).extend({ except: z.array(Id).max(10_000) }),
])

const Move = z.enum(Object.keys(enrolmentMoves) as [keyof typeof enrolmentMoves])

export const enrolmentsRouter = router({
  page: officerProcedure
    .input(Listing.extend({ offset: z.int().min(0), limit: z.int().min(1).max(500) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('enrolments.page', input, { signal })),

  /** Whom a filter over the registry would enrol, and who is left out and why. */
  preview: officerProcedure
    .input(z.object({ programmeId: Id, filter: Filter }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('enrolments.preview', input, { signal })),

  enrolByFilter: roleProcedure('clerk')
    .input(z.object({ programmeId: Id, filter: Filter, expected: z.int().min(0) }))
    .mutation(({ ctx, input }) =>
      ctx.office.runs.run(input.programmeId, 'enrolling', input.expected, (control) =>
        enrolAll(ctx.office, ctx.officer.id, input.programmeId, candidates(ctx, input), control),
      ),
    ),

  enrol: roleProcedure('clerk')
    .input(z.object({ programmeId: Id, registrantIds: z.array(Id).min(1).max(10_000) }))
    .mutation(({ ctx, input }) =>
      ctx.office.runs.run(input.programmeId, 'enrolling', input.registrantIds.length, (control) =>
        enrolAll(ctx.office, ctx.officer.id, input.programmeId, inSlices(input.registrantIds), control),
      ),
    ),

  move: roleProcedure('clerk')
    .input(z.object({ programmeId: Id, move: Move, reason: z.string().trim().min(1).max(200), choice: Choice }))
    .mutation(({ ctx, input }) => {
      const { programmeId, choice } = input
      const total = 'registrantIds' in choice ? choice.registrantIds.length : undefined
      return ctx.office.runs.run(programmeId, 'moving', total, (control) => {
        const slices =
          'registrantIds' in choice ? inSlices(choice.registrantIds) : matching(ctx, { programmeId, ...choice })
        return moveEnrolments(ctx.office, ctx.officer.id, input, slices, control)
      })
    }),

  undo: roleProcedure('clerk')
    .input(z.object({ programmeId: Id, moments: z.array(Moment).min(1).max(5_000) }))
    .mutation(({ ctx, input }) =>
      ctx.office.runs.run(input.programmeId, 'undoing', undefined, async (control) => ({
        undone: await undoEnrolments(ctx.office, ctx.officer.id, input, control),
      })),
    ),
})

async function* candidates(
  { office }: OfficerContext,
  input: { programmeId: string; filter: string },
): AsyncGenerator<readonly string[]> {
  const rows = await office.reader.run('enrolments.candidates', input)
  const id = office.store.sql('SELECT id FROM registrant WHERE rowid = ?').pluck()
  for (const slice of inSlices(rows)) yield slice.map((row) => id.get(row) as string)
}

/** All that a list shows, by registrant, in order of id: what is moved out of the list is not met again. */
async function* matching(
  { office }: OfficerContext,
  { except, ...listing }: z.infer<typeof Listing> & { readonly except: readonly string[] },
): AsyncGenerator<readonly string[]> {
  const left = new Set(except)
  let after = ''
  for (;;) {
    const ids = await office.reader.run('enrolments.matching', { ...listing, after, limit: SLICE })
    const last = ids.at(-1)
    if (last === undefined) return
    yield ids.filter((id) => !left.has(id))
    after = last
  }
}
