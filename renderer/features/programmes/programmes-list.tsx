import { Button } from '@mantine/core'
import { IconHeartHandshake, IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type ProgrammeRow, programmeKinds } from './answers.ts'

/** Every programme of the office. */
export function ProgrammesList() {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const navigate = useNavigate()
  const format = useFormat()
  const mayCreate = useMay('administrator')
  useShortcut({ keys: 'n', label: t('list.new'), run: () => void navigate('/programmes/new') }, mayCreate)

  const source = useMemo<RowSource<ProgrammeRow>>(
    () => ({
      queryKey: ['programmes'],
      kinds: programmeKinds,
      fetchPage: async ({ offset, limit }, signal) => {
        const rows = await api.programmes.programme.list.ask(undefined, signal)
        return { rows: rows.slice(offset, offset + limit), total: rows.length }
      },
    }),
    [api],
  )
  const columns = useMemo<Column<ProgrammeRow>[]>(
    () => [
      {
        key: 'name',
        header: t('fields.name'),
        width: 220,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ programme }) => <bdi>{programme.name}</bdi>,
      },
      {
        key: 'state',
        header: t('fields.state'),
        width: 110,
        narrow: 'trailing',
        render: ({ programme }) => <StateBadge kind="programme" state={programme.state} />,
      },
      {
        key: 'target',
        header: t('fields.target'),
        width: 120,
        render: ({ programme }) => t(`targets.${programme.target}`),
      },
      {
        key: 'enrolled',
        header: t('fields.enrolled'),
        width: 100,
        align: 'end',
        render: ({ enrolled }) => format.number(enrolled),
      },
      {
        key: 'cycles',
        header: t('fields.cycles'),
        width: 90,
        align: 'end',
        render: ({ cycles }) => format.number(cycles),
      },
      {
        key: 'granted',
        header: t('fields.granted'),
        width: 150,
        align: 'end',
        render: ({ granted, programme }) => <Money minor={granted} currency={programme.currency} />,
      },
      {
        key: 'paid',
        header: t('fields.paid'),
        width: 150,
        align: 'end',
        render: ({ paid, programme }) => <Money minor={paid} currency={programme.currency} />,
      },
    ],
    [t, format],
  )
  const create = (
    <Button component={Link} to="/programmes/new" leftSection={<IconPlus size={16} />}>
      {t('list.new')}
    </Button>
  )
  return (
    <Screen layout="full">
      <PageHeader title={t('list.title')} subtitle={t('list.subtitle')} actions={mayCreate && create} />
      <DataTable
        id="programmes"
        label={t('list.title')}
        columns={columns}
        source={source}
        rowId={({ programme }) => programme.id}
        onOpen={({ programme }) => void navigate(`/programmes/${programme.id}`)}
        empty={
          <EmptyState
            icon={IconHeartHandshake}
            title={t('list.empty')}
            description={mayCreate ? t('list.emptyCreate') : t('list.emptyAsk')}
            action={mayCreate && create}
          />
        }
      />
    </Screen>
  )
}
