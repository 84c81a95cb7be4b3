import { Alert, Anchor, Badge, Button, Checkbox, Group, List, Paper, Radio, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ComparedFact, PersonCheckView } from '../../../../shared/contract/person-check.ts'
import { hasTabs } from '../../../api/bridge.ts'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { FactTable, useFactValue } from '../../../components/fact-table.tsx'
import { FaultMessage } from '../../../components/fault-message.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { recordKinds } from '../answers.ts'

interface CheckPanelProps {
  registrantId: string
  name: string
  onClose: () => void
}

/** What the person let the provider tell, until the officer has decided. Whoever leaves the page forgets it. */
export function CheckPanel(props: CheckPanelProps) {
  const { registrantId } = props
  const api = useApi()
  // Nothing of it outlives the panel: the next check of the same person is another answer.
  const query = useQuery({
    ...api.personCheck.view.queryOptions({ registrantId }, { kinds: recordKinds }),
    gcTime: 0,
  })
  const decided = useRef(false)
  const leaving = useRef<number>(undefined)
  useEffect(() => {
    // Development mounts everything twice; only who stays away has left.
    window.clearTimeout(leaving.current)
    return () => {
      leaving.current = window.setTimeout(() => {
        if (!decided.current) void api.personCheck.drop.run(undefined).catch(notifyFault)
      })
    }
  }, [api])
  const close = (): void => {
    decided.current = true
    props.onClose()
  }
  return (
    <Paper p="md" radius="md" bg="var(--office-sunk)">
      <Answer query={query}>
        {(check) => <Comparison check={check} name={props.name} onDecided={close} onForget={props.onClose} />}
      </Answer>
    </Paper>
  )
}

interface ComparisonProps {
  check: PersonCheckView
  name: string
  onDecided: () => void
  onForget: () => void
}

function Comparison({ check, name, onDecided, onForget }: ComparisonProps) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const [taken, setTaken] = useState<Readonly<Partial<Record<ComparedFact['field'], string>>>>({})
  const [sure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const { id, basedOn, provider, facts, withheld, unread, doubts } = check
  const words = (fields: readonly ComparedFact['field'][]): string =>
    format.list(fields.map((field) => t(`check.facts.${field}`)))

  const decide = async (verdict: 'same' | 'another'): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    const take = facts.flatMap(({ field }) => {
      const value = taken[field]
      return value === undefined ? [] : [{ field, value }]
    })
    try {
      await api.personCheck.decide.run({ checkId: id, basedOn, verdict, take: verdict === 'same' ? take : [], sure })
      notifyDone(t(verdict === 'same' ? 'check.done' : 'check.anotherDone', { name }))
      onDecided()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  return (
    <Stack>
      <div>
        <Title order={3} size="h4">
          {t('check.result', { provider })}
        </Title>
        <Text size="sm" c="dimmed">
          {t('check.resultMeaning', { time: format.moment(check.until) })}
        </Text>
      </div>
      {doubts.length > 0 && <Doubts check={check} name={name} />}
      {facts.length === 0 ? (
        <Text>{t('check.noFacts')}</Text>
      ) : (
        <FactTable heads={[t('check.field'), t('check.current'), t('check.said', { provider })]}>
          {facts.map((fact) => (
            <FactRow
              key={fact.field}
              fact={fact}
              chosen={taken[fact.field]}
              onChoose={(value) =>
                setTaken(({ [fact.field]: _, ...others }) =>
                  value === undefined ? others : { ...others, [fact.field]: value },
                )
              }
            />
          ))}
        </FactTable>
      )}
      {withheld.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('check.withheld', { fields: words(withheld) })}
        </Text>
      )}
      {unread.length > 0 && (
        <Text size="sm" c="ochre">
          {t('check.unread', { fields: words(unread) })}
        </Text>
      )}
      {doubts.length > 0 && (
        <Checkbox
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
          label={t('check.sure', { name })}
        />
      )}
      {fault && <FaultMessage fault={fault} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="subtle" color="gray" disabled={busy} onClick={onForget}>
          {t('check.forget')}
        </Button>
        <Button variant="default" disabled={busy} onClick={() => void decide('another')}>
          {t('check.another')}
        </Button>
        <Button loading={busy} disabled={doubts.length > 0 && !sure} onClick={() => void decide('same')}>
          {t('check.accept')}
        </Button>
      </Group>
    </Stack>
  )
}

/** What stands against its being this person, before anything else. */
function Doubts({ check: { doubts, others }, name }: { check: PersonCheckView; name: string }) {
  const { t } = useTranslation('registrants')
  return (
    <Alert color="brick" role="alert" icon={<IconAlertTriangle size={18} />} title={t('check.doubtsTitle', { name })}>
      <List size="sm" spacing={4}>
        {doubts.map((doubt) => (
          <List.Item key={doubt}>
            {t(`check.doubts.${doubt}`)}
            {doubt === 'known-elsewhere' && (
              <>
                {others.map(({ registrantId, name: other, registryNumber }) => (
                  <div key={registrantId}>
                    {/* Not in this window: whoever leaves the page forgets the check. */}
                    {hasTabs() ? (
                      <Anchor component={Link} to={`/registrants/${registrantId}`} target="_blank" fw={600}>
                        <bdi>{other}</bdi>
                      </Anchor>
                    ) : (
                      <Text span fw={600}>
                        <bdi>{other}</bdi>
                      </Text>
                    )}{' '}
                    <bdi>{registryNumber}</bdi>
                  </div>
                ))}
                <Text size="sm">{t('check.duplicate')}</Text>
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

interface FactRowProps {
  fact: ComparedFact
  /** What goes into the record; undefined leaves it as it is. */
  chosen: string | undefined
  onChoose: (value: string | undefined) => void
}

function FactRow({ fact: { field, current, said }, chosen, onChoose }: FactRowProps) {
  const { t } = useTranslation('registrants')
  const factValue = useFactValue()
  const shown = (value: string): string => (value === '' ? t('check.nothing') : factValue(field, value))
  const differs = said.some(({ value }) => value !== current)
  const word = t(`tokenisation:targets.${field}`)
  return (
    <tr data-fact={field}>
      <th scope="row">{word}</th>
      <td>
        {differs ? (
          <Radio
            name={field}
            checked={chosen === undefined}
            onChange={() => onChoose(undefined)}
            label={<bdi>{shown(current)}</bdi>}
            aria-label={`${word}: ${t('check.keep', { value: shown(current) })}`}
          />
        ) : (
          <bdi>{shown(current)}</bdi>
        )}
      </td>
      <td>
        <Stack gap={6}>
          {said.map(({ value, language, verified }) => (
            <Group key={value} gap="xs">
              {value === current ? (
                <Group gap={6} wrap="nowrap" c="moss">
                  <IconCheck size={16} />
                  <Text size="sm">{t('check.same')}</Text>
                </Group>
              ) : (
                <Radio
                  name={field}
                  checked={chosen === value}
                  onChange={() => onChoose(value)}
                  label={<bdi style={{ whiteSpace: 'pre-line' }}>{shown(value)}</bdi>}
                  aria-label={`${word}: ${t('check.take', { value: shown(value) })}`}
                />
              )}
              {language !== '' && (
                <Badge size="sm" variant="default" tt="none">
                  <bdi>{language}</bdi>
                </Badge>
              )}
              {verified && (
                <Badge size="sm" variant="light" color="moss" tt="none">
                  {t('check.vouched')}
                </Badge>
              )}
            </Group>
          ))}
        </Stack>
      </td>
    </tr>
  )
}
