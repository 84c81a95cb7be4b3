import { z } from 'zod'
import type { PayTableHead } from '../../../shared/contract/pay-table.ts'
import { fail } from '../../../shared/contract/result.ts'
import { Collection } from '../../../shared/model/pay-table.ts'
import { Id } from '../../../shared/model/record.ts'
import { deedProcedure, officerProcedure, router } from '../api/procedure.ts'
import { today } from '../clock/today.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { confirmTicks } from './confirm.ts'
import { obstacleOf } from './given-out.ts'
import { MOST_TICKS, tickPayments } from './tick.ts'

export const payTableRouter = router({
  head: officerProcedure
    .input(z.object({ batchId: Id }))
    .query(async ({ ctx: { office }, input, signal }): Promise<PayTableHead> => {
      const head = await office.reader.run('payTable.head', input, { signal })
      return {
        ...head,
        obstacle: obstacleOf(office, input.batchId) ?? null,
        confirmedBy: office.dispatch.findOtherHolder(input.batchId) ?? '',
      }
    }),

  page: officerProcedure
    .input(
      z.object({
        batchId: Id,
        offset: z.int().min(0),
        limit: z.int().min(1).max(500),
        standings: z.array(z.enum(['open', 'collected', 'absent', 'settled'])).optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .query(({ ctx, input, signal }) =>
      ctx.office.reader.run('payTable.page', { ...input, officerId: ctx.officer.id }, { signal }),
    ),

  /** Whose voucher this is; a genuine one of another list, one that has lapsed or was used is told apart. */
  findVoucher: officerProcedure
    .input(z.object({ batchId: Id, code: z.string().max(200) }))
    .query(async ({ ctx: { office, officer }, input: { batchId, code }, signal }) => {
      const voucher = office.files.checkVoucher(code)
      if (voucher.batchId !== batchId) fail('pay-table.voucher-unknown')
      const { paymentId, validUntil } = voucher
      if (validUntil !== null && validUntil < today()) fail('pay-table.voucher-lapsed', { day: validUntil })
      const row = await office.reader.run('payTable.row', { batchId, paymentId, officerId: officer.id }, { signal })
      if (row === null) return fail('pay-table.voucher-unknown')
      // Whoever shows a voucher a second time, or a copy of it, gets nothing.
      if (row.standing === 'collected') {
        fail('pay-table.already-collected', { name: row.payeeName, day: row.tick?.day ?? '' })
      }
      if (row.standing === 'settled') fail('pay-table.voucher-settled')
      return row
    }),

  confirmable: officerProcedure
    .input(z.object({ batchId: Id }))
    .query(({ ctx, input, signal }) =>
      ctx.office.reader.run('payTable.confirmable', { ...input, officerId: ctx.officer.id }, { signal }),
    ),

  tick: deedProcedure({ deed: 'tick', about: ['batchId'] }, 'clerk', 'approver')
    .input(
      z.object({
        batchId: Id,
        paymentIds: z.array(Id).min(1).max(MOST_TICKS),
        tick: Collection.pick({
          by: true,
          deputyName: true,
          deputyRelation: true,
          witness: true,
          note: true,
          day: true,
          voucherSeen: true,
        }).extend({ entry: z.enum(['collected', 'absent', 'taken-back']) }),
      }),
    )
    .mutation(({ ctx, input }) => {
      tickPayments(ctx.office, ctx.officer.id, input.batchId, input.paymentIds, input.tick, today())
      return null
    }),

  confirm: deedProcedure({ deed: 'settle', about: ['batchId', 'ticks'] }, 'clerk', 'approver', 'administrator')
    .input(
      z.object({
        batchId: Id,
        ticks: z
          .array(z.object({ paymentId: Id, tickId: Id }))
          .min(1)
          .max(10_000),
        pin: z.string().max(64),
      }),
    )
    .mutation(async ({ ctx, input: { batchId, ticks, pin } }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return { confirmed: await confirmTicks(ctx.office, ctx.officer.id, batchId, ticks, today()) }
    }),
})
