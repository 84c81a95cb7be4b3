import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../api/provider.tsx'
import { notifyFault } from '../components/notify.tsx'
import { onSignOut, useOfficer } from '../state/session.ts'
import { whenQuiet } from './quiet.ts'
import { apiSource } from './source.ts'
import { clearReplica, openReplica } from './state.ts'

/**
 * Keeps the replica open while the calling component is mounted (signed in), and clears it when the officer leaves. It is
 * opened when the first screen has its answers, or when somebody needs a record of it.
 */
export function useReplicaWhileSignedIn(): void {
  const api = useApi()
  const queryClient = useQueryClient()
  const { id } = useOfficer()
  useEffect(() => {
    const page = `${id}-${crypto.randomUUID()}`.slice(-36)
    const stopWaiting = whenQuiet(queryClient, () => openReplica(apiSource(api, page)).catch(notifyFault))
    const unregister = onSignOut(async () => {
      stopWaiting()
      await clearReplica()
    })
    return () => {
      stopWaiting()
      unregister()
      clearReplica().catch(notifyFault)
    }
  }, [api, queryClient, id])
}
