import type { Fault } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Deferral } from '../scheduler/job.ts'
import { isSendingStopped } from '../scheduler/sending-switch.ts'
import type { DispatchContext } from './dispatch-context.ts'
import type { ClaimAnswer } from './sender-claims.ts'

/** Why nothing of a batch may leave now. `wait` passes by itself or by an officer's switch; the rest needs an officer. */
export type Obstacle =
  | { readonly kind: 'wait'; readonly by: Deferral; readonly fault: Fault }
  | { readonly kind: 'officer'; readonly fault: Fault }

/** What the central server's word about a claim means for a post. */
export function obstacleOf(answer: Exclude<ClaimAnswer, { kind: 'ours' }>): Obstacle {
  if (answer.kind !== 'put-off') return { kind: 'officer', fault: answer.fault }
  return { kind: 'wait', by: deferralOf(answer.fault), fault: answer.fault }
}

/** What has to change before the central server is asked again. */
export function deferralOf({ code }: Fault): Deferral {
  if (code === 'central.held-elsewhere') return 'held'
  return code === 'central.server-changed' ? 'restored' : 'line'
}

const fault = (code: Fault['code']): Fault => ({ code, params: {} })

/** Asked before the claim and again in the very transaction that begins a post. */
export function findObstacle(context: DispatchContext, batch: Batch): Obstacle | undefined {
  const { store, guard, clockGuard } = context
  if (wasHandedOver(context, batch.id)) return { kind: 'officer', fault: fault('central-files.handed-over') }
  if (guard.doubt !== undefined) return { kind: 'wait', by: 'restored', fault: fault(guard.doubt) }
  if (isSendingStopped(store)) return { kind: 'wait', by: 'stopped', fault: fault('dispatch.stopped') }
  if (batch.held) return { kind: 'wait', by: 'held', fault: fault('dispatch.held') }
  const clock = clockGuard.findFault()
  if (clock !== undefined) return { kind: 'wait', by: 'clock', fault: clock }
  const owed = store.sql('SELECT 1 FROM look_up_owed WHERE manager_id = ? LIMIT 1').get(batch.managerId)
  if (owed !== undefined) {
    return { kind: 'wait', by: 'restored', fault: fault('dispatch.looking-up-after-restore') }
  }
  const doubted = context.claims.obstacle()
  if (doubted !== undefined) return { kind: 'wait', by: 'restored', fault: doubted }
  if (!context.claims.isShared() && store.findMark('sole-office') !== '1') {
    return { kind: 'officer', fault: fault('dispatch.no-claim') }
  }
  return undefined
}

/** Released to another office. The journal knows it too, so that an older copy of the store does not forget. */
const wasHandedOver = ({ store, guard }: DispatchContext, batchId: string): boolean =>
  guard.journal.isHandedOver(batchId) ||
  store.sql('SELECT 1 FROM handed_over WHERE batch_id = ?').get(batchId) !== undefined
