import type { inferProcedureOutput } from '@trpc/server'
import type { AppRouter } from '../../../electron/core/api/router.ts'

/* What the core answers about batches and payments, by the names the screens use. */

type Procedures = AppRouter['_def']['record']
type Answer<Name extends keyof Procedures['batches']> = inferProcedureOutput<Procedures['batches'][Name]>

export type BatchRow = Answer<'page'>['rows'][number]
export type BatchTally = Answer<'tally'>
export type BatchPage = Answer<'open'>
export type BatchCheck = Answer<'check'>
export type Plan = Answer<'plan'>
export type PaymentRow = Answer<'payments'>['rows'][number]
export type PaymentPage = Answer<'payment'>
export type BatchPart = inferProcedureOutput<Procedures['dispatch']['parts']>[number]
/** How the accounts of a cycle or batch are known; null where no mapper is asked. */
export type AskingStanding = inferProcedureOutput<Procedures['mapper']['standing']>
export type Evidence = inferProcedureOutput<Procedures['dispatch']['evidence']>[number]
