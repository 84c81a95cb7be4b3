import { callTRPCProcedure } from '@trpc/server'
import { appRouter } from '../../electron/core/api/router.ts'
import type { Core } from '../../electron/core/core.ts'
import type { Office } from '../../electron/core/office.ts'
import { OfficeError } from '../../shared/contract/result.ts'
import { PIN } from '../core/dispatch/approved-batches.ts'
import type { CoreCall, FromCore } from './messages.ts'

/* What every core's process does alike: talks with the driver, and lets it in as an officer. */

export const say = (message: FromCore): void => void process.send?.(message)

/** The same way in as the screens', as an officer with a PIN. */
export async function call(office: Office, request: CoreCall): Promise<unknown> {
  const { sessions } = office
  if (sessions.find(request.officer) === undefined) await sessions.signIn(request.officer, request.officer, PIN)
  // Procedures ask the core for the open office and for nothing else here.
  const core = { getOffice: () => office, findOffice: () => office } as unknown as Core
  return callTRPCProcedure({
    router: appRouter,
    path: request.path,
    getRawInput: async () => request.input,
    ctx: { core, client: request.officer },
    type: request.type,
    signal: new AbortController().signal,
    batchIndex: 0,
  })
}

/** What the work gives, or the fault that it met. */
export async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    say({ from: 'answer', id, result: { ok: true, value: await work() } })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof OfficeError ? error.cause : error
    if (cause instanceof OfficeError) say({ from: 'answer', id, result: { ok: false, error: cause.fault } })
    else {
      console.error(error)
      say({ from: 'answer', id, result: { ok: false, error: { code: 'api.unexpected', params: {} } } })
    }
  }
}
