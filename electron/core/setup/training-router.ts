import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { officerProcedure, router } from '../api/procedure.ts'

const inTraining = officerProcedure.use(({ ctx, next }) => {
  if (!ctx.office.training) fail('setup.not-training')
  return next()
})

/** What only the training office has. */
export const trainingRouter = router({
  /** Whether an officer has cut the line to see what happens then. */
  line: inTraining.query(({ ctx }) => ({ cut: ctx.office.http.isLineCut() })),

  cutLine: inTraining.input(z.object({ cut: z.boolean() })).mutation(({ ctx, input }) => {
    ctx.office.http.cutLine(input.cut)
    return { cut: input.cut }
  }),

  /** A file of invented households to import. */
  sample: inTraining.input(z.object({ households: z.int().min(1).max(5_000) })).query(({ ctx, input }) => ({
    name: `households-${input.households}.csv`,
    text: ctx.core.trainingSample(input.households),
  })),
})
