import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { submissionStates } from '../../../shared/contract/odk.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type Connector, peopleKinds } from './answers.ts'

/** What came in from a form, and what Central says is still to come. */
export function FormStanding({ connector }: { connector: Connector }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const confirm = useConfirm()
  const may = useMay('administrator')
  const connectorId = connector.id
  const counts = useQuery(api.odk.counts.queryOptions({ connectorId }, { kinds: peopleKinds, keepPrevious: true }))
  const ask = useMutation({ mutationFn: () => api.odk.ask.ask({ connectorId }) })
  const rescan = async (): Promise<void> => {
    const sure = await confirm({
      title: t('form.rescanTitle'),
      body: t('form.rescanMeaning'),
      confirmLabel: t('form.rescan'),
    })
    if (sure) await api.odk.rescan.run({ connectorId }).then(() => notifyDone(t('form.rescanned')), notifyFault)
  }
  return (
    <Section
      title={t('form.standing')}
      description={t('form.standingMeaning')}
      actions={
        <>
          {may && (
            <Button size="xs" variant="default" onClick={() => void rescan()}>
              {t('form.rescan')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconMessageQuestion size={14} />}
            loading={ask.isPending}
            onClick={() => ask.mutate()}
          >
            {t('form.ask')}
          </Button>
        </>
      }
    >
      <Stack>
        {ask.error && <FaultMessage fault={ask.error} />}
        {ask.data && (
          <Group gap={6} role="status">
            <Text>
              {ask.data.count === 0
                ? t('form.nothingNew')
                : t('form.toCome', { count: ask.data.count, number: format.number(ask.data.count) })}
            </Text>
            {ask.data.newest !== null && (
              <Text c="dimmed">
                {t('form.newest')} <MomentText at={Date.parse(ask.data.newest)} />
              </Text>
            )}
          </Group>
        )}
        <Answer query={counts}>
          {(known) => {
            const there = submissionStates.filter((state) => (known[state] ?? 0) > 0)
            return there.length === 0 ? (
              <Text c="dimmed">{t('form.nothingYet')}</Text>
            ) : (
              <SimpleGrid cols={{ base: 2, md: 4 }}>
                {there.map((state) => (
                  <StatCard
                    key={state}
                    label={t(`submissionStates.${state}`)}
                    value={format.number(known[state] ?? 0)}
                    tone={state === 'doubtful' ? 'attention' : 'plain'}
                    {...(state === 'doubtful' ? { to: '/tokens/doubts' } : {})}
                  />
                ))}
              </SimpleGrid>
            )
          }}
        </Answer>
      </Stack>
    </Section>
  )
}
