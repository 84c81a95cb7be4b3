import { Anchor, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { RunView } from '../../../shared/contract/tokenisation.ts'
import { MomentText } from '../../components/moment-text.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'

/** A run in one line: how it stands, since when, and what came of it. */
export function RunSummary({ run }: { run: RunView }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { tokenised, refused, unanswered, skipped, people } = run.counts
  const parts = [
    t('runs.people', { count: people, number: format.number(people) }),
    ...(tokenised > 0 ? [t('runs.tokenised', { number: format.number(tokenised) })] : []),
    ...(refused > 0 ? [t('runs.refused', { number: format.number(refused) })] : []),
    ...(unanswered > 0 ? [t('runs.unanswered', { number: format.number(unanswered) })] : []),
    ...(skipped > 0 ? [t('runs.skipped', { number: format.number(skipped) })] : []),
  ]
  return (
    <Group gap="xs" mt={4}>
      <StateBadge kind="tokenRun" state={run.state} size="sm" />
      <Text size="sm">
        <Anchor component={Link} to={`/tokens/runs/${run.id}`} inherit>
          <MomentText at={run.startedAt} />
        </Anchor>
        {' · '}
        {parts.join(' · ')}
      </Text>
    </Group>
  )
}
