import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCloudCheck, IconCloudUp, IconPlugConnected } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { CentralOverview } from '../../../shared/contract/central.ts'
import { centralSentence, resultWords, totalOf } from '../../components/central/central-words.ts'
import { SyncNow } from '../../components/central/sync-now.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useSession } from '../../state/session.ts'

interface StandingProps {
  overview: CentralOverview
  onChanged: () => void
}

/** How far the office and the central server are together. */
export function Standing({ overview, onChanged }: StandingProps) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const { status, unsent, waiting } = overview
  const { training } = useSession()
  const sentence = centralSentence(t, format, overview, training)
  const { firstFill, lastResult, lastContactAt, fault } = status
  const total = unsent === null ? undefined : totalOf(unsent)
  const allThere = total === 0 && waiting.refused === 0
  return (
    <Stack>
      {status.stopped.length > 0 && (
        <Anchor component={Link} to="/central/attention" fw={600}>
          {t('standing.stopped')}
        </Anchor>
      )}
      {firstFill && (
        <ProgressPanel title={t('standing.firstFill')} done={firstFill.done} total={firstFill.total} canBeLeft />
      )}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <StatCard
          label={t('standing.notThere')}
          icon={allThere ? IconCloudCheck : IconCloudUp}
          value={total === undefined ? undefined : format.number(total)}
          tone={allThere ? 'good' : 'plain'}
          detail={
            unsent?.oldestAt
              ? t('standing.oldest', { when: format.ago(unsent.oldestAt) })
              : waiting.refused > 0
                ? t('attention.refusals', { count: waiting.refused })
                : allThere && t('standing.allThere')
          }
        />
        <StatCard
          label={t('standing.batches')}
          value={unsent === null ? undefined : format.number(unsent.batches)}
          detail={t('standing.batchesMeaning')}
        />
        <StatCard
          label={t('standing.people')}
          value={unsent === null ? undefined : format.number(unsent.people)}
          detail={t('standing.peopleMeaning')}
        />
      </SimpleGrid>
      <Section title={t('standing.contact')} {...(sentence ? { description: sentence.words } : {})}>
        <Stack>
          <FactList
            facts={[
              { name: t('standing.server'), value: <bdi dir="ltr">{status.host}</bdi> },
              { name: t('standing.district'), value: <bdi dir="ltr">{status.district}</bdi> },
              {
                name: t('standing.lastContact'),
                value: lastContactAt === null ? t('contact.never') : <MomentText at={lastContactAt} />,
              },
              {
                name: t('standing.lastResult'),
                value: lastResult && resultWords(t, format, lastResult),
              },
            ]}
          />
          <SyncNow fault={fault} onDone={onChanged} />
          <Text size="sm" c="dimmed">
            <IconPlugConnected size={14} aria-hidden style={{ verticalAlign: 'text-bottom' }} /> {t('standing.meaning')}
          </Text>
        </Stack>
      </Section>
    </Stack>
  )
}
