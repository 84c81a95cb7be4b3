import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconFileImport, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Enrolment, Programme } from '../../../shared/model/programme.ts'
import { findCurrencyDigits } from '../../../shared/rules/currency.ts'
import { type EnrolmentMove, enrolmentMoves } from '../../../shared/rules/enrolment-life.ts'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { nothingSelected, type Selection, selectedCount } from '../../components/data-table/selection.ts'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { noFilter, useListFilter } from '../../components/filter/list-filter.tsx'
import { notifyFault, notifyUndo } from '../../components/notify.tsx'
import { Person } from '../../components/person.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StateBadge, useStateWord } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { EnrolmentRow } from './answers.ts'
import { useAskReason } from './ask-reason.tsx'
import { CutOffList } from './cut-off-list.tsx'
import { EnrolDialog } from './enrol-dialog.tsx'
import { LeftOut } from './left-out.tsx'
import { ListDialog, type ListOutcome } from './list-dialog.tsx'
import { useWork, WorkProgress } from './work-progress.tsx'

const states = ['enrolled', 'paused', 'exited'] as const satisfies readonly Enrolment['state'][]
const moves = Object.keys(enrolmentMoves) as EnrolmentMove[]

const KINDS = ['enrolment', 'registrant']

interface BulkOutcome {
  readonly done: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly undo: { readonly programmeId: string; readonly moments: string[] }
}

