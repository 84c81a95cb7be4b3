import { Badge, Button, Group, Select, Tabs, Text } from '@mantine/core'
import { IconPlus, IconSend, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { nothingSelected, type Selection, selectedCount } from '../../components/data-table/selection.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { BatchRow } from './answers.ts'
import { type BatchGroup, batchGroups, countOfGroup, filterOfGroup, isBatchGroup } from './batch-groups.ts'
import { PaymentBar } from './payment-bar.tsx'
import { useSendBatches } from './send-batches.tsx'
import { WaitingWords } from './waiting-words.tsx'

const KINDS = ['batch', 'payment', 'decision', 'submission', 'claim', 'cycle', 'programme']

/** Every batch of the office: what waits for whom, and how far each is. */
export function BatchList() {
  const { t } = useTranslation('batches')
  const api = useApi()
  const navigate = useNavigate()
  const mayPrepare = useMay('clerk')
  const maySend = useMay('clerk', 'approver')
  const [search, setSearch] = useSearchParams()
  const [text, setText] = useState('')
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const asked = search.get('group')
  const group: BatchGroup = isBatchGroup(asked) ? asked : 'all'
  const programmeId = search.get('programme') ?? undefined
  const cycleId = search.get('cycle') ?? undefined
  const scope = useMemo(
    () => ({ ...(programmeId ? { programmeId } : {}), ...(cycleId ? { cycleId } : {}) }),
    [programmeId, cycleId],
  )
  const tally = useQuery(api.batches.tally.queryOptions(scope, { kinds: KINDS, keepPrevious: true }))
  const cycles = useQuery(api.batches.cycles.queryOptions(undefined, { kinds: ['cycle', 'programme', 'batch'] }))
  const columns = useColumns()
  const sendBatches = useSendBatches()

  const change = (changed: Record<string, string | null>): void => {
    setSelection(nothingSelected)
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changed)) {
          if (value === null || value === '') next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace: true },
    )
  }
  const source = useMemo<RowSource<BatchRow>>(() => {
    const filter = { ...filterOfGroup(group), ...scope, ...(text === '' ? {} : { text }) }
    return {
      queryKey: ['batches', filter],
      kinds: KINDS,
      fetchPage: ({ offset, limit }, signal) => api.batches.page.ask({ ...filter, offset, limit }, signal),
    }
  }, [api, group, scope, text])

  useShortcut({ keys: 'n', label: t('list.prepare'), run: () => void navigate('/batches/prepare') }, mayPrepare)

  const selectable = group === 'toSend' && maySend
  const total = tally.data ? countOfGroup(group, tally.data) : 0
  const send = async (): Promise<void> => {
    const chosen = await chosenBatches(selection, async (offset) =>
      source.fetchPage({ offset, limit: 500, sort: undefined, after: undefined }, new AbortController().signal),
    )
    if (await sendBatches(chosen)) setSelection(nothingSelected)
  }
  const programmes = [...new Map((cycles.data ?? []).map((one) => [one.programmeId, one.programmeName]))]
  const shownCycles = (cycles.data ?? []).filter((one) => programmeId === undefined || one.programmeId === programmeId)

  return (
    <Screen layout="full">
      <PageHeader
        title={t('list.title')}
        subtitle={t('list.subtitle')}
        actions={
          mayPrepare && (
            <Button component={Link} to="/batches/prepare" leftSection={<IconPlus size={16} />}>
              {t('list.prepare')}
            </Button>
          )
        }
      />
      <Tabs
        value={group}
        onChange={(value) => change({ group: value === 'all' ? null : value })}
        variant="pills"
        mb="sm"
        aria-label={t('list.groups')}
      >
        <Tabs.List>
          {batchGroups.map((one) => {
            const count = tally.data ? countOfGroup(one, tally.data) : undefined
            return (
              <Tabs.Tab
                key={one}
                value={one}
                size="sm"
                rightSection={count !== undefined && count > 0 && <GroupCount group={one} count={count} />}
              >
                {t(`groups.${one}`)}
              </Tabs.Tab>
            )
          })}
        </Tabs.List>
      </Tabs>
      <DataTable
        id="batches"
        label={t('list.title')}
        columns={columns}
        source={source}
        rowId={({ id }) => id}
        onOpen={({ id }) => void navigate(`/batches/${id}`)}
        rowHeight={54}
        {...(selectable ? { selection, onSelectionChange: setSelection } : {})}
        selectionActions={
          <Button size="compact-sm" leftSection={<IconSend size={14} />} onClick={() => void send()}>
            {t('list.sendChosen', { count: selectedCount(selection, total) })}
          </Button>
        }
        toolbar={
          <>
            <SearchField value={text} onSearch={setText} label={t('list.search')} width={240} />
            <Select
              aria-label={t('list.programme')}
              placeholder={t('list.everyProgramme')}
              data={programmes.map(([value, label]) => ({ value, label }))}
              value={programmeId ?? null}
              onChange={(value) => change({ programme: value, cycle: null })}
              clearable
              allowDeselect
              w={200}
            />
            <Select
              aria-label={t('list.cycle')}
              placeholder={t('list.everyCycle')}
              data={shownCycles.map((one) => ({
                value: one.cycleId,
                label: programmeId ? one.cycleName : `${one.cycleName} · ${one.programmeName}`,
              }))}
              value={cycleId ?? null}
              onChange={(value) => change({ cycle: value })}
              clearable
              allowDeselect
              searchable
              w={220}
            />
          </>
        }
        empty={
          <NoBatches group={text === '' ? group : 'all'} filtered={text !== '' || Object.keys(scope).length > 0} />
        }
      />
    </Screen>
  )
}

