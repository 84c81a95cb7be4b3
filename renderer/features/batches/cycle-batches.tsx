import { Anchor, Button, Group, Table, Text } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { PaymentBar } from './payment-bar.tsx'
import { WaitingWords } from './waiting-words.tsx'

const SHOWN = 50

/** The batches of one cycle. */
export function CycleBatches({ cycleId }: { cycleId: string }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const batches = useQuery(
    api.batches.page.queryOptions(
      { offset: 0, limit: SHOWN, cycleId },
      { kinds: ['batch', 'payment', 'decision', 'submission'] },
    ),
  )
  return (
    <Answer query={batches}>
      {({ rows, total }) =>
        rows.length === 0 ? (
          <EmptyState icon={IconStack2} title={t('cycleBatches.none')} description={t('cycleBatches.noneHint')} />
        ) : (
          <div className="office-sheet">
            <Table.ScrollContainer minWidth={620}>
              <Table verticalSpacing="sm" horizontalSpacing="md">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('columns.name')}</Table.Th>
                    <Table.Th ta="end">{t('columns.payments')}</Table.Th>
                    <Table.Th ta="end">{t('columns.sum')}</Table.Th>
                    <Table.Th>{t('columns.state')}</Table.Th>
                    <Table.Th miw={130}>{t('columns.progress')}</Table.Th>
                    <Table.Th>{t('columns.waiting')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((batch) => (
                    <Table.Tr key={batch.id}>
                      <Table.Td>
                        <Anchor component={Link} to={`/batches/${batch.id}`} fw={560}>
                          <bdi>{batch.name}</bdi>
                        </Anchor>
                      </Table.Td>
                      <Table.Td ta="end" className="office-figures">
                        {format.number(batch.count)}
                      </Table.Td>
                      <Table.Td ta="end">
                        <Money minor={batch.sum} currency={batch.currency} />
                      </Table.Td>
                      <Table.Td>
                        <StateBadge kind="batch" state={batch.state} />
                      </Table.Td>
                      <Table.Td>
                        <PaymentBar counts={batch.counts} />
                      </Table.Td>
                      <Table.Td>
                        <WaitingWords batch={batch} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {total > rows.length && (
              <Group justify="space-between" p="md">
                <Text c="dimmed">
                  {t('cycleBatches.shown', { shown: format.number(rows.length), total: format.number(total) })}
                </Text>
                <Button component={Link} to={`/batches?cycle=${cycleId}`} size="xs" variant="default">
                  {t('cycleBatches.all')}
                </Button>
              </Group>
            )}
          </div>
        )
      }
    </Answer>
  )
}
