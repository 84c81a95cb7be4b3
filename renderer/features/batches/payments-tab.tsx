import { Badge, Button, Group, Select, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { PaymentState } from '../../../shared/model/payment.ts'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { nothingSelected, type Selection } from '../../components/data-table/selection.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { StateBadge, useStateWord } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage, PaymentRow } from './answers.ts'
import { ChosenPayments } from './chosen-payments.tsx'
import { useReasonWords } from './reason-words.ts'
import { useSavePayments } from './save-payments.ts'

/** Every payment of the batch. */
export function PaymentsTab({ page: { batch, totals } }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const word = useStateWord()
  const api = useApi()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [state, setState] = useState<PaymentState | null>(null)
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const { save, saving } = useSavePayments()
  const columns = useColumns()
  const filter = useMemo(
    () => ({
      batchId: batch.id,
      ...(state === null ? {} : { states: [state] }),
      ...(text === '' ? {} : { text }),
    }),
    [batch.id, state, text],
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
      id="batch-payments"
      label={t('payments.title')}
      columns={columns}
      source={source}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({ pathname: `/batches/${batch.id}/payments/${id}`, search: location.hash.split('?')[1] ?? '' })
      }
      height={600}
      rowHeight={54}
      selection={selection}
      onSelectionChange={setSelection}
      selectionActions={
        <ChosenPayments
          batch={batch}
          filter={filter}
          selection={selection}
          onDone={() => setSelection(nothingSelected)}
        />
      }
      toolbar={
        <>
          <SearchField value={text} onSearch={setText} label={t('payments.search')} width={240} />
          <Select
            aria-label={t('payments.state')}
            placeholder={t('payments.everyState')}
            data={totals.map((one) => ({
              value: one.state,
              label: `${word('payment', one.state)} (${format.number(one.count)})`,
            }))}
            value={state}
            onChange={(value) => {
              setSelection(nothingSelected)
              setState(PaymentState.safeParse(value).data ?? null)
            }}
            clearable
            allowDeselect
            w={240}
          />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            loading={saving}
            onClick={() => void save(filter, batch.name)}
          >
            {t('payments.saveCsv')}
          </Button>
        </>
      }
      empty={<EmptyState title={t('payments.none')} description={t('payments.noneHint')} />}
    />
  )
}

function useColumns(): readonly Column<PaymentRow>[] {
  const { t } = useTranslation('batches')
  const reasonWords = useReasonWords()
  return useMemo(
    () => [
      {
        key: 'payee',
        header: t('columns.payee'),
        width: 190,
        grow: 1.6,
        fixed: true,
        narrow: 'title',
        render: ({ payeeName, registrantName, registrantId, payeeId }) => (
          <div style={{ minWidth: 0 }}>
            <Text truncate fw={540} lh={1.35}>
              <bdi>{payeeName || registrantName}</bdi>
            </Text>
            {registrantId !== payeeId && (
              <Text truncate size="xs" c="dimmed" lh={1.3}>
                <bdi>{registrantName}</bdi>
              </Text>
            )}
          </div>
        ),
      },
      {
        key: 'address',
        header: t('columns.address'),
        width: 170,
        render: ({ payeeAddressHint }) => (
          <Text truncate size="sm" className="office-figures">
            <bdi dir="ltr">{payeeAddressHint}</bdi>
          </Text>
        ),
      },
      {
        key: 'amount',
        header: t('columns.amount'),
        width: 130,
        align: 'end',
        render: ({ amount, currency }) => <Money minor={amount} currency={currency} />,
      },
      {
        key: 'paid',
        header: t('columns.amountPaid'),
        width: 130,
        align: 'end',
        narrow: 'hidden',
        render: ({ amountPaid, currency }) => <Money minor={amountPaid} currency={currency} />,
      },
      {
        key: 'state',
        header: t('columns.state'),
        width: 230,
        narrow: 'trailing',
        render: ({ state, held }) => (
          <Group gap={4} wrap="nowrap">
            <StateBadge kind="payment" state={state} />
            {held && (
              <Badge variant="outline" color="ochre" size="sm" tt="none" radius="sm">
                {t('held')}
              </Badge>
            )}
          </Group>
        ),
      },
      {
        key: 'reason',
        header: t('columns.reason'),
        width: 220,
        grow: 2.4,
        render: (payment) => (
          <Text size="sm" lineClamp={2} lh={1.3} title={reasonWords(payment)}>
            {reasonWords(payment)}
          </Text>
        ),
      },
    ],
    [t, reasonWords],
  )
}
