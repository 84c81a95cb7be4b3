import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useApi } from '../../api/provider.tsx'
import { clearAfterSignOut, setSession } from '../../state/session.ts'
import { useDialog } from '../dialogs.tsx'
import { hasUnfinishedEdits, LeavingDialog } from '../edits/leaving-dialog.tsx'
import { notifyFault } from '../notify.tsx'

/** Signs the officer out, once edits under way are saved or given up: the core forgets the session, then everything this window kept is cleared. */
export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const queryClient = useQueryClient()
  const show = useDialog()
  return useCallback(async () => {
    if (hasUnfinishedEdits()) {
      const leave = await show<boolean>((close) => <LeavingDialog onClose={close} />)
      if (leave !== true) return
    }
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
  }, [api, queryClient, show])
}
