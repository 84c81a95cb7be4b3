import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useLayoutEffect } from 'react'
import { useApi } from '../../api/provider.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { loadFirstScreens } from '../../components/shell/office-frame.tsx'
import { setSession, useSession } from '../../state/session.ts'
import { FirstPin } from './first-pin.tsx'
import { FirstRun } from './first-run.tsx'
import { PickOfficer } from './pick-officer.tsx'
import { ProvisionedOffice } from './provisioned-office.tsx'
import { Threshold } from './threshold.tsx'
import { Unlock } from './unlock.tsx'
import { useWatchSession } from './watch-session.ts'

/** Shows the office to an officer who is signed in, and to everybody else the one step that leads there. */
export function SignInGate({ children }: { children: ReactNode }) {
  const api = useApi()
  const status = useQuery(api.setup.status.queryOptions(undefined, { kinds: ['officer'] }))
  const current = useQuery(api.session.current.queryOptions())
  const officer = current.data ?? undefined
  const open = status.data?.state === 'open'
  const training = status.data?.training ?? false
  const officeName = status.data?.officeName ?? ''
  const kept = useSession((session) => session.officer)
  useWatchSession(officer?.id)
  // After what stands before the office is on the screen.
  useEffect(() => {
    if (open) loadFirstScreens()
  }, [open])
  useLayoutEffect(() => setSession({ officer, training, officeName }), [officer, training, officeName])

  const error = status.error ?? current.error
  if (status.data === undefined || current.data === undefined) {
    return (
      <Threshold waiting={!error}>
        {error && (
          <ErrorState
            fault={error}
            onRetry={() => {
              void status.refetch()
              void current.refetch()
            }}
          />
        )}
      </Threshold>
    )
  }
  // Screens read who is signed in from the session, so they wait until it is there.
  if (open && officer && !officer.mustChangePin) return kept ? children : null
  return (
    <Threshold training={training} officeName={officeName}>
      {status.data.state === 'none' && (status.data.provisionWaits ? <ProvisionedOffice /> : <FirstRun />)}
      {status.data.state === 'locked' && <Unlock />}
      {open && (officer ? <FirstPin /> : <PickOfficer status={status.data} />)}
    </Threshold>
  )
}
