import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import { type ClaimsContext, type ClaimsServer, serverTime } from './claims-server.ts'

export interface Revocation {
  readonly installationId: string
  readonly officerId: string
  readonly reason: string
}

const TRIES = 5

/** Takes an office's right to claim and to send, for good: its next question tells it. Nothing to do where that was done. */
export async function revoke(
  context: ClaimsContext,
  server: ClaimsServer,
  { installationId, officerId, reason }: Revocation,
  signal: AbortSignal,
): Promise<Result<null>> {
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const read = await server.database.read('office', [installationId], signal)
    if (!read.ok) return read
    const standing = read.value.get(installationId)
    if (standing?.kind !== 'found') {
      return failure(standing?.kind === 'conflict' ? 'central.claim-in-conflict' : 'central.nothing-to-take-over')
    }
    const { document } = standing
    if (document.revoked !== null && tries === 0) return success(null)
    const revoked = document.revoked ?? { by: officerId, at: serverTime(context), reason }
    const written = await server.database.put({ ...document, revoked }, signal)
    if (written.kind === 'written') {
      context.store.transaction(officerId, (transaction) =>
        transaction.audit({
          action: 'central.office-revoked',
          subjectKind: 'office',
          subjectId: installationId,
          detail: { reason },
        }),
      )
      return success(null)
    }
    if (written.kind === 'refused') return { ok: false, error: written.fault }
    if (written.kind === 'unsure') fault = written.fault
  }
  return { ok: false, error: fault }
}
