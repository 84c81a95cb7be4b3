import { Anchor, Button, Table } from '@mantine/core'
import { IconSend, IconStack2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { BatchState } from '../../../shared/model/batch.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { CycleView } from './answers.ts'

/** The batches in which a cycle is paid. */
export function CycleBatches({ view }: { view: CycleView }) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const { cycle, batches, currency, facts } = view
  const mayPrepare = useMay('clerk') && cycle.state === 'approved' && facts.granted > 0
  const prepare = mayPrepare && (
    <Button component={Link} to={`/batches/prepare/${cycle.id}`} leftSection={<IconSend size={16} />}>
      {t('steps.prepare')}
    </Button>
  )
  return (
    <Section title={t('tabs.batches')} actions={batches.length > 0 && prepare} flush>
      {batches.length === 0 ? (
        <EmptyState
          icon={IconStack2}
          title={t('batches.empty')}
          description={t('batches.emptyMeaning')}
          action={prepare}
        />
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('fields.batch')}</Table.Th>
              <Table.Th>{t('fields.state')}</Table.Th>
              <Table.Th>{t('fields.tag')}</Table.Th>
              <Table.Th ta="end">{t('fields.payments')}</Table.Th>
              <Table.Th ta="end">{t('fields.amount')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {batches.map((batch) => {
              const state = BatchState.safeParse(batch.state)
              return (
                <Table.Tr key={batch.id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/batches/${batch.id}`}>
                      <bdi>{batch.name}</bdi>
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{state.success && <StateBadge kind="batch" state={state.data} />}</Table.Td>
                  <Table.Td>
                    <bdi>{batch.tagName}</bdi>
                  </Table.Td>
                  <Table.Td ta="end">{format.number(batch.count)}</Table.Td>
                  <Table.Td ta="end">
                    <Money minor={batch.sum} currency={currency} />
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}
