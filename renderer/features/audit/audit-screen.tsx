import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import type { Column } from '../../components/data-table/columns.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import type { RowSource } from '../../components/data-table/pages.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { useFormat } from '../../i18n/format.ts'
import { type AuditEntryView, type AuditFilter, noFilter, questionOf } from './answers.ts'
import { AuditDrawer } from './audit-drawer.tsx'
import { AuditFilterBar } from './audit-filter.tsx'
import { ExportTrail } from './export-trail.tsx'
import { TrailStanding } from './trail-standing.tsx'
import { Verification } from './verification.tsx'
import { actionWord, subjectWord } from './words.ts'

/** Every kind of record: each change adds to the trail. */
const KINDS = [
  ...['registrant', 'membership', 'identityNumber', 'programme', 'enrolment', 'cycle', 'entitlement', 'payment'],
  ...[
    'batch',
    'submission',
    'decision',
    'claim',
    'transmission',
    'delivery',
    'observation',
    'officer',
    'paymentManager',
    'connector',
    'signInProvider',
    'consent',
    'tokenisation',
  ],
]

/** Who did what, when: the chained trail of this office. */
export default function AuditScreen() {
  const { t } = useTranslation('audit')
  const api = useApi()
  const format = useFormat()
  const [search, setSearch] = useSearchParams()
  const [opened, setOpened] = useState<AuditEntryView>()
  const filter = useMemo<AuditFilter>(
    () => ({ ...noFilter, ...Object.fromEntries([...search].filter(([key]) => key in noFilter)) }),
    [search],
  )
  const setFilter = (next: AuditFilter): void =>
    setSearch(new URLSearchParams(Object.entries(next).filter(([, value]) => value !== '')), { replace: true })
  const officers = useQuery(api.officers.list.queryOptions(undefined, { kinds: ['officer'] }))
  const names = useMemo(() => new Map(officers.data?.map(({ id, name }) => [id, name])), [officers.data])
  const nameOf = (id: string): string => (id === 'office' ? t('byOffice') : (names.get(id) ?? id))

  const source = useMemo<RowSource<AuditEntryView>>(
    () => ({
      queryKey: ['audit', filter],
      kinds: KINDS,
      fetchPage: ({ offset, limit, after }, signal) =>
        api.audit.page.ask(
          { ...questionOf(filter), limit, ...(after === undefined ? { offset } : { before: after.position }) },
          signal,
        ),
    }),
    [api, filter],
  )
  const columns = useMemo<Column<AuditEntryView>[]>(
    () => [
      {
        key: 'position',
        header: t('columns.position'),
        width: 80,
        grow: 0,
        align: 'end',
        narrow: 'hidden',
        render: ({ position }) => format.number(position),
      },
      {
        key: 'moment',
        header: t('columns.moment'),
        width: 205,
        grow: 0,
        narrow: 'trailing',
        render: ({ moment }) => <MomentText at={moment} show="date" />,
      },
      {
        key: 'officer',
        header: t('columns.officer'),
        width: 160,
        render: ({ officerId }) => (
          <bdi>{officerId === 'office' ? t('byOffice') : (names.get(officerId) ?? officerId)}</bdi>
        ),
      },
      {
        key: 'action',
        header: t('columns.action'),
        width: 260,
        grow: 3,
        fixed: true,
        narrow: 'title',
        render: ({ action }) => actionWord(t, action),
      },
      {
        key: 'subject',
        header: t('columns.subject'),
        width: 140,
        render: ({ subjectKind }) => (
          <Badge variant="light" color="gray" tt="none">
            {subjectWord(t, subjectKind)}
          </Badge>
        ),
      },
    ],
    [t, format, names],
  )
  return (
    <Screen layout="full">
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          <>
            <ExportTrail fromDay={filter.fromDay} toDay={filter.toDay} />
            <Verification />
          </>
        }
      />
      <TrailStanding nameOf={nameOf} onOpen={setOpened} />
      <DataTable
        id="audit"
        label={t('title')}
        columns={columns}
        source={source}
        rowId={({ position }) => String(position)}
        onOpen={setOpened}
        toolbar={<AuditFilterBar filter={filter} onChange={setFilter} nameOf={nameOf} />}
        empty={<EmptyState title={t('none')} description={t('noneMeaning')} />}
      />
      {opened && (
        <AuditDrawer
          entry={opened}
          officer={nameOf(opened.officerId)}
          onClose={() => setOpened(undefined)}
          onFollow={() => {
            setOpened(undefined)
            setFilter({ ...noFilter, subjectKind: opened.subjectKind, subjectId: opened.subjectId })
          }}
        />
      )}
    </Screen>
  )
}
