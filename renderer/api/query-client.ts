import { QueryClient } from '@tanstack/react-query'
import { catalogue } from '../../shared/contract/errors.ts'
import { faultOf } from './office-fault.ts'

/**
 * Answers stay fresh until the core says that something changed, so moving between screens asks nothing twice. Only
 * faults that pass by themselves are tried again; a refusal is final.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 60_000,
        gcTime: 120_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 2 && catalogue[faultOf(error).code].class === 'waiting',
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
