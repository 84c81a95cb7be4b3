import { Anchor, Button, Select, Text } from '@mantine/core'
import { IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ruleCodes } from '../../../shared/rules/codes.ts'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { PaymentRow } from './answers.ts'
import { fixLink } from './links.ts'
import { sentenceOf, useReasonWords } from './reason-words.ts'
import { useSavePayments } from './save-payments.ts'

interface BlockedListProps {
  cycleId: string
  cycleName: string
  reasons: readonly { readonly code: string; readonly count: number }[]
}

/** The payments of a cycle that cannot be made, with the reason and where to mend it. */
export function BlockedList({ cycleId, cycleName, reasons }: BlockedListProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const [text, setText] = useState('')
  const [reasonCode, setReasonCode] = useState<string | null>(null)
  const { save, saving } = useSavePayments()
  const columns = useColumns(cycleId)
  const filter = useMemo(
    () => ({
      cycleId,
      states: ['blocked' as const],
      ...(reasonCode === null ? {} : { reasonCode }),
      ...(text === '' ? {} : { text }),
    }),
    [cycleId, reasonCode, text],
  )
  const source = useMemo<RowSource<PaymentRow>>(
    () => ({
      queryKey: ['payments', filter],
      kinds: ['payment'],
      fetchPage: ({ offset, limit }, signal) => api.batches.payments.ask({ ...filter, offset, limit }, signal),
    }),
    [api, filter],
  )
  return (
    <DataTable
      id="blocked-payments"
      label={t('blocked.title')}
      columns={columns}
      source={source}
      rowId={({ id }) => id}
      height={560}
      rowHeight={52}
      toolbar={
        <>
          <SearchField value={text} onSearch={setText} label={t('payments.search')} width={240} />
          <Select
            aria-label={t('blocked.reason')}
            placeholder={t('blocked.everyReason')}
            data={reasons.map(({ code, count }) => ({
              value: code,
              label: `${sentenceOf(t, code)} (${format.number(count)})`,
            }))}
            value={reasonCode}
            onChange={setReasonCode}
            clearable
            allowDeselect
            w={320}
            comboboxProps={{ width: 460, position: 'bottom-start' }}
          />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            loading={saving}
            onClick={() => void save(filter, t('blocked.fileName', { cycle: cycleName }))}
          >
            {t('payments.saveCsv')}
          </Button>
        </>
      }
      empty={<EmptyState icon={IconCircleCheck} title={t('blocked.none')} description={t('blocked.noneHint')} />}
    />
  )
}

/** Where a blocked payment is mended: most often in the record of the registrant. */
function FixLink({ payment, cycleId }: { payment: PaymentRow; cycleId: string }) {
  const { t } = useTranslation('batches')
  const entry = Object.entries(ruleCodes).find(([code]) => code === payment.reasonCode)?.[1]
  const fix =
    entry?.action === 'open-settings'
      ? ({ kind: 'manager', id: payment.managerId } as const)
      : /^(amount|currency)\.|entitlement|currency-mismatch/.test(payment.reasonCode)
        ? ({ kind: 'cycle', id: cycleId } as const)
        : ({ kind: 'registrant', id: payment.registrantId } as const)
  return (
    <Anchor component={Link} to={fixLink(fix)} size="sm">
      {t(`fix.${fix.kind}`)}
    </Anchor>
  )
}

function useColumns(cycleId: string): readonly Column<PaymentRow>[] {
  const { t } = useTranslation('batches')
  const reasonWords = useReasonWords()
  return useMemo(
    () => [
      {
        key: 'registrant',
        header: t('columns.holder'),
        width: 190,
        fixed: true,
        narrow: 'title',
        render: ({ registrantName }) => (
          <Text truncate fw={540}>
            <bdi>{registrantName}</bdi>
          </Text>
        ),
      },
      {
        key: 'reason',
        header: t('columns.reason'),
        width: 320,
        grow: 3,
        render: (payment) => (
          <Text size="sm" lineClamp={2} title={reasonWords(payment)}>
            {reasonWords(payment)}
          </Text>
        ),
      },
      {
        key: 'amount',
        header: t('columns.amount'),
        width: 130,
        align: 'end',
        narrow: 'trailing',
        render: ({ amount, currency }) => <Money minor={amount} currency={currency} />,
      },
      {
        key: 'fix',
        header: t('columns.fix'),
        width: 150,
        render: (payment) => <FixLink payment={payment} cycleId={cycleId} />,
      },
    ],
    [t, reasonWords, cycleId],
  )
}
