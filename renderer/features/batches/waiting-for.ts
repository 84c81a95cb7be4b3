import type { Role } from '../../../shared/model/officer.ts'
import type { BatchRow } from './answers.ts'

/** Whose turn it is with a batch. */
export type Awaited =
  | 'attention'
  | 'release'
  | 'submit'
  | 'approver'
  | 'secondApprover'
  | 'sender'
  | 'line'
  | 'switch'
  | 'office'
  | 'otherOffice'
  | 'paymentSystem'
  | 'nobody'

const byState: Readonly<Record<BatchRow['state'], Awaited>> = {
  open: 'submit',
  returned: 'submit',
  lapsed: 'approver',
  submitted: 'approver',
  approved: 'sender',
  queued: 'line',
  claimed: 'office',
  sending: 'office',
  following: 'paymentSystem',
  settled: 'nobody',
  cancelled: 'nobody',
}

export type AwaitedFacts = Pick<BatchRow, 'state' | 'held' | 'attention' | 'approval' | 'job' | 'holder'>

/** Who or what a batch waits for. */
export function awaitedBy({ state, held, attention, approval, job, holder }: AwaitedFacts): Awaited {
  const over = state === 'settled' || state === 'cancelled'
  if (attention !== '' && !over) return 'attention'
  if (holder?.own === false && !over) return 'otherOffice'
  if (held && !over) return 'release'
  if (state === 'submitted' && approval !== null && approval.approvals > 0) return 'secondApprover'
  if (!over && job !== null && (job.state === 'paused' || job.deferredBy === 'stopped')) return 'switch'
  // A job that stopped before this approval goes on when somebody sends the batch again.
  if (state === 'approved' && job !== null) return job.state === 'attention' ? 'sender' : 'line'
  return byState[state]
}

/** Roles whose turn it is; none where no officer is waited for. */
export const rolesAwaited: Readonly<Record<Awaited, readonly Role[]>> = {
  attention: ['clerk', 'approver', 'administrator'],
  release: ['clerk', 'approver'],
  submit: ['clerk'],
  approver: ['approver'],
  secondApprover: ['approver'],
  sender: ['clerk', 'approver'],
  line: [],
  switch: ['clerk', 'approver', 'administrator'],
  office: [],
  otherOffice: [],
  paymentSystem: [],
  nobody: [],
}
