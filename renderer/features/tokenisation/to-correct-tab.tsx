import { Chip, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { peopleKinds } from './answers.ts'
import { PeopleList } from './people-list.tsx'
import { classesOf } from './run-figures.ts'
import { usePages } from './use-pages.ts'

const PAGE = 100

/** Who was not given a token and why: those whom somebody has to correct, and those who were not answered. */
export function ToCorrectTab() {
  const { t } = useTranslation('tokenisation')
  return (
    <Stack>
      <Corrections />
      <Section title={t('unanswered.title')} description={t('unanswered.meaning')} flush>
        <Unanswered />
      </Section>
    </Stack>
  )
}

function Corrections() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const [outcome, setOutcome] = useState<string>('')
  const input = { class: outcome === '' ? null : outcome, limit: PAGE }
  const counted = useQuery(
    api.tokenisation.toCorrect.queryOptions(
      { class: null, after: null, limit: 1 },
      { kinds: peopleKinds, keepPrevious: true },
    ),
  )
  const pages = usePages(['tokens.correct', input], peopleKinds, (after, signal) =>
    api.tokenisation.toCorrect.ask({ ...input, after }, signal),
  )
  const outcomes = classesOf(counted.data?.classes ?? {})
  return (
    <Section
      title={t('correct.title')}
      description={t('correct.meaning')}
      flush
      actions={
        outcomes.length > 1 && (
          <Chip.Group value={outcome} onChange={(next) => setOutcome(next === null ? '' : String(next))}>
            <Group gap={6}>
              <Chip value="" size="xs">
                {t('runs.all')}
              </Chip>
              {outcomes.map(({ outcome: one, count }) => (
                <Chip key={one} value={one} size="xs">
                  {t(`classes.${one}`)} {format.number(count)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        )
      }
    >
      <PeopleList pages={pages} none={t('correct.none')} noneMeaning={t('correct.noneMeaning')} />
    </Section>
  )
}

function Unanswered() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const input = { runId: null, state: 'unanswered', class: null, limit: PAGE } as const
  const pages = usePages(['tokens.unanswered', input], peopleKinds, (after, signal) =>
    api.tokenisation.items.ask({ ...input, after }, signal),
  )
  return <PeopleList pages={pages} none={t('unanswered.none')} noneMeaning={t('unanswered.noneMeaning')} />
}
