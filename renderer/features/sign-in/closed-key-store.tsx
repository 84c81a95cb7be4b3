import { Anchor, Button, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useTraining } from './first-run.tsx'
import { RecoverOffice } from './recover-office.tsx'

type KeyStoreFault = Awaited<ReturnType<Api['setup']['status']['ask']>>['keyStoreFault']

/** Before an office whose key lies in the key store of the system: asks that once more, or takes the recovery key. */
export function ClosedKeyStore({ fault }: { fault: KeyStoreFault }) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const training = useTraining()
  const [recovering, setRecovering] = useState(false)
  const open = useMutation({
    ...api.setup.openByKeyStore.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  if (recovering) return <RecoverOffice onBack={() => setRecovering(false)} />
  const wrong = open.error ?? training.error ?? fault
  return (
    <Stack>
      <div>
        <Title order={1}>{t('unlock.title')}</Title>
        <Text c="dimmed">{t(fault === null ? 'keyStore.closed' : 'keyStore.lost')}</Text>
      </div>
      {wrong && <FaultMessage fault={wrong} onAction={() => setRecovering(true)} />}
      {fault !== null && (
        <Button size="md" onClick={() => setRecovering(true)}>
          {t('backups:recover.link')}
        </Button>
      )}
      <Button
        size="md"
        variant={fault === null ? 'filled' : 'default'}
        loading={open.isPending}
        onClick={() => open.mutate(undefined)}
      >
        {t(fault === null ? 'unlock.open' : 'keyStore.again')}
      </Button>
      {fault === null && (
        <Anchor component="button" type="button" c="dimmed" onClick={() => setRecovering(true)}>
          {t('backups:recover.link')}
        </Anchor>
      )}
      <Anchor component="button" type="button" c="dimmed" onClick={() => training.mutate(undefined)}>
        {t('unlock.training')}
      </Anchor>
    </Stack>
  )
}
