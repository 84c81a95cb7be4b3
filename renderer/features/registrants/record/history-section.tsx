import { Stack, Text, Timeline } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { MomentText } from '../../../components/moment-text.tsx'
import { Section } from '../../../components/section.tsx'
import { useMaySee } from '../../../state/session.ts'
import { type RecordPage, recordKinds } from '../answers.ts'
import { LooksSection } from './looks-section.tsx'

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined || value === '' ? '—' : String(value)

/** What was changed and done, newest first: edits field by field from the history, deeds from the audit trail. */
export function HistorySection({ page: { view, history } }: { page: RecordPage }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const trail = useQuery(
    api.audit.ofSubject.queryOptions(
      { subjectKind: 'registrant', subjectId: view.id, limit: 100 },
      { kinds: recordKinds },
    ),
  )
  const status = useQuery(api.setup.status.queryOptions(undefined))
  const nameOf = (id: string): string =>
    status.data?.officers.find((officer) => officer.id === id)?.name ?? t('history.office')
  const mayReadTrail = useMaySee('auditor', 'administrator', 'approver')
  const changesAt = (moment: string) => history.filter((revision) => revision.moment === moment)
  return (
    <Stack>
      <Section title={t('record.history')} description={t('history.explanation')}>
        <Answer query={trail}>
          {({ rows }) => {
            const told = new Set(rows.map(({ moment }) => moment))
            const quiet = history.filter(({ moment }) => !told.has(moment))
            const entries = [
              ...rows.map(({ moment, officerId, action, position }) => ({
                key: String(position),
                moment,
                officerId,
                action,
              })),
              ...quiet.map(({ moment, officerId, kind }) => ({
                key: `${kind}${moment}`,
                moment,
                officerId,
                action: 'import.rows',
              })),
            ].sort((a, b) => (a.moment < b.moment ? 1 : -1))
            if (entries.length === 0) {
              return <Text c="dimmed">{t(view.importId === '' ? 'history.none' : 'history.imported')}</Text>
            }
            return (
              <Timeline bulletSize={14} lineWidth={2}>
                {entries.map(({ key, moment, officerId, action }) => (
                  <Timeline.Item key={key} title={t(`history.actions.${action}`, { defaultValue: action })}>
                    <Text size="sm" c="dimmed">
                      {nameOf(officerId)} · <MomentText at={moment} />
                    </Text>
                    <Stack gap={2} mt={4}>
                      {changesAt(moment).flatMap(({ kind, changes }) =>
                        Object.entries(changes).map(([field, { from, to }]) => (
                          <Text key={`${kind} ${field}`} size="sm">
                            {t(`fields.${field}`, { defaultValue: field })}: <bdi>{shown(from)}</bdi> →{' '}
                            <bdi>{shown(to)}</bdi>
                          </Text>
                        )),
                      )}
                    </Stack>
                  </Timeline.Item>
                ))}
              </Timeline>
            )
          }}
        </Answer>
      </Section>
      {mayReadTrail && <LooksSection view={view} nameOf={nameOf} />}
    </Stack>
  )
}
