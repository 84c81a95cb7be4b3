import { Button, Select } from '@mantine/core'
import { IconChecks, IconQrcode } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableHead, PayTableRow } from '../../../../shared/contract/pay-table.ts'
import type { PayTableStanding } from '../../../../shared/rules/pay-table.ts'
import { useApi } from '../../../api/provider.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import type { RowSource } from '../../../components/data-table/pages.ts'
import { isSelected, nothingSelected, type Selection } from '../../../components/data-table/selection.ts'
import { useDialog } from '../../../components/dialogs.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { notifyFault } from '../../../components/notify.tsx'
import { SearchField } from '../../../components/search-field.tsx'
import { useMay } from '../../../state/session.ts'
import { useTableColumns } from './table-columns.tsx'
import { TABLE_KINDS, useAllRows } from './table-rows.ts'
import { TickDialog } from './tick-dialog.tsx'
import { VoucherScanner } from './voucher-scanner.tsx'

interface TickTabProps {
  head: PayTableHead
  standings: readonly PayTableStanding[]
}

/** The list at the pay table: who comes is looked up by name or number, and ticked. */
export function TickTab({ head, standings }: TickTabProps) {
  const { t } = useTranslation('pay-table')
  const api = useApi()
  const show = useDialog()
  const mayTick = useMay('clerk', 'approver') && !standings.includes('settled')
  const readAll = useAllRows()
  const columns = useTableColumns(head.currency)
  const [text, setText] = useState('')
  const [standing, setStanding] = useState<PayTableStanding | null>(null)
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const { batchId } = head
  const filter = useMemo(
    () => ({
      batchId,
      standings: standing === null ? [...standings] : [standing],
      ...(text === '' ? {} : { text }),
    }),
    [batchId, standings, standing, text],
  )
  const source = useMemo<RowSource<PayTableRow>>(
    () => ({
      queryKey: ['pay-table', filter],
      kinds: TABLE_KINDS,
      fetchPage: ({ offset, limit }, signal) => api.payTable.page.ask({ ...filter, offset, limit }, signal),
    }),
    [api, filter],
  )
  const open = (rows: readonly PayTableRow[], voucherSeen = false): Promise<true | undefined> =>
    show<true>((close) => <TickDialog head={head} rows={rows} voucherSeen={voucherSeen} onClose={close} />)
  const scan = async (): Promise<void> => {
    const row = await show<PayTableRow>((close) => (
      <VoucherScanner
        onCode={async (code) => close(await api.payTable.findVoucher.ask({ batchId, code }))}
        onClose={() => close()}
      />
    ))
    if (row !== undefined) await open([row], true)
  }
  const tickChosen = async (): Promise<void> => {
    try {
      const chosen = (await readAll(filter)).filter(({ paymentId }) => isSelected(selection, paymentId))
      // Who has the money already is not ticked once more with the others.
      const others = chosen.filter(({ standing: stands }) => stands !== 'collected')
      const rows = others.length === 0 ? chosen : others
      if (rows.length > 0 && (await open(rows))) setSelection(nothingSelected)
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <DataTable
      id="pay-table"
      label={t('title')}
      columns={columns}
      source={source}
      rowId={({ paymentId }) => paymentId}
      {...(mayTick
        ? {
            onOpen: (row: PayTableRow) => void open([row]),
            selection,
            onSelectionChange: setSelection,
            selectionActions: (
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<IconChecks size={15} />}
                onClick={() => void tickChosen()}
              >
                {t('tick.chosen')}
              </Button>
            ),
          }
        : {})}
      height={560}
      rowHeight={54}
      toolbar={
        <>
          <SearchField value={text} onSearch={setText} label={t('search')} width={280} />
          {mayTick && head.vouchers && (
            <Button variant="default" leftSection={<IconQrcode size={16} />} onClick={() => void scan()}>
              {t('scan.action')}
            </Button>
          )}
          {standings.length > 1 && (
            <Select
              aria-label={t('columns.standing')}
              placeholder={t('everybody')}
              data={standings.map((one) => ({ value: one, label: t(`standing.${one}`) }))}
              value={standing}
              onChange={(value) => {
                setSelection(nothingSelected)
                setStanding(standings.find((one) => one === value) ?? null)
              }}
              clearable
              allowDeselect
              w={220}
            />
          )}
        </>
      }
      empty={<EmptyState title={t('empty.none')} description={t(text === '' ? 'empty.allDone' : 'empty.nobody')} />}
    />
  )
}
