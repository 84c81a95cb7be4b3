import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/provider.tsx'
import { peopleKinds } from './answers.ts'

/** How much waits for an officer's decision: likely duplicates, doubtful submissions, fields that differ. */
export function useDoubtsCount(): number {
  const api = useApi()
  const extras = { kinds: peopleKinds, keepPrevious: true }
  const duplicates = useQuery(api.tokenisation.duplicates.queryOptions({ open: true }, extras))
  const submissions = useQuery(api.odk.counts.queryOptions({ connectorId: null }, extras))
  const proposals = useQuery(api.odk.proposals.queryOptions({ registrantId: null, limit: 1 }, extras))
  return (duplicates.data?.length ?? 0) + (submissions.data?.doubtful ?? 0) + (proposals.data?.total ?? 0)
}
