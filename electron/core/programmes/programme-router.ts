import { z } from 'zod'
import { Programme } from '../../../shared/model/programme.ts'
import { Id, Moment } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { createProgramme, ProgrammeSettings, setProgrammeState, updateProgramme } from './programmes.ts'

export const programmeRouter = router({
  list: officerProcedure.query(({ ctx, signal }) => ctx.office.reader.run('programmes.list', undefined, { signal })),

  view: officerProcedure
    .input(z.object({ programmeId: Id }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('programmes.view', input, { signal })),

  create: roleProcedure('administrator')
    .input(ProgrammeSettings)
    .mutation(({ ctx, input }) => createProgramme(ctx.office.store, ctx.officer.id, input)),

  update: roleProcedure('administrator')
    .input(z.object({ id: Id, basedOn: Moment, settings: ProgrammeSettings }))
    .mutation(({ ctx, input }) =>
      updateProgramme(ctx.office.store, ctx.officer.id, input.id, input.basedOn, input.settings),
    ),

  setState: roleProcedure('administrator')
    .input(z.object({ id: Id, state: Programme.shape.state }))
    .mutation(({ ctx, input }) => setProgrammeState(ctx.office.store, ctx.officer.id, input.id, input.state)),

  /** Long work on a programme or cycle as it goes; null while there is none. */
  progress: officerProcedure
    .input(z.object({ subjectId: Id }))
    .subscription(({ ctx, input, signal }) => ctx.office.runs.follow(input.subjectId, signal)),

  /** Stops long work between two steps. */
  stop: roleProcedure('clerk', 'approver')
    .input(z.object({ subjectId: Id }))
    .mutation(({ ctx, input }) => {
      ctx.office.runs.stop(input.subjectId)
      return null
    }),
})