function GroupCount({ group, count }: { group: BatchGroup; count: number }) {
  const format = useFormat()
  return (
    <Badge size="sm" variant="light" color={group === 'attention' ? 'brick' : 'gray'} className="office-figures">
      {format.number(count)}
    </Badge>
  )
}

/** What to do next where a list has nothing. */
function NoBatches({ group, filtered }: { group: BatchGroup; filtered: boolean }) {
  const { t } = useTranslation('batches')
  const mayPrepare = useMay('clerk')
  if (filtered)
    return <EmptyState icon={IconStack2} title={t('empty.filtered')} description={t('empty.filteredHint')} />
  return (
    <EmptyState
      icon={IconStack2}
      title={t(`empty.${group}`)}
      description={t(`empty.${group}Hint`)}
      action={
        mayPrepare &&
        (group === 'all' || group === 'toSubmit') && (
          <Button component={Link} to="/batches/prepare" mt="xs">
            {t('list.prepare')}
          </Button>
        )
      }
    />
  )
}

function useColumns(): readonly Column<BatchRow>[] {
  const { t } = useTranslation('batches')
  const format = useFormat()
  return useMemo(
    () => [
      {
        key: 'name',
        header: t('columns.name'),
        width: 210,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ name, programmeName, cycleName }) => (
          <div style={{ minWidth: 0 }}>
            <Text truncate fw={560} lh={1.35}>
              <bdi>{name}</bdi>
            </Text>
            <Text truncate size="xs" c="dimmed" lh={1.3}>
              <bdi>{programmeName}</bdi> · <bdi>{cycleName}</bdi>
            </Text>
          </div>
        ),
      },
      {
        key: 'count',
        header: t('columns.payments'),
        width: 90,
        grow: 0.5,
        align: 'end',
        narrow: 'hidden',
        render: ({ count }) => <span className="office-figures">{format.number(count)}</span>,
      },
      {
        key: 'sum',
        header: t('columns.sum'),
        width: 140,
        align: 'end',
        render: ({ sum, currency }) => <Money minor={sum} currency={currency} />,
      },
      {
        key: 'state',
        header: t('columns.state'),
        width: 170,
        narrow: 'trailing',
        render: ({ state, held }) => (
          <Group gap={4} wrap="nowrap">
            <StateBadge kind="batch" state={state} />
            {held && (
              <Badge variant="outline" color="ochre" size="sm" tt="none" radius="sm">
                {t('held')}
              </Badge>
            )}
          </Group>
        ),
      },
      {
        key: 'progress',
        header: t('columns.progress'),
        width: 150,
        grow: 1.4,
        narrow: 'hidden',
        render: ({ counts }) => <PaymentBar counts={counts} withText />,
      },
      {
        key: 'waiting',
        header: t('columns.waiting'),
        width: 180,
        grow: 1.4,
        render: (batch) => <WaitingWords batch={batch} />,
      },
    ],
    [t, format],
  )
}

/** The chosen rows themselves; "all" is read page by page. */
async function chosenBatches(
  selection: Selection,
  fetchFrom: (offset: number) => Promise<{ readonly rows: readonly BatchRow[]; readonly total: number }>,
): Promise<BatchRow[]> {
  const rows: BatchRow[] = []
  for (;;) {
    const page = await fetchFrom(rows.length)
    rows.push(...page.rows)
    if (rows.length >= page.total || page.rows.length === 0) break
  }
  return rows.filter(({ id }) => (selection.mode === 'all' ? !selection.except.has(id) : selection.ids.has(id)))
}
