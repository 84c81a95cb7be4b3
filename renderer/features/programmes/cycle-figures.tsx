import { Progress, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconCoins } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../components/chart.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge, useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import type { CycleView } from './answers.ts'

/** A cycle's money: against ceiling and fund, by state of entitlement and of payment. */
export function CycleFigures({ view }: { view: CycleView }) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const word = useStateWord()
  const { facts, cycle, fund, currency, entitlements, payments } = view
  const drafts = entitlements.find(({ state }) => state === 'draft')?.sum ?? 0
  const own = [
    { label: t('figures.granted'), value: facts.grantedSum, colour: 'moss' },
    { label: t('figures.pending'), value: facts.pendingSum, colour: 'ochre' },
    { label: t('figures.drafts'), value: drafts, colour: 'gray' },
  ]
  return (
    <Stack>
      <Section title={t('figures.budget')}>
        <Stack>
          <BudgetBar label={t('fields.ceiling')} limit={cycle.ceiling} parts={own} currency={currency} />
          <BudgetBar
            label={t('fields.fund')}
            limit={fund}
            parts={[{ label: t('figures.elsewhere'), value: facts.grantedElsewhere, colour: 'slate' }, ...own]}
            currency={currency}
          />
        </Stack>
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('figures.payments')}>
          {payments.length === 0 ? (
            <EmptyState icon={IconCoins} title={t('figures.noPayments')} />
          ) : (
            <Chart
              kind="donut"
              title={t('figures.payments')}
              items={payments.map(({ state, count }) => ({
                label: word('payment', state),
                value: count,
                colour: lookOf('payment', state).colour,
              }))}
            />
          )}
        </Section>
        <Section title={t('figures.byState')} flush>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('fields.state')}</Table.Th>
                <Table.Th ta="end">{t('fields.count')}</Table.Th>
                <Table.Th ta="end">{t('fields.amount')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entitlements.map(({ state, count, sum }) => (
                <Table.Tr key={state}>
                  <Table.Td>
                    <StateBadge kind="entitlement" state={state} />
                  </Table.Td>
                  <Table.Td ta="end">{format.number(count)}</Table.Td>
                  <Table.Td ta="end">
                    <Money minor={sum} currency={currency} />
                  </Table.Td>
                </Table.Tr>
              ))}
              {payments.map(({ state, count, sum }) => (
                <Table.Tr key={`payment ${state}`}>
                  <Table.Td>
                    <StateBadge kind="payment" state={state} />
                  </Table.Td>
                  <Table.Td ta="end">{format.number(count)}</Table.Td>
                  <Table.Td ta="end">
                    <Money minor={sum} currency={currency} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

interface BudgetBarProps {
  label: string
  limit: number | null
  parts: readonly { readonly label: string; readonly value: number; readonly colour: string }[]
  currency: string
}

/** Sums against a limit; what goes beyond it is said, not only drawn. */
function BudgetBar({ label, limit, parts, currency }: BudgetBarProps) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const sum = parts.reduce((all, { value }) => all + value, 0)
  const whole = Math.max(limit ?? sum, sum, 1)
  const over = limit === null ? 0 : Math.max(0, sum - limit)
  const words = parts
    .filter(({ value }) => value > 0)
    .map((part) => t('figures.part', { label: part.label, sum: format.money(part.value, currency) }))
  return (
    <div>
      <Text fw={600}>
        {limit === null
          ? t('figures.unlimited', { label, sum: format.money(sum, currency) })
          : t('figures.limited', { label, sum: format.money(sum, currency), limit: format.money(limit, currency) })}
      </Text>
      <Progress.Root size={14} role="img" aria-label={format.list(words)} my={4}>
        {parts.map((part) => (
          <Progress.Section key={part.label} value={(part.value / whole) * 100} color={part.colour} withAria={false} />
        ))}
      </Progress.Root>
      <Text size="sm" c={over > 0 ? 'brick' : 'dimmed'}>
        {over > 0 ? t('figures.over', { sum: format.money(over, currency) }) : format.list(words)}
      </Text>
    </div>
  )
}
