import { Button, Group, Menu, SegmentedControl, Text } from '@mantine/core'
import { IconChevronDown, IconFileImport, IconUserPlus, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { nothingSelected, type Selection } from '../../components/data-table/selection.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { noFilter, useListFilter } from '../../components/filter/list-filter.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { TurnIntoTokens, useRegistryConnectors } from '../../components/tokens/turn-into-tokens.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type ListInput, type RegistrantRow, registrantKinds } from './answers.ts'
import { ExportMenu } from './export-menu.tsx'
import { useRegistrantColumns } from './registrant-columns.tsx'

const schema = filterSchemas(2).registrant
const SORTABLE = ['name', 'registryNumber', 'area', 'changedAt'] as const
type SortColumn = (typeof SORTABLE)[number]

/** Every person and group of the district. */
export function RegistrantsList() {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const navigate = useNavigate()
  const format = useFormat()
  const mayEdit = useMay('clerk')
  const [params, setParams] = useSearchParams()
  const search = params.get('search') ?? ''
  const kind = params.get('kind') === 'individual' || params.get('kind') === 'group' ? params.get('kind') : ''
  const filter = params.get('filter') ?? noFilter
  const [more, setMore] = useState(false)
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  // People are chosen for the one deed that can be done on many here.
  const mayChoose = useRegistryConnectors().length > 0 && mayEdit
  const counts = useQuery(api.registry.counts.queryOptions(undefined, { kinds: registrantKinds }))
  const columns = useRegistrantColumns()

  const set = (changes: Record<string, string>): void => {
    setSelection(nothingSelected)
    setParams(
      (before) => {
        for (const [key, value] of Object.entries(changes)) {
          if (value === '' || value === noFilter) before.delete(key)
          else before.set(key, value)
        }
        return before
      },
      { replace: true },
    )
  }
  const listFilter = useListFilter({ schema, filter, onFilter: (text) => set({ filter: text }) })
  useShortcut(
    { keys: 'n', label: t('list.newPerson'), run: () => void navigate('/registrants/new/individual') },
    mayEdit,
  )

  const list = useMemo(
    () => ({
      ...(kind ? { kind: kind as 'individual' | 'group' } : {}),
      ...(search ? { search } : {}),
      ...(filter !== noFilter ? { filter } : {}),
    }),
    [kind, search, filter],
  )
  const source = useMemo<RowSource<RegistrantRow>>(
    () => ({
      queryKey: ['registrants', list],
      kinds: registrantKinds,
      fetchPage: async ({ offset, limit, sort }, signal) => {
        const page = await api.registry.page.ask({ ...list, offset, limit, order: orderOf(sort) }, signal)
        setMore(page.more)
        return page
      },
    }),
    [api, list],
  )
  const plain = search === '' && kind === '' && filter === noFilter
  return (
    <Screen layout="full">
      <PageHeader
        title={t('list.title')}
        subtitle={
          counts.data &&
          t('list.counts', {
            individuals: format.number(counts.data.individuals),
            groups: format.number(counts.data.groups),
          })
        }
        actions={
          <>
            <ExportMenu list={list} />
            {mayEdit && (
              <Button
                component={Link}
                to="/registrants/import"
                variant="default"
                leftSection={<IconFileImport size={16} />}
              >
                {t('list.import')}
              </Button>
            )}
            {mayEdit && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button rightSection={<IconChevronDown size={14} />}>{t('list.new')}</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item component={Link} to="/registrants/new/individual" leftSection={<IconUserPlus size={16} />}>
                    {t('list.newPerson')}
                  </Menu.Item>
                  <Menu.Item component={Link} to="/registrants/new/group" leftSection={<IconUsersGroup size={16} />}>
                    {t('list.newGroup')}
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item component={Link} to="/registrants/imports">
                    {t('list.imports')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        }
      />
      {listFilter.field}
      <DataTable
        id="registrants"
        label={t('list.title')}
        columns={columns}
        source={source}
        rowId={({ id }) => id}
        rowHeight={52}
        defaultSort={{ column: 'name', direction: 'asc' }}
        onOpen={({ id }) => void navigate(`/registrants/${id}`)}
        {...(mayChoose ? { selection, onSelectionChange: setSelection } : {})}
        selectionActions={<TurnIntoTokens chosen={() => chosenIds(api, list, selection)} />}
        toolbar={
          <Group gap="xs">
            <SearchField value={search} onSearch={(text) => set({ search: text })} label={t('list.search')} />
            <SegmentedControl
              value={kind ?? ''}
              onChange={(value) => set({ kind: value })}
              data={[
                { value: '', label: t('list.all') },
                { value: 'individual', label: t('list.individuals') },
                { value: 'group', label: t('list.groups') },
              ]}
            />
            {listFilter.toggle}
            {more && search !== '' && (
              <Text size="sm" c="dimmed" role="status">
                {t('list.more')}
              </Text>
            )}
          </Group>
        }
        empty={
          plain ? (
            <EmptyState
              icon={IconUsersGroup}
              title={t('list.empty')}
              description={mayEdit ? t('list.emptyImport') : t('list.emptyAsk')}
              action={
                mayEdit && (
                  <Button component={Link} to="/registrants/import">
                    {t('list.import')}
                  </Button>
                )
              }
            />
          ) : (
            <EmptyState title={t('list.nothingFound')} description={<Text>{t('list.nothingFoundHint')}</Text>} />
          )
        }
      />
    </Screen>
  )
}

/** Who is chosen; of a whole list the office itself looks who is on it. */
async function chosenIds(api: Api, list: Omit<ListInput, 'offset' | 'limit' | 'order'>, selection: Selection) {
  if (selection.mode === 'some') return [...selection.ids]
  return api.registry.ids.ask({ ...list, except: [...selection.except] })
}

function orderOf(sort: { column: string; direction: 'asc' | 'desc' } | undefined): ListInput['order'] {
  const column = SORTABLE.find((known) => known === sort?.column)
  return column === undefined
    ? { column: 'name' satisfies SortColumn, direction: 'asc' }
    : { column, direction: sort?.direction ?? 'asc' }
}
