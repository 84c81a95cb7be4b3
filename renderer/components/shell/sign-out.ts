import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useApi } from '../../api/provider.tsx'
import { clearAfterSignOut, setSession } from '../../state/session.ts'
import { notifyFault } from '../notify.tsx'

/** Signs the officer out: the core forgets the session, then everything this window kept is cleared. */
export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const queryClient = useQueryClient()
  return useCallback(async () => {
    try {
      await api.session.signOut.run()
      location.hash = '#/'
      setSession({ officer: undefined })
      queryClient.setQueryData(api.session.current.queryKey(), null)
      await clearAfterSignOut()
    } catch (error) {
      notifyFault(error)
    } finally {
      const keep = [api.session.current.queryKey()[0].join(), api.setup.status.queryKey()[0].join()]
      queryClient.removeQueries({ predicate: ({ queryKey }) => !keep.includes(String(queryKey[0])) })
    }
  }, [api, queryClient])
}
