import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableRow } from '../../../../shared/contract/pay-table.ts'
import type { Column } from '../../../components/data-table/columns.ts'
import { Money } from '../../../components/money.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { StandingBadge } from './standing-badge.tsx'
import { useTickWords } from './tick-words.ts'

/** What the lists of a pay table show. */
export function useTableColumns(currency: string): readonly Column<PayTableRow>[] {
  const { t } = useTranslation('pay-table')
  const format = useFormat()
  const words = useTickWords()
  return useMemo(
    () => [
      {
        key: 'number',
        header: t('columns.number'),
        width: 70,
        align: 'end',
        render: ({ number }) => <span className="office-figures">{format.number(number)}</span>,
      },
      {
        key: 'payee',
        header: t('columns.payee'),
        width: 200,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ payeeName, registrantName }) => (
          <div style={{ minWidth: 0 }}>
            <Text truncate fw={540} lh={1.35}>
              <bdi>{payeeName || registrantName}</bdi>
            </Text>
            {registrantName !== payeeName && payeeName !== '' && (
              <Text truncate size="xs" c="dimmed" lh={1.3}>
                <bdi>{registrantName}</bdi>
              </Text>
            )}
          </div>
        ),
      },
      {
        key: 'amount',
        header: t('columns.amount'),
        width: 130,
        align: 'end',
        render: ({ amount }) => <Money minor={amount} currency={currency} />,
      },
      {
        key: 'standing',
        header: t('columns.standing'),
        width: 190,
        narrow: 'trailing',
        render: (row) => <StandingBadge row={row} />,
      },
      {
        key: 'tick',
        header: t('columns.tick'),
        width: 240,
        grow: 2,
        render: (row) => (
          <Text size="sm" lineClamp={2} lh={1.3} title={words(row)}>
            {words(row)}
          </Text>
        ),
      },
    ],
    [t, format, words, currency],
  )
}
