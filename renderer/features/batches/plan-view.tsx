import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { Section } from '../../components/section.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { Plan } from './answers.ts'
import { FindingGroups } from './finding-groups.tsx'
import { Obstacles } from './obstacles.tsx'

/** What preparing would make: payments by tag, who stays out and why, and what stands in the way of all. */
export function PlanView({ plan, onPrepare }: { plan: Plan; onPrepare: () => void }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const may = useMay('clerk')
  const { currency } = plan
  const tags = [...Map.groupBy(plan.batches, ({ tagName }) => tagName)].map(([tagName, batches]) => ({
    tagName,
    batches: batches.length,
    count: batches.reduce((sum, { count }) => sum + count, 0),
    sum: batches.reduce((sum, batch) => sum + batch.sum, 0),
  }))
  const count = tags.reduce((sum, tag) => sum + tag.count, 0)
  const sum = tags.reduce((all, tag) => all + tag.sum, 0)
  const blocked = plan.blocked.reduce((all, group) => all + group.count, 0)
  const blockedSum = plan.blocked.reduce((all, group) => all + group.sum, 0)
  const possible = may && plan.obstacles.length === 0 && count + blocked > 0
  useShortcut(
    { keys: 'mod+enter', label: t('plan.prepare', { count, number: format.number(count) }), run: onPrepare },
    possible,
  )

  if (count + blocked === 0 && plan.obstacles.length === 0) {
    return <EmptyState icon={IconCircleCheck} title={t('plan.nothing')} description={t('plan.nothingHint')} />
  }
  return (
    <Stack>
      <Obstacles obstacles={plan.obstacles} />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <StatCard label={t('plan.payments')} value={format.number(count)} />
        <StatCard label={t('plan.sum')} value={<Money minor={sum} currency={currency} />} />
        <StatCard label={t('plan.batches')} value={format.number(plan.batches.length)} />
        <StatCard
          label={t('plan.blocked')}
          value={format.number(blocked)}
          tone={blocked > 0 ? 'attention' : 'plain'}
          {...(blocked > 0 ? { detail: <Money minor={blockedSum} currency={currency} /> } : {})}
        />
      </SimpleGrid>
      <Group justify="flex-end" gap="md">
        {!may && <Text c="dimmed">{t('plan.clerkOnly')}</Text>}
        {plan.obstacles.length > 0 && <Text c="dimmed">{t('plan.removeObstacles')}</Text>}
        <Button size="md" disabled={!possible} onClick={onPrepare}>
          {count > 0
            ? t('plan.prepare', { count, number: format.number(count) })
            : t('plan.keepBlocked', { count: blocked, number: format.number(blocked) })}
        </Button>
      </Group>
      {tags.length > 0 && (
        <Section title={t('plan.byTag')} flush>
          <Table.ScrollContainer minWidth={380}>
            <Table verticalSpacing="xs" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('plan.tag')}</Table.Th>
                  <Table.Th ta="end">{t('plan.batches')}</Table.Th>
                  <Table.Th ta="end">{t('plan.payments')}</Table.Th>
                  <Table.Th ta="end">{t('plan.sum')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody className="office-figures">
                {tags.map((tag) => (
                  <Table.Tr key={tag.tagName}>
                    <Table.Td>
                      <bdi>{tag.tagName}</bdi>
                    </Table.Td>
                    <Table.Td ta="end">{format.number(tag.batches)}</Table.Td>
                    <Table.Td ta="end">{format.number(tag.count)}</Table.Td>
                    <Table.Td ta="end">
                      <Money minor={tag.sum} currency={currency} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Section>
      )}
      {plan.blocked.length > 0 && (
        <Section title={t('plan.blockedTitle')} description={t('plan.blockedHint')} flush>
          <FindingGroups groups={plan.blocked} currency={currency} />
        </Section>
      )}
    </Stack>
  )
}
