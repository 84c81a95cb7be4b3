import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { useApi } from '../../api/provider.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { loadFirstScreens } from '../../components/shell/office-frame.tsx'
import { setSession, useSession } from '../../state/session.ts'
import { ClosedKeyStore } from './closed-key-store.tsx'
import { FirstPin } from './first-pin.tsx'
import { FirstRecoveryKey } from './first-recovery-key.tsx'
import { FirstRun } from './first-run.tsx'
import type { FirstKey } from './new-office.tsx'
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
  const retired = Boolean(status.data?.retired)
  // Between the set-up of an office and its first screen; the key is kept nowhere else.
  const [firstKey, setFirstKey] = useState<FirstKey>('none')
  const kept = useSession((session) => session.officer)
  useWatchSession(officer?.id)
  // After what stands before the office is on the screen.
  useEffect(() => {
    if (open) loadFirstScreens()
  }, [open])
  useLayoutEffect(
    () => setSession({ officer, training, officeName, retired }),
    [officer, training, officeName, retired],
  )

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
  if (firstKey !== 'none') {
    return (
      <Threshold officeName={officeName} waiting={firstKey === 'made'}>
        {firstKey !== 'made' && <FirstRecoveryKey text={firstKey.text} onDone={() => setFirstKey('none')} />}
      </Threshold>
    )
  }
  // Screens read who is signed in from the session, so they wait until it is there.
  if (open && officer && !officer.mustChangePin) return kept ? children : null
  return (
    <Threshold training={training} officeName={officeName}>
      {status.data.state === 'none' &&
        (status.data.provisionWaits ? <ProvisionedOffice /> : <FirstRun onFirstKey={setFirstKey} />)}
      {status.data.state === 'locked' &&
        (status.data.opensBy === 'key-store' ? <ClosedKeyStore fault={status.data.keyStoreFault} /> : <Unlock />)}
      {open && (officer ? <FirstPin /> : <PickOfficer status={status.data} />)}
    </Threshold>
  )
}
