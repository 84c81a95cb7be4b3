import { Button } from '@mantine/core'
import { IconCalendarEvent, IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type CycleRow, cycleKinds, type ProgrammeView } from './answers.ts'
import { CycleForm, nextCycle } from './cycle-form.tsx'

/** The cycles of a programme, the latest first. */
export function CyclesTab({ view }: { view: ProgrammeView }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const navigate = useNavigate()
  const format = useFormat()
  const show = useDialog()
  const { id, currency, state } = view.programme
  const mayCreate = useMay('clerk', 'administrator') && state === 'active'
  const source = useMemo<RowSource<CycleRow>>(
    () => ({
      queryKey: ['cycles', id],
      kinds: cycleKinds,
      fetchPage: async ({ offset, limit }, signal) => {
        const { cycles } = await api.programmes.programme.view.ask({ programmeId: id }, signal)
        return { rows: cycles.slice(offset, offset + limit), total: cycles.length }
      },
    }),
    [api, id],
  )
  const columns = useMemo<Column<CycleRow>[]>(
    () => [
      {
        key: 'name',
        header: t('fields.name'),
        width: 180,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ name }) => <bdi>{name}</bdi>,
      },
      {
        key: 'state',
        header: t('fields.state'),
        width: 150,
        narrow: 'trailing',
        render: (row) => <StateBadge kind="cycle" state={row.state} />,
      },
      {
        key: 'dates',
        header: t('fields.dates'),
        width: 210,
        render: ({ startDate, endDate }) => t('cycles.dates', { from: format.day(startDate), to: format.day(endDate) }),
      },
      {
        key: 'entitlements',
        header: t('fields.entitlements'),
        width: 110,
        align: 'end',
        render: ({ entitlements }) => format.number(entitlements),
      },
      {
        key: 'entitled',
        header: t('fields.entitled'),
        width: 150,
        align: 'end',
        render: ({ entitled }) => <Money minor={entitled} currency={currency} />,
      },
      {
        key: 'granted',
        header: t('fields.granted'),
        width: 150,
        align: 'end',
        render: ({ granted }) => <Money minor={granted} currency={currency} />,
      },
      {
        key: 'paid',
        header: t('fields.paid'),
        width: 150,
        align: 'end',
        render: ({ paid }) => <Money minor={paid} currency={currency} />,
      },
    ],
    [t, format, currency],
  )
  const create = async (): Promise<void> => {
    const made = await show<string>((close) => (
      <CycleForm
        title={t('cycles.new')}
        currency={currency}
        settings={nextCycle(view.cycles, format.locale)}
        onSubmit={async (settings) => (await api.programmes.cycles.create.run({ programmeId: id, settings })).id}
        onClose={close}
      />
    ))
    if (made !== undefined) void navigate(`/programmes/cycles/${made}`)
  }
  useShortcut({ keys: 'n', label: t('cycles.new'), run: () => void create() }, mayCreate)
  const button = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => void create()}>
      {t('cycles.new')}
    </Button>
  )
  return (
    <DataTable
      id="cycles"
      label={t('tabs.cycles')}
      columns={columns}
      source={source}
      rowId={(row) => row.id}
      onOpen={(row) => void navigate(`/programmes/cycles/${row.id}`)}
      toolbar={button}
      empty={
        <EmptyState
          icon={IconCalendarEvent}
          title={t('cycles.empty')}
          description={t('cycles.emptyMeaning')}
          action={button}
        />
      }
    />
  )
}
