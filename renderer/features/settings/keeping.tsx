import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type KeepingRule, type KeepingRules, keepingPeriods, keepingRules } from '../../../shared/model/keeping.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { KeepingPreview, KeepingStatus } from './answers.ts'
import { KeepingPeople } from './keeping-people.tsx'

const EVERY = 3_000

/** By which rules what is kept is removed, and what they would remove now. */
export function KeepingSettings() {
  const { t } = useTranslation('keeping')
  const api = useApi()
  const query = useQuery(api.keeping.status.queryOptions(undefined, { every: EVERY }))
  return (
    <Answer query={query}>
      {(status) => (
        <>
          <Standing status={status} />
          <Rules key={JSON.stringify(status.rules)} status={status} onSaved={() => void query.refetch()} />
          {status.owed > 0 && (
            <Text size="sm" c="dimmed">
              {t('owed', { count: status.owed })}
            </Text>
          )}
        </>
      )}
    </Answer>
  )
}

function Standing({ status: { last, running } }: { status: KeepingStatus }) {
  const { t } = useTranslation('keeping')
  const format = useFormat()
  const removed = keepingRules.filter((rule) => last?.removed[rule] !== undefined)
  return (
    <Section title={t('title')} description={t('meaning')}>
      <div role="status">
        {running ? (
          <Text>{t('running')}</Text>
        ) : last === null || last.at === 0 ? (
          <Text>{t('never')}</Text>
        ) : (
          <Text>
            {t('last')}: <MomentText at={last.at} />
            {' · '}
            {removed.length === 0
              ? t('nothing')
              : removed
                  .map((rule) => `${t(`rules.${rule}.name`)} ${format.number(last.removed[rule] ?? 0)}`)
                  .join(', ')}
          </Text>
        )}
      </div>
    </Section>
  )
}

function Rules({ status, onSaved }: { status: KeepingStatus; onSaved: () => void }) {
  const { t } = useTranslation('keeping')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const [draft, setDraft] = useState(status.rules)
  const [shown, setShown] = useState<KeepingRules>()
  const preview = useQuery({
    ...api.keeping.preview.queryOptions(
      { rules: shown ?? draft, offset: 0, limit: 100 },
      { enabled: shown !== undefined },
    ),
    gcTime: 0,
  })
  const periods = (rules: KeepingRules): string => keepingRules.map((rule) => rules[rule].after).join()
  const isShown = shown !== undefined && periods(shown) === periods(draft) && preview.data !== undefined
  const isChanged = JSON.stringify(draft) !== JSON.stringify(status.rules)
  const set = (rule: KeepingRule, change: Partial<KeepingRules[KeepingRule]>): void =>
    setDraft({ ...draft, [rule]: { ...draft[rule], ...change } })
  const save = async (): Promise<void> => {
    const done = await askPin({
      title: t('saveTitle'),
      body: t('saveBody'),
      confirmLabel: t('save'),
      run: (pin) => api.keeping.change.run({ before: status.rules, rules: draft, pin }),
    })
    if (done === undefined) return
    notifyDone(t('saved'))
    onSaved()
  }
  return (
    <Section
      title={t('rulesTitle')}
      {...(may ? {} : { description: t('onlyAdministrators') })}
      actions={
        may && (
          <Button
            variant="default"
            loading={preview.isFetching}
            onClick={() => (isShown ? void preview.refetch() : setShown(draft))}
          >
            {t('preview')}
          </Button>
        )
      }
    >
      <Stack>
        <Stack component="ul" aria-label={t('rulesTitle')} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
          {keepingRules.map((rule) => (
            <Group key={rule} component="li" justify="space-between" align="start" gap="sm">
              <Switch
                label={t(`rules.${rule}.name`)}
                description={t(`rules.${rule}.meaning`)}
                checked={draft[rule].on}
                onChange={(event) => set(rule, { on: event.currentTarget.checked })}
                disabled={!may}
                flex="1 1 280px"
                maw={440}
              />
              <Group gap="xs">
                <Text size="sm" c="dimmed">
                  {t('after')}
                </Text>
                <NumberInput
                  aria-label={`${t(`rules.${rule}.name`)}: ${t('after')}`}
                  value={draft[rule].after}
                  onChange={(value) => set(rule, { after: Number(value) })}
                  min={keepingPeriods[rule].least}
                  max={keepingPeriods[rule].most}
                  clampBehavior="strict"
                  allowDecimal={false}
                  readOnly={!may}
                  suffix={` ${t(`units.${keepingPeriods[rule].unit}`, { count: draft[rule].after })}`}
                  w={130}
                />
              </Group>
              {isShown && preview.data && (
                <Text size="sm" w="100%">
                  {t('now')}: <Counts rule={rule} preview={preview.data} />
                </Text>
              )}
            </Group>
          ))}
        </Stack>
        {may && (
          <Group>
            <Button onClick={() => void save()} disabled={!isChanged || !isShown}>
              {t('save')}
            </Button>
            {isChanged && !isShown && (
              <Text size="sm" c="dimmed">
                {t('changed')}
              </Text>
            )}
          </Group>
        )}
        {shown !== undefined && (
          <Answer query={preview} loading={<Text role="status">{t('previewing')}</Text>}>
            {(found) => <KeepingPeople key={JSON.stringify(shown)} rules={shown} first={found} />}
          </Answer>
        )}
      </Stack>
    </Section>
  )
}

function Counts({ rule, preview }: { rule: KeepingRule; preview: KeepingPreview }) {
  const { t } = useTranslation('keeping')
  const format = useFormat()
  const counts: Record<string, string> = {}
  for (const [name, count] of Object.entries(preview.counts[rule])) counts[name] = format.number(count)
  return t(`counts.${rule}`, counts)
}
