import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/provider.tsx'

/** Kinds of record that pre-flight looks at. */
const CHECKED = [
  'registrant',
  'membership',
  'identityNumber',
  'enrolment',
  'entitlement',
  'cycle',
  'programme',
  'paymentManager',
  'mapper',
]

/** Pre-flight of a batch as the registry is now; asked again when what it looked at changes. */
export function useCheck(batchId: string, enabled = true) {
  const api = useApi()
  return useQuery(api.batches.check.queryOptions({ batchId }, { kinds: CHECKED, enabled }))
}
