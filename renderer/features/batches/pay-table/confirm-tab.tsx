import { Alert, Button, Text } from '@mantine/core'
import { IconChecks, IconUserCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableHead, PayTableRow } from '../../../../shared/contract/pay-table.ts'
import { useApi } from '../../../api/provider.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import type { RowSource } from '../../../components/data-table/pages.ts'
import { isSelected, nothingSelected, type Selection } from '../../../components/data-table/selection.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { Money } from '../../../components/money.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { useAskPin } from '../../../components/pin-dialog.tsx'
import { SearchField } from '../../../components/search-field.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { useMay } from '../../../state/session.ts'
import { useTableColumns } from './table-columns.tsx'
import { TABLE_KINDS } from './table-rows.ts'

/** What another officer ticked: the second one compares it with the signed list and confirms, which settles the payments. */
export function ConfirmTab({ head }: { head: PayTableHead }) {
  const { t } = useTranslation('pay-table')
  const api = useApi()
  const format = useFormat()
  const askPin = useAskPin()
  const mayConfirm = useMay('clerk', 'approver', 'administrator') && head.confirmedBy === ''
  const { batchId, currency } = head
  const ready = useQuery(api.payTable.confirmable.queryOptions({ batchId }, { kinds: TABLE_KINDS, keepPrevious: true }))
  const columns = useTableColumns(currency)
  const [text, setText] = useState('')
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const filter = useMemo(
    () => ({ batchId, standings: ['collected' as const, 'absent' as const], ...(text === '' ? {} : { text }) }),
    [batchId, text],
  )
  const source = useMemo<RowSource<PayTableRow>>(
    () => ({
      queryKey: ['pay-table', filter],
      kinds: TABLE_KINDS,
      fetchPage: ({ offset, limit }, signal) => api.payTable.page.ask({ ...filter, offset, limit }, signal),
    }),
    [api, filter],
  )
  const own = ready.data === undefined ? 0 : head.totals.collected.count + head.totals.absent.count - ready.data.length
  const confirm = async (chosenOnly: boolean): Promise<void> => {
    try {
      const all = await api.payTable.confirmable.ask({ batchId })
      const ticks = chosenOnly ? all.filter(({ paymentId }) => isSelected(selection, paymentId)) : all
      if (ticks.length === 0) return
      const collected = ticks.filter(({ entry }) => entry === 'collected')
      const absent = ticks.length - collected.length
      const done = await askPin({
        title: t('confirm.title', { count: ticks.length, number: format.number(ticks.length) }),
        body: (
          <>
            <Text>
              {t('confirm.collected', { count: collected.length, number: format.number(collected.length) })}{' '}
              <Money minor={collected.reduce((sum, { amount }) => sum + amount, 0)} currency={currency} />
            </Text>
            {absent > 0 && <Text>{t('confirm.absent', { count: absent, number: format.number(absent) })}</Text>}
            <Text size="sm" c="dimmed" mt="xs">
              {t('confirm.meaning')}
            </Text>
          </>
        ),
        confirmLabel: t('confirm.deed'),
        run: (pin) =>
          api.payTable.confirm.run({
            batchId,
            ticks: ticks.map(({ paymentId, tickId }) => ({ paymentId, tickId })),
            pin,
          }),
      })
      if (done === undefined) return
      setSelection(nothingSelected)
      const { confirmed } = done.value
      notifyDone(t('confirm.done', { count: confirmed, number: format.number(confirmed) }))
    } catch (error) {
      notifyFault(error)
    }
  }
  const count = ready.data?.length ?? 0
  return (
    <>
      {own > 0 && (
        <Alert color="slate" mb="md">
          {t('confirm.own', { count: own, number: format.number(own) })}
        </Alert>
      )}
      <DataTable
        id="pay-table-confirm"
        label={t('tabs.confirm')}
        columns={columns}
        source={source}
        rowId={({ paymentId }) => paymentId}
        height={560}
        rowHeight={54}
        {...(mayConfirm
          ? {
              selection,
              onSelectionChange: setSelection,
              selectionActions: (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconUserCheck size={15} />}
                  onClick={() => void confirm(true)}
                >
                  {t('confirm.chosen')}
                </Button>
              ),
            }
          : {})}
        toolbar={
          <>
            <SearchField value={text} onSearch={setText} label={t('search')} width={280} />
            {mayConfirm && (
              <Button leftSection={<IconChecks size={16} />} disabled={count === 0} onClick={() => void confirm(false)}>
                {t('confirm.all', { count, number: format.number(count) })}
              </Button>
            )}
          </>
        }
        empty={<EmptyState icon={IconUserCheck} title={t('confirm.none')} description={t('confirm.noneHint')} />}
      />
    </>
  )
}
