import { z } from 'zod'
import { PAGE_LIMIT, type PullAnswer, type ReplicatedDocument } from '../../../shared/contract/replica.ts'
import { Id } from '../../../shared/model/record.ts'
import { type ReplicaName, replicaCollection, replicaNames } from '../../../shared/model/replica.ts'
import { officerProcedure, router } from '../api/procedure.ts'
import { takePush } from './push.ts'

const Name = z.enum(replicaNames as [ReplicaName, ...ReplicaName[]])
const Page = z.string().min(8).max(64)
const Pins = z.object({ page: Page, collection: Name, ids: z.array(Id).max(PAGE_LIMIT) })
const Document = z.record(z.string().max(64), z.unknown())

export const replicaRouter = router({
  /** The key that seals this session's replica at rest. */
  key: officerProcedure.query(({ ctx }) => ctx.office.replicas.key(ctx.client, ctx.officer.id)),

  /** What changed behind a checkpoint; of pinned collections only what this page has pinned. */
  pull: officerProcedure
    .input(
      z.object({
        page: Page,
        collection: Name,
        checkpoint: z.object({ seq: z.int().min(0), id: z.string().max(64) }).nullable(),
        limit: z.int().min(1).max(PAGE_LIMIT),
      }),
    )
    .query(({ ctx, input, signal }): Promise<PullAnswer> => {
      const { page, collection, limit } = input
      const whole = replicaCollection(collection).extent === 'whole'
      return ctx.office.reader.run(
        'replica.since',
        {
          name: collection,
          after: input.checkpoint ?? { seq: 0, id: '' },
          limit,
          pinned: whole ? null : ctx.office.replicas.pinned(ctx.client, page, collection),
        },
        { signal },
      )
    }),

  /** Pins records for a page (a question: a screen asks by itself, which is no sign of a person), and gives them as they are now; `sequence` is a change that all of them cover. */
  pin: officerProcedure
    .input(Pins)
    .query(async ({ ctx, input }): Promise<{ documents: ReplicatedDocument[]; sequence: number }> => {
      ctx.office.replicas.pin(ctx.client, input.page, input.collection, input.ids)
      const { sequence } = ctx.office.store
      const documents = await ctx.office.reader.run('replica.these', { name: input.collection, ids: input.ids })
      return { documents, sequence }
    }),

  /** Changes of these records are not told to the page any more. */
  unpin: officerProcedure.input(Pins).query(({ ctx, input }) => {
    ctx.office.replicas.unpin(ctx.client, input.page, input.collection, input.ids)
    return null
  }),

  /** Edits of drafts. Refusals are part of the answer; every document that does not stand as pushed comes back. */
  push: officerProcedure
    .input(
      z.object({
        collection: z.string().max(40),
        rows: z.array(z.object({ assumedMasterState: Document.nullish(), newDocumentState: Document })).max(100),
      }),
    )
    .mutation(({ ctx, input }) => takePush(ctx.office, ctx.officer, input.collection, input.rows)),

  /** Tells a page which of its collections have something new. */
  stream: officerProcedure
    .input(z.object({ page: Page }))
    .subscription(({ ctx, input, signal }) => ctx.office.replicas.follow(ctx.client, input.page, signal)),
})
