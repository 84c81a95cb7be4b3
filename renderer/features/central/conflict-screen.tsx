import { Alert, Badge, Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { type ConflictPage, type ConflictVersion, decidingRole } from '../../../shared/contract/central.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { findPlaceOf } from '../../components/record-place.ts'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { useMay } from '../../state/session.ts'
import classes from './central.module.css'
import { allOf, type Choices, isComplete, isOpen, type Side, sideOf } from './choices.ts'
import { ConflictDecisions } from './conflict-decisions.tsx'
import { FieldValue } from './field-value.tsx'
import { useFieldWord, useKindWord } from './words.ts'

/** Both versions of a record side by side, and the decision between them. */
export function ConflictScreen() {
  const { t } = useTranslation('central')
  const api = useApi()
  const { conflictId = '' } = useParams()
  const query = useQuery(api.central.conflict.queryOptions({ id: conflictId }, { kinds: ['central'] }))
  return (
    <Screen>
      <Answer query={query}>
        {(page) =>
          page === null ? (
            <EmptyState title={t('conflict.gone')} />
          ) : (
            <Versions key={page.id} page={page} onStale={() => void query.refetch()} />
          )
        }
      </Answer>
    </Screen>
  )
}

const sides = ['earlier', 'later'] as const satisfies readonly Side[]

function Versions({ page, onStale }: { page: ConflictPage; onStale: () => void }) {
  const { t } = useTranslation('central')
  const api = useApi()
  const navigate = useNavigate()
  const kindWord = useKindWord()
  const may = useMay(decidingRole(page.kind))
  const [choices, setChoices] = useState<Choices>({})
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const { fields } = page
  const decides = isOpen(page) && may
  const ready = decides && isComplete(fields, choices) && !busy
  const place = findPlaceOf(page.kind === 'decision' ? 'batch' : page.kind, page.recordId)
  const maySee = useMay('clerk', 'approver', 'administrator') && page.settled === null && page.decidedBy === 'rule'

  const finish = async (work: () => Promise<unknown>, words?: string): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      await work()
      if (words !== undefined) notifyDone(words)
      await navigate('/central/conflicts')
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  const settle = (): void =>
    void finish(() => api.central.settleConflict.run({ id: page.id, choices }), t('conflict.done'))
  useShortcut(
    { keys: 'alt+1', label: t('conflict.allEarlier'), run: () => setChoices(allOf(fields, 'earlier')) },
    decides,
  )
  useShortcut({ keys: 'alt+2', label: t('conflict.allLater'), run: () => setChoices(allOf(fields, 'later')) }, decides)
  useShortcut({ keys: 'mod+enter', label: t('conflict.settle'), run: settle }, ready)

  const standing = sideOf(fields, choices)
  return (
    <>
      <PageHeader
        title={page.recordName === '' ? kindWord(page.kind) : page.recordName}
        subtitle={kindWord(page.kind)}
        back={{ to: '/central/conflicts', label: t('tabs.conflicts') }}
        badges={
          page.settled !== null && (
            <Badge color="moss" variant="light" size="lg" tt="none">
              {t('conflicts.wasSettled')}
            </Badge>
          )
        }
        actions={
          place !== undefined && (
            <Button component={Link} to={place} variant="default">
              {t('conflict.openRecord')}
            </Button>
          )
        }
      />
      <Stack>
        <State page={page} />
        {fault && <FaultMessage fault={fault} onAction={(action) => action === 'reload' && onStale()} />}
        <Section title={t('conflict.versions')} description={t(decides ? 'conflict.choose' : 'conflict.look')} flush>
          <table className={classes.versions}>
            <thead>
              <tr>
                <th scope="col">{t('conflict.field')}</th>
                {sides.map((side) => (
                  <th key={side} scope="col" className={classes.version}>
                    <Who side={side} version={page[side]} />
                    {decides && (
                      <Button
                        size="xs"
                        mt={6}
                        variant={standing === side ? 'filled' : 'default'}
                        onClick={() => setChoices(allOf(fields, side))}
                      >
                        {t(side === 'earlier' ? 'conflict.allEarlier' : 'conflict.allLater')}
                      </Button>
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <Field
                  key={field.name}
                  page={page}
                  field={field}
                  chosen={choices[field.name]}
                  {...(decides
                    ? { onChoose: (side: Side) => setChoices((before) => ({ ...before, [field.name]: side })) }
                    : {})}
                />
              ))}
            </tbody>
          </table>
        </Section>
        <ConflictDecisions page={page} />
        {maySee && (
          <Group justify="flex-end">
            <Button loading={busy} onClick={() => void finish(() => api.central.conflictSeen.run({ id: page.id }))}>
              {t('attention.markSeen')}
            </Button>
          </Group>
        )}
        {decides && (
          <Group justify="flex-end">
            <Button className={classes.side} variant="default" onClick={() => setChoices(allOf(fields, 'earlier'))}>
              {t('conflict.allEarlier')}
            </Button>
            <Button className={classes.side} variant="default" onClick={() => setChoices(allOf(fields, 'later'))}>
              {t('conflict.allLater')}
            </Button>
            <Button onClick={settle} disabled={!ready} loading={busy}>
              {t('conflict.settle')}
            </Button>
          </Group>
        )}
      </Stack>
    </>
  )
}

function State({ page }: { page: ConflictPage }) {
  const { t } = useTranslation('central')
  const may = useMay(decidingRole(page.kind))
  if (page.settled !== null) {
    return (
      <Alert color="moss">
        {t('conflict.settledBy', { name: page.settled.officerName === '' ? t('byOffice') : page.settled.officerName })}{' '}
        <MomentText at={page.settled.at} />
      </Alert>
    )
  }
  if (page.decidedBy === 'rule') return <Alert color="slate">{t(`conflict.rule.${page.standing}`)}</Alert>
  return (
    <Alert color="ochre">
      {page.decisions.length > 0 ? t('conflict.decidedApart') : t(`conflict.standing.${page.standing}`)}
      {!may && ` ${t(`conflict.decides.${decidingRole(page.kind)}`)}`}
    </Alert>
  )
}

function Who({ side, version }: { side: Side; version: ConflictVersion }) {
  const { t } = useTranslation('central')
  return (
    <>
      <Text fw={600}>{t(`conflict.${side}`)}</Text>
      <Text size="sm" c="dimmed" component="div">
        <bdi>{version.officerName === '' ? t('byOffice') : version.officerName}</bdi>
        {' · '}
        <MomentText at={version.changedAt} show="date" />
      </Text>
    </>
  )
}

interface FieldProps {
  page: ConflictPage
  field: ConflictPage['fields'][number]
  chosen: Side | undefined
  /** Left out where nothing is to be decided. */
  onChoose?: (side: Side) => void
}

function Field({ page, field, chosen, onChoose }: FieldProps) {
  const { t } = useTranslation('central')
  const fieldWord = useFieldWord()
  const name = fieldWord(field.name)
  return (
    <tr>
      <th scope="row" className={classes.fieldName}>
        {name}
        <Text size="xs" c="dimmed" component="div">
          {t('conflict.before')} <FieldValue page={page} field={field.name} value={field.base} />
        </Text>
      </th>
      {sides.map((side) => (
        <td key={side} className={classes.choice} data-chosen={chosen === side || undefined}>
          <Text size="xs" c="dimmed" className={classes.side}>
            {t(`conflict.${side}`)}
          </Text>
          {onChoose === undefined ? (
            <FieldValue page={page} field={field.name} value={field[side]} />
          ) : (
            <Radio
              name={field.name}
              value={side}
              checked={chosen === side}
              onChange={() => onChoose(side)}
              aria-label={t(`conflict.take.${side}`, { name })}
              label={<FieldValue page={page} field={field.name} value={field[side]} />}
            />
          )}
        </td>
      ))}
    </tr>
  )
}
