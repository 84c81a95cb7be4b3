import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'

/** The one switch that stops everything that leaves this office. */
export function Sending() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const confirm = useConfirm()
  const may = useMay('clerk', 'approver', 'administrator')
  const query = useQuery(api.dispatch.status.queryOptions(undefined, { every: 5_000 }))
  const stopAll = useMutation({ ...api.dispatch.stopAll.mutationOptions(), onSuccess: () => void query.refetch() })
  const toggle = async (stopped: boolean): Promise<void> => {
    const word = stopped ? 'stop' : 'goOn'
    const sure = await confirm({
      title: t(`sending.${word}`),
      body: t(`sending.${word}Meaning`),
      confirmLabel: t(`sending.${word}`),
      dangerous: stopped,
    })
    if (sure) stopAll.mutate({ stopped })
  }
  return (
    <Section title={t('sections.sending')} description={t('sending.meaning')}>
      <Answer query={query}>
        {({ stopped }) => (
          <Stack>
            <Alert color={stopped ? 'brick' : 'moss'} role="status">
              <Text fw={600}>{t(stopped ? 'sending.stopped' : 'sending.running')}</Text>
              {t(stopped ? 'sending.stoppedMeaning' : 'sending.runningMeaning')}
            </Alert>
            {stopAll.error && <FaultMessage fault={stopAll.error} />}
            {may && (
              <Group>
                <Button
                  color={stopped ? 'spruce' : 'brick'}
                  leftSection={stopped ? <IconPlayerPlay size={16} /> : <IconHandStop size={16} />}
                  loading={stopAll.isPending}
                  onClick={() => void toggle(!stopped)}
                >
                  {t(stopped ? 'sending.goOn' : 'sending.stop')}
                </Button>
              </Group>
            )}
          </Stack>
        )}
      </Answer>
    </Section>
  )
}
