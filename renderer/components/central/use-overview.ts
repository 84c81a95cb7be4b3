import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/provider.tsx'

/** Milliseconds between two looks: the server is spoken with without any record changing here. */
const EVERY = 4_000

/** How the central server stands, kept up to date. */
export function useCentralOverview() {
  const api = useApi()
  return useQuery(api.central.overview.queryOptions(undefined, { every: EVERY, keepPrevious: true }))
}