/** Who is in a programme; many at once are paused, exited or brought back from here. */
export function EnrolmentTab({ programme }: { programme: Programme }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const navigate = useNavigate()
  const format = useFormat()
  const word = useStateWord()
  const show = useDialog()
  const askReason = useAskReason()
  const isClerk = useMay('clerk')
  const mayEdit = isClerk && programme.state === 'active'
  const work = useWork(programme.id)
  const [search, setSearch] = useState('')
  const [state, setState] = useState<Enrolment['state'] | null>(null)
  const [filter, setFilter] = useState(noFilter)
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const [leftOut, setLeftOut] = useState<Readonly<Record<string, number>>>({})

  const listing = useMemo(() => ({ states: state === null ? [] : [state], search, filter }), [state, search, filter])
  const schema = useMemo(
    () => filterSchemas(findCurrencyDigits(programme.currency) ?? 2).enrolment,
    [programme.currency],
  )
  const listFilter = useListFilter({
    schema,
    filter,
    onFilter: (text) => {
      setSelection(nothingSelected)
      setFilter(text)
    },
  })
  const plain = search === '' && state === null && filter === noFilter
  const source = useMemo<RowSource<EnrolmentRow>>(
    () => ({
      queryKey: ['enrolments', programme.id, listing],
      kinds: KINDS,
      fetchPage: ({ offset, limit }, signal) =>
        api.programmes.enrolments.page.ask({ programmeId: programme.id, ...listing, offset, limit }, signal),
    }),
    [api, programme.id, listing],
  )
  const totals = useQuery(
    api.programmes.enrolments.page.queryOptions(
      { programmeId: programme.id, ...listing, offset: 0, limit: 1 },
      { kinds: KINDS, keepPrevious: true },
    ),
  )
  const total = totals.data?.total ?? 0
  const columns = useMemo<Column<EnrolmentRow>[]>(
    () => [
      {
        key: 'name',
        header: t('fields.registrant'),
        width: 240,
        grow: 2,
        fixed: true,
        narrow: 'title',
        render: ({ name, registryNumber }) => <Person name={name} kind={programme.target} detail={registryNumber} />,
      },
      {
        key: 'state',
        header: t('fields.state'),
        width: 120,
        narrow: 'trailing',
        render: (row) => <StateBadge kind="enrolment" state={row.state} />,
      },
      { key: 'reason', header: t('fields.reason'), width: 180, render: ({ reason }) => <bdi>{reason}</bdi> },
      {
        key: 'enrolledOn',
        header: t('fields.enrolledOn'),
        width: 120,
        render: ({ enrolledOn }) => format.day(enrolledOn),
      },
      {
        key: 'endedOn',
        header: t('fields.endedOn'),
        width: 120,
        render: ({ endedOn }) => endedOn !== null && format.day(endedOn),
      },
      { key: 'area', header: t('fields.area'), width: 130, render: ({ area }) => <bdi>{area}</bdi> },
      {
        key: 'payable',
        header: t('fields.payable'),
        width: 150,
        render: ({ deceasedOn, registrantRemoved }) =>
          deceasedOn !== null
            ? t('enrolment.deceased', { day: format.day(deceasedOn) })
            : registrantRemoved
              ? t('enrolment.removed')
              : '',
      },
    ],
    [t, format, programme.target],
  )

  const finish = useCallback(
    (outcome: BulkOutcome, message: string): void => {
      setLeftOut(outcome.leftOut)
      setSelection(nothingSelected)
      if (outcome.done > 0) notifyUndo(message, () => api.programmes.enrolments.undo.run(outcome.undo))
    },
    [api],
  )
  const move = async (name: EnrolmentMove): Promise<void> => {
    const count = selectedCount(selection, total)
    const reason = await askReason({
      title: t(`moves.${name}.title`),
      body: t(`moves.${name}.body`, { number: format.number(count) }),
      confirmLabel: t(`moves.${name}.confirm`),
      dangerous: name === 'exit',
    })
    if (reason === undefined) return
    const choice =
      selection.mode === 'some' ? { registrantIds: [...selection.ids] } : { ...listing, except: [...selection.except] }
    try {
      const outcome = await api.programmes.enrolments.move.run({
        programmeId: programme.id,
        move: name,
        reason,
        choice,
      })
      finish(outcome, t(`moves.${name}.done`, { number: format.number(outcome.done) }))
    } catch (error) {
      notifyFault(error)
    }
  }
  const enrol = async (): Promise<void> => {
    const outcome = await show<BulkOutcome>((close) => <EnrolDialog programme={programme} onClose={close} />)
    if (outcome) finish(outcome, t('enrol.done', { number: format.number(outcome.done) }))
  }
  const importList = async (): Promise<void> => {
    const outcome = await show<ListOutcome>((close) => (
      <ListDialog
        purpose={{ subject: 'enrolments', programmeId: programme.id }}
        currency={programme.currency}
        onClose={close}
      />
    ))
    if (outcome === undefined || outcome.taken === 0) return
    notifyUndo(t('enrol.done', { number: format.number(outcome.taken) }), () =>
      api.programmes.lists.undo.run({ importId: outcome.importId }),
    )
  }
  useShortcut({ keys: 'n', label: t('enrol.title'), run: () => void enrol() }, mayEdit)
  const enrolButton = mayEdit && (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => void enrol()} disabled={work !== null}>
      {t('enrol.title')}
    </Button>
  )
  return (
    <Stack style={{ flex: 1, minHeight: 0 }} gap="sm">
      <WorkProgress subjectId={programme.id} work={work} />
      <CutOffList subjectId={programme.id} />
      <LeftOut leftOut={leftOut} onClose={() => setLeftOut({})} />
      {listFilter.field}
      <DataTable
        id="enrolments"
        label={t('tabs.enrolment')}
        columns={columns}
        source={source}
        rowId={({ registrantId }) => registrantId}
        rowHeight={52}
        onOpen={({ registrantId }) => void navigate(`/registrants/${registrantId}`)}
        {...(mayEdit ? { selection, onSelectionChange: setSelection } : {})}
        toolbar={
          <Group gap="xs">
            <SearchField value={search} onSearch={setSearch} label={t('enrolment.search')} />
            <Select
              aria-label={t('fields.state')}
              placeholder={t('enrolment.allStates')}
              value={state}
              onChange={(chosen) => {
                setSelection(nothingSelected)
                setState(states.find((one) => one === chosen) ?? null)
              }}
              data={states.map((one) => ({ value: one, label: word('enrolment', one) }))}
              clearable
              w={150}
            />
            {listFilter.toggle}
            {enrolButton}
            {mayEdit && (
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} />}
                onClick={() => void importList()}
                disabled={work !== null}
              >
                {t('lists.enrolments.title')}
              </Button>
            )}
          </Group>
        }
        selectionActions={
          <Group gap="xs">
            {moves.map((name) => (
              <Button
                key={name}
                size="compact-md"
                variant="light"
                color={name === 'exit' ? 'brick' : 'spruce'}
                disabled={work !== null}
                onClick={() => void move(name)}
              >
                {t(`moves.${name}.confirm`)}
              </Button>
            ))}
          </Group>
        }
        empty={
          <EmptyState
            icon={IconUsers}
            title={plain ? t('enrolment.empty') : t('enrolment.noneFound')}
            description={plain ? <Text>{t('enrolment.emptyMeaning')}</Text> : undefined}
            action={plain && enrolButton}
          />
        }
      />
    </Stack>
  )
}
