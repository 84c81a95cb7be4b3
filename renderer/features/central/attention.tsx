import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { CentralOverview, QuarantineRow, RefusalRow } from '../../../shared/contract/central.ts'
import type { ErrorAction } from '../../../shared/contract/errors/entry.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { findPlaceOf } from '../../components/record-place.ts'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import { Stopped } from './stopped.tsx'
import { useKindWord } from './words.ts'

const AT_ONCE = 50
/** Milliseconds between two looks: what the server takes after all is no longer refused, and nothing here tells it. */
const EVERY = 30_000

interface AttentionProps {
  overview: CentralOverview
  onChanged: () => void
}

/** What waits for somebody, each with its officer, its sentence and one action. */
export function Attention({ overview, onChanged }: AttentionProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const key = { ...overview.waiting, limit: AT_ONCE }
  const window = { offset: 0, limit: key.limit }
  const refusals = useQuery(api.central.refusals.queryOptions(window, { kinds: ['central'], every: EVERY }))
  const quarantine = useQuery(api.central.quarantine.queryOptions(window, { kinds: ['central'], every: EVERY }))
  const nothing = overview.status.stopped.length === 0 && refusals.data?.total === 0 && quarantine.data?.total === 0
  if (nothing) {
    return (
      <EmptyState icon={IconMoodSmile} title={t('attention.nothing')} description={t('attention.nothingMeaning')} />
    )
  }
  return (
    <Stack>
      {overview.status.stopped.map((fault) => (
        <Stopped key={fault.code} fault={fault} onDone={onChanged} />
      ))}
      <Answer query={refusals}>
        {({ rows, total }) =>
          rows.length > 0 && (
            <Section title={t('attention.refusals', { count: total })} description={t('attention.refusalsMeaning')}>
              <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
                {rows.map((row) => (
                  <Refusal
                    key={`${row.kind} ${row.id}`}
                    row={row}
                    onDone={() => {
                      void refusals.refetch()
                      onChanged()
                    }}
                  />
                ))}
              </Stack>
            </Section>
          )
        }
      </Answer>
      <Answer query={quarantine}>
        {({ rows, total }) =>
          rows.length > 0 && (
            <Section title={t('attention.quarantine', { count: total })} description={t('attention.quarantineMeaning')}>
              <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
                {rows.map((row) => (
                  <Quarantined key={row.documentId} row={row} />
                ))}
              </Stack>
            </Section>
          )
        }
      </Answer>
    </Stack>
  )
}

function Refusal({ row, onDone }: { row: RefusalRow; onDone: () => void }) {
  const { t } = useTranslation('central')
  const api = useApi()
  const navigate = useNavigate()
  const kindWord = useKindWord()
  const may = useMay('clerk', 'approver', 'administrator')
  const seen = useMutation({ ...api.central.refusalSeen.mutationOptions(), onSuccess: onDone })
  const place = row.about === null ? undefined : findPlaceOf(row.about.kind, row.about.id)
  const act = (action: ErrorAction): void => {
    if (action === 'review' && place !== undefined) void navigate(place)
  }
  return (
    <Paper component="li" withBorder p="sm" radius="md" data-refusal={row.kind}>
      <Stack gap="xs">
        <Group justify="space-between" align="start">
          <div>
            <Text fw={600}>
              {kindWord(row.kind)} <AboutRecord name={row.recordName} place={place} />
            </Text>
            <Text size="sm" c="dimmed">
              <bdi>{row.officerName === '' ? t('byOffice') : row.officerName}</bdi> · <MomentText at={row.at} />
              {row.seen && ` · ${t('attention.seen')}`}
            </Text>
            {row.offeredAgain && (
              <Text size="sm" c="dimmed">
                {t('attention.offeredAgain')}
              </Text>
            )}
          </div>
          {may && !row.seen && (
            <Button
              size="xs"
              variant="default"
              loading={seen.isPending}
              onClick={() => seen.mutate({ kind: row.kind, id: row.id })}
            >
              {t('attention.markSeen')}
            </Button>
          )}
        </Group>
        <FaultMessage fault={row.fault} {...(place === undefined ? {} : { onAction: act })} />
        {seen.error && <FaultMessage fault={seen.error} />}
      </Stack>
    </Paper>
  )
}

/** What the record is called that something is about, with the way to its page. */
function AboutRecord({ name, place }: { name: string; place: string | undefined }) {
  const { t } = useTranslation('central')
  if (place === undefined) return name === '' ? null : <bdi>{name}</bdi>
  return (
    <Anchor component={Link} to={place}>
      <bdi>{name === '' ? t('conflict.openRecord') : name}</bdi>
    </Anchor>
  )
}

function Quarantined({ row }: { row: QuarantineRow }) {
  const { t } = useTranslation('central')
  const kindWord = useKindWord()
  return (
    <Paper component="li" withBorder p="sm" radius="md" data-quarantine={row.kind}>
      <Stack gap="xs">
        <div>
          <Text fw={600}>
            {kindWord(row.kind)} {row.recordName !== '' && <bdi>{row.recordName}</bdi>}
          </Text>
          <Text size="sm" c="dimmed">
            {row.officerName !== '' && (
              <>
                <bdi>{row.officerName}</bdi> ·{' '}
              </>
            )}
            {t(row.arriving ? 'attention.arriving' : 'attention.notUsed')} <MomentText at={row.since} />
          </Text>
        </div>
        <FaultMessage fault={row.fault} />
      </Stack>
    </Paper>
  )
}
