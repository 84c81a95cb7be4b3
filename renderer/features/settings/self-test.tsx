import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconDownload,
  IconEye,
  IconPlugConnected,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import {
  type ConformanceOutcome,
  type ConformanceResult,
  conformanceChecks,
  type SandboxPayment,
} from '../../../shared/model/conformance.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import type { ManagerView } from './answers.ts'
import { SandboxForm } from './sandbox-form.tsx'
import classes from './settings.module.css'

const looks = {
  good: { icon: IconCircleCheck, colour: 'var(--mantine-color-moss-6)' },
  doubt: { icon: IconEye, colour: 'var(--mantine-color-ochre-6)' },
  bad: { icon: IconAlertTriangle, colour: 'var(--mantine-color-brick-6)' },
  'not-tried': { icon: IconCircleDashed, colour: 'var(--office-muted)' },
}

type Sandbox = SandboxPayment & { readonly pin: string }
type Found = Pick<ConformanceResult, 'check' | 'outcome'> & { readonly finding: ConformanceResult['finding'] | Fault }

/** Shows how a payment system behaves before any money goes through it, check by check. */
export function SelfTest({ manager }: { manager: ManagerView }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const api = useApi()
  const { id: managerId, name } = manager
  const latest = useQuery(api.conformance.latest.queryOptions({ managerId }, { kinds: ['conformanceReport'] }))
  const [running, setRunning] = useState<readonly Found[]>()
  const [fault, setFault] = useState<Fault | Error>()
  const stop = useRef<() => void>(undefined)
  useEffect(() => () => stop.current?.(), [])

  const run = (sandbox: Sandbox | null): void => {
    setFault(undefined)
    setRunning([])
    stop.current = api.conformance.run.follow(
      { managerId, sandbox },
      {
        event: (found) => setRunning((before = []) => [...before, found]),
        end: (ended) => {
          setRunning(undefined)
          setFault(ended)
          void latest.refetch()
        },
      },
    )
  }
  const halt = (): void => {
    stop.current?.()
    setRunning(undefined)
  }
  return (
    <Section
      title={t('selfTest.title')}
      description={t('selfTest.meaning')}
      actions={
        running === undefined ? (
          <Button leftSection={<IconPlugConnected size={16} />} onClick={() => run(null)}>
            {t('selfTest.run')}
          </Button>
        ) : (
          <Button variant="default" onClick={halt}>
            {t('selfTest.stop')}
          </Button>
        )
      }
    >
      <Stack>
        {fault && <FaultMessage fault={fault} />}
        {running !== undefined && (
          <div role="status">
            <Text size="sm" mb={4}>
              {t('selfTest.running', {
                done: format.number(running.length),
                all: format.number(conformanceChecks.length),
              })}
            </Text>
            <Progress value={(100 * running.length) / conformanceChecks.length} aria-label={t('selfTest.title')} />
            <Findings results={running} />
          </div>
        )}
        {running === undefined && (
          <Answer query={latest}>
            {(report) =>
              report === null ? (
                <Text c="dimmed">{t('selfTest.never')}</Text>
              ) : (
                <>
                  <Group justify="space-between">
                    <Text>
                      {t('selfTest.tested')} <MomentText at={report.testedAt} span />:{' '}
                      {t('selfTest.summary', tally(report.results, format.number))}
                    </Text>
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconDownload size={14} />}
                      onClick={() => saveFile(`${name} self-test.json`, [reportText(report, t)], 'application/json')}
                    >
                      {t('selfTest.save')}
                    </Button>
                  </Group>
                  {!report.isForTheseSettings && <Text c="ochre">{t('selfTest.forOther')}</Text>}
                  <Findings results={report.results} />
                </>
              )
            }
          </Answer>
        )}
        {running === undefined && <SandboxForm onRun={run} />}
      </Stack>
    </Section>
  )
}

type Word = ReturnType<typeof useTranslation<'settings'>>['t']

/** The report as a file: what stands on the screen, in words and in codes. */
const reportText = (report: { readonly results: readonly ConformanceResult[] }, t: Word): string =>
  JSON.stringify(
    {
      ...report,
      results: report.results.map((result) => ({
        ...result,
        checked: t(`selfTest.checks.${result.check}`),
        words: result.finding === null ? '' : codeSentence(t, result.finding.code, result.finding.params),
      })),
    },
    null,
    2,
  )

const tally = (results: readonly ConformanceResult[], number: (value: number) => string) => {
  const count = (wanted: ConformanceOutcome): string =>
    number(results.filter(({ outcome }) => outcome === wanted).length)
  return { good: count('good'), doubt: count('doubt'), bad: count('bad') }
}

function Findings({ results }: { results: readonly Found[] }) {
  const { t } = useTranslation('settings')
  return (
    <ul className={classes.findings}>
      {results.map(({ check, outcome, finding }) => {
        const { icon: Picture, colour } = looks[outcome]
        return (
          <li key={check} data-check={check} data-outcome={outcome}>
            <Picture size={18} color={colour} role="img" aria-label={t(`selfTest.outcome.${outcome}`)} />
            <div>
              <Text {...(outcome === 'not-tried' ? { c: 'dimmed' } : {})}>{t(`selfTest.checks.${check}`)}</Text>
              {finding !== null && (
                <Text size="sm" c="dimmed">
                  {codeSentence(t, finding.code, finding.params)}
                </Text>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
