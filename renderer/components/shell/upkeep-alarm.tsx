import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../fault-message.tsx'

const EVERY = 15_000

/** What the office found wrong with its own file or its audit trail: above every screen until somebody deals with it. */
export function UpkeepAlarm() {
  const api = useApi()
  const query = useQuery(api.upkeep.status.queryOptions(undefined, { every: EVERY }))
  const found = [query.data?.store, query.data?.audit].filter((check) => check?.state === 'found')
  return found.map((check) => check?.fault && <FaultMessage key={check.fault.code} fault={check.fault} />)
}
