import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { ClosedOffice } from './closed-office.tsx'

type KeyStoreFault = Awaited<ReturnType<Api['setup']['status']['ask']>>['keyStoreFault']

/** Before an office whose key lies in the key store of the system: asks that once more, or takes the recovery key. */
export function ClosedKeyStore({ fault }: { fault: KeyStoreFault }) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const open = useMutation({
    ...api.setup.openByKeyStore.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  const isLost = fault !== null
  return (
    <ClosedOffice subtitle={t(isLost ? 'keyStore.lost' : 'keyStore.closed')} recovers={!isLost}>
      {(recover, training) => {
        const wrong = open.error ?? training.error ?? fault
        return (
          <>
            {wrong && <FaultMessage fault={wrong} onAction={recover} />}
            {isLost && (
              <Button size="md" onClick={recover}>
                {t('backups:recover.link')}
              </Button>
            )}
            <Button
              size="md"
              variant={isLost ? 'default' : 'filled'}
              loading={open.isPending}
              onClick={() => open.mutate(undefined)}
            >
              {t(isLost ? 'keyStore.again' : 'unlock.open')}
            </Button>
          </>
        )
      }}
    </ClosedOffice>
  )
}
