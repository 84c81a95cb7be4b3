import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../fault-message.tsx'

const EVERY = 15_000

/** What the office found wrong with its own file or its audit trail: above every screen until somebody deals with it. */
export function UpkeepAlarm() {
  const api = useApi()
  const query = useQuery(api.upkeep.status.queryOptions(undefined, { every: EVERY }))
  const { store, audit } = query.data ?? {}
  // A break that somebody answers for stands in the audit screen; while the trail is walked anew it is still broken.
  const isBroken = audit?.noted === false && (audit.state === 'found' || audit.state === 'running')
  const found = [store?.state === 'found' ? store : undefined, isBroken ? audit : undefined]
  return found.map((check) => check?.fault && <FaultMessage key={check.fault.code} fault={check.fault} />)
}
