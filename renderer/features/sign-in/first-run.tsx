import { Alert, Stack, Text, Title } from '@mantine/core'
import { IconBuildingCommunity, IconFileCheck, IconSchool } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Choice } from './choice.tsx'
import { NewOffice } from './new-office.tsx'

/** The very first start: learn with invented people, or set up the real office. */
export function FirstRun() {
  const { t } = useTranslation('sign-in')
  const [settingUp, setSettingUp] = useState(false)
  const training = useTraining()
  if (settingUp) return <NewOffice onBack={() => setSettingUp(false)} />
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
        onClick={() => setSettingUp(true)}
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
