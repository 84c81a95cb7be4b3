import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconDownload, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import { type ConformanceResult, conformanceChecks, type SandboxPayment } from '../../../shared/model/conformance.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import type { ManagerView, SelfTestReport } from './answers.ts'
import { placeOf } from './manager-outline.tsx'
import { sampleAddress } from './payee-samples.ts'
import { SandboxForm } from './sandbox-form.tsx'
import { type Found, SelfTestFindings } from './self-test-findings.tsx'

type Sandbox = SandboxPayment & { readonly pin: string }

/** Shows how a payment system behaves before any money goes through it, check by check. */
export function SelfTest({ manager }: { manager: ManagerView }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const { id: managerId, name } = manager
  const latest = useQuery(api.conformance.latest.queryOptions({ managerId }, { kinds: ['conformanceReport'] }))
  const [running, setRunning] = useState<readonly Found[]>()
  const [fault, setFault] = useState<Fault | Error>()
  const [stopped, setStopped] = useState(false)
  const stop = useRef<() => void>(undefined)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => () => stop.current?.(), [])

  /** Resolves when the test has begun; rejects when something stood in its way, a wrong PIN for instance. */
  const run = (sandbox: Sandbox | null): Promise<void> =>
    new Promise((resolve, reject) => {
      let begun = false
      setFault(undefined)
      setStopped(false)
      stop.current = api.conformance.run.follow(
        { managerId, sandbox },
        {
          event: (event) => {
            if (event.kind === 'found') return setRunning((before = []) => [...before, event.found])
            begun = true
            setRunning([])
            resolve()
          },
          end: (ended) => {
            if (!begun) return reject(ended ?? new Error('the self-test ended before it began'))
            setFault(ended)
            void latest.refetch().finally(() => setRunning(undefined))
          },
        },
      )
    })
  const halt = (): void => {
    stop.current?.()
    setRunning(undefined)
    setStopped(true)
  }
  const isRunning = running !== undefined
  return (
    <Section
      id={placeOf('selfTest')}
      title={t('selfTest.title')}
      description={t('selfTest.meaning')}
      actions={
        isRunning ? (
          <Button variant="default" onClick={halt}>
            {t('selfTest.stop')}
          </Button>
        ) : (
          <Button leftSection={<IconPlugConnected size={16} />} onClick={() => void run(null).catch(setFault)}>
            {t('selfTest.run')}
          </Button>
        )
      }
    >
      <Stack>
        {fault && <FaultMessage fault={fault} />}
        {stopped && (
          <Text c="dimmed" role="status">
            {t('selfTest.stopped')}
          </Text>
        )}
        <div ref={outcome} tabIndex={-1} style={{ outline: 'none', scrollMarginBlockStart: 16 }}>
          {isRunning ? (
            <Progressing found={running} />
          ) : (
            <Answer query={latest}>
              {(report) =>
                report === null ? <Text c="dimmed">{t('selfTest.never')}</Text> : <Report report={report} name={name} />
              }
            </Answer>
          )}
        </div>
        {manager.kind !== 'payment-hub' && (
          <SandboxForm
            disabled={isRunning}
            sample={sampleAddress(manager)}
            onRun={run}
            onBegun={() => {
              outcome.current?.focus({ preventScroll: true })
              outcome.current?.scrollIntoView({ block: 'start' })
            }}
          />
        )}
      </Stack>
    </Section>
  )
}

function Progressing({ found }: { found: readonly Found[] }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const next = conformanceChecks.find((check) => found.every((one) => one.check !== check))
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" mb={4} role="status">
          {t('selfTest.running', { done: format.number(found.length), all: format.number(conformanceChecks.length) })}
          {next !== undefined && ` ${t(`selfTest.checks.${next}`)}`}
        </Text>
        <Progress value={(100 * found.length) / conformanceChecks.length} aria-label={t('selfTest.title')} />
      </div>
      <SelfTestFindings results={found} />
    </Stack>
  )
}

const verdicts = { good: 'moss', doubt: 'ochre', bad: 'brick' } as const

function Report({ report, name }: { report: SelfTestReport; name: string }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { results, isForTheseSettings, testedAt } = report
  const count = (wanted: ConformanceResult['outcome']): number =>
    results.filter(({ outcome }) => outcome === wanted).length
  const verdict = count('bad') > 0 ? 'bad' : count('doubt') > 0 ? 'doubt' : 'good'
  return (
    <Stack gap="sm">
      <Alert color={verdicts[verdict]} role="status" data-verdict={verdict}>
        <Group justify="space-between" gap="sm">
          <div>
            <Text fw={600}>{t(`selfTest.verdict.${verdict}`)}</Text>
            <Text size="sm">
              {t('selfTest.tested')} <MomentText at={testedAt} span />:{' '}
              {t('selfTest.summary', {
                good: format.number(count('good')),
                doubt: format.number(count('doubt')),
                bad: format.number(count('bad')),
              })}
            </Text>
          </div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveFile(`${name} self-test.json`, [reportText(report, t)], 'application/json')}
          >
            {t('selfTest.save')}
          </Button>
        </Group>
      </Alert>
      {!isForTheseSettings && (
        <Alert color="ochre" role="status">
          {t('selfTest.forOther')}
        </Alert>
      )}
      <SelfTestFindings results={results} sorted />
    </Stack>
  )
}

type Word = ReturnType<typeof useTranslation<'settings'>>['t']

/** The report as a file: what stands on the screen, in words and in codes. */
const reportText = (report: SelfTestReport, t: Word): string =>
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
