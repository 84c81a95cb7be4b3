import { Alert, Stack, Text, Title } from '@mantine/core'
import { IconBuildingCommunity, IconDatabaseImport, IconFileCheck, IconSchool } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Choice } from './choice.tsx'
import { type FirstKey, NewOffice } from './new-office.tsx'
import { RestoreBackup } from './restore-backup.tsx'

/** The very first start: learn with invented people, set up the real office, or bring one back. */
export function FirstRun({ onFirstKey }: { onFirstKey: (key: FirstKey) => void }) {
  const { t } = useTranslation('sign-in')
  const [way, setWay] = useState<'new' | 'restore'>()
  const training = useTraining()
  if (way === 'new') return <NewOffice onBack={() => setWay(undefined)} onFirstKey={onFirstKey} />
  if (way === 'restore') return <RestoreBackup onBack={() => setWay(undefined)} />
  return (
    <Stack>
      <div>
        <Title order={1}>{t('first.title')}</Title>
        <Text c="dimmed">{t('first.subtitle')}</Text>
      </div>
      <Choice
        icon={IconSchool}
        title={t('first.training')}
        description={training.isPending ? t('first.trainingOpens') : t('first.trainingDetail')}
        onClick={() => training.mutate(undefined)}
        disabled={training.isPending}
      />
      <Choice
        icon={IconBuildingCommunity}
        title={t('first.real')}
        description={t('first.realDetail')}
        onClick={() => setWay('new')}
        disabled={training.isPending}
      />
      <Choice
        icon={IconDatabaseImport}
        title={t('backups:restore.choice')}
        description={t('backups:restore.choiceMeaning')}
        onClick={() => setWay('restore')}
        disabled={training.isPending}
      />
      {training.error && <FaultMessage fault={training.error} />}
      <Alert variant="transparent" color="gray" icon={<IconFileCheck size={18} />} p={0}>
        {t('first.provisioning')}
      </Alert>
    </Stack>
  )
}

/** Opens the training office. */
export function useTraining() {
  const api = useApi()
  const queryClient = useQueryClient()
  return useMutation({
    ...api.setup.startTraining.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
}
