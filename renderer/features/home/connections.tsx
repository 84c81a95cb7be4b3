import { Anchor, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { centralSentence } from '../../components/central/central-words.ts'
import { useCentralOverview } from '../../components/central/use-overview.ts'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { type Tone, toneOf, useConnectivity } from '../../state/connectivity.ts'
import { useSession } from '../../state/session.ts'
import classes from './home-screen.module.css'
import { SafetyWords } from './safety-words.tsx'
import type { Summary } from './waiting-list.tsx'

/** Line, payment system, central server, jobs and backups, in words. */
export function Connections({ summary }: { summary: Summary }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const coreUp = useConnectivity((connectivity) => connectivity.coreUp)
  const { jobs, nextJobAt, unsent, unsentSince, outside, safety } = summary
  const anyJob = jobs.running + jobs.waiting + jobs.paused + jobs.attention > 0
  return (
    <Section title={t('connections.title')}>
      <ul className={classes.connections}>
        <Standing tone={coreUp ? 'good' : 'bad'}>
          {coreUp ? t('common:status.coreUp') : t('common:status.coreDown')}
        </Standing>
        <Standing tone={toneOf[outside.line]}>{t(`common:status.line.${outside.line}`)}</Standing>
        <Standing tone={toneOf[outside.paymentSystem]}>
          {t(`common:status.paymentSystem.${outside.paymentSystem}`)}
        </Standing>
        <CentralStanding />
        <Standing tone={jobs.attention > 0 ? 'bad' : 'good'}>
          {anyJob
            ? t('connections.jobs', {
                running: format.number(jobs.running),
                waiting: format.number(jobs.waiting),
                paused: format.number(jobs.paused),
                attention: format.number(jobs.attention),
              })
            : t('connections.jobsNone')}
          {nextJobAt !== null && (
            <Text size="sm" c="dimmed">
              {t('connections.next', { when: format.ago(nextJobAt) })}
            </Text>
          )}
        </Standing>
        <Standing tone={unsentSince === null ? 'good' : 'waiting'}>
          {unsentSince === null
            ? t('connections.unsentNone')
            : t('connections.unsent', { number: format.number(unsent), when: format.ago(unsentSince) })}
        </Standing>
        {safety !== null && (
          <Standing tone={safety.backup === 'fine' && safety.recoveryKey === 'proven' ? 'good' : 'waiting'}>
            <SafetyWords safety={safety} />
          </Standing>
        )}
      </ul>
    </Section>
  )
}

/** How one thing stands. The words say it; the mark only helps to find what is not well. */
function Standing({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <li data-tone={tone}>
      <Text component="div" fw={tone === 'bad' ? 600 : 400}>
        {children}
      </Text>
    </li>
  )
}

/** The central server in the same words as the chip; nothing where the office works alone. */
function CentralStanding() {
  const { t } = useTranslation('central')
  const format = useFormat()
  const { data } = useCentralOverview()
  const { training } = useSession()
  const sentence = data && centralSentence(t, format, data, training)
  if (data === undefined || sentence === undefined) return null
  const { status, waiting } = data
  const count = status.stopped.length + waiting.conflicts + waiting.refusals + waiting.quarantined
  return (
    <Standing tone={sentence.tone}>
      {sentence.words}
      {count > 0 && (
        <Anchor
          component={Link}
          to={status.stopped.length > 0 ? '/central/attention' : '/central'}
          fw={600}
          display="block"
        >
          {t('waiting.some', { count, number: format.number(count) })}
        </Anchor>
      )}
    </Standing>
  )
}
