import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconEye } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import type { ConformanceResult } from '../../../shared/model/conformance.ts'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import classes from './settings.module.css'

/** A finding as it comes from the running test or out of a report. */
export type Found = Pick<ConformanceResult, 'check' | 'outcome'> & {
  readonly finding: ConformanceResult['finding'] | Fault
}

const looks = {
  bad: { icon: IconAlertTriangle, colour: 'var(--mantine-color-brick-text)' },
  doubt: { icon: IconEye, colour: 'var(--mantine-color-ochre-text)' },
  good: { icon: IconCircleCheck, colour: 'var(--mantine-color-moss-text)' },
} as const
const weights = ['bad', 'doubt', 'good'] as const

/** What was found, one line a check; sorted, what has to be mended comes first. What was not tried is named at the end. */
export function SelfTestFindings({ results, sorted = false }: { results: readonly Found[]; sorted?: boolean }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const tried = results.filter(({ outcome }) => outcome !== 'not-tried')
  const shown = sorted ? weights.flatMap((weight) => tried.filter(({ outcome }) => outcome === weight)) : tried
  const untried = results.filter(({ outcome }) => outcome === 'not-tried')
  const named = (checks: readonly Found[]): string =>
    format.list(checks.map(({ check }) => t(`selfTest.checks.${check}`)))
  const withMoney = untried.filter(({ check }) => check.startsWith('sandbox-'))
  const barred = untried.filter(({ check }) => !check.startsWith('sandbox-'))
  return (
    <ul className={classes.findings}>
      {shown.map(({ check, outcome, finding }) => {
        if (outcome === 'not-tried') return null
        const { icon: Picture, colour } = looks[outcome]
        return (
          <li key={check} data-check={check} data-outcome={outcome}>
            <Picture size={18} color={colour} role="img" aria-label={t(`selfTest.outcome.${outcome}`)} />
            <div>
              <Text fw={outcome === 'good' ? 400 : 600}>{t(`selfTest.checks.${check}`)}</Text>
              {finding !== null && <Text size="sm">{codeSentence(t, finding.code, finding.params)}</Text>}
            </div>
          </li>
        )
      })}
      {[
        { key: 'barred', some: barred },
        { key: 'money', some: withMoney },
      ].map(
        ({ key, some }) =>
          some.length > 0 && (
            <li key={key} data-outcome="not-tried">
              <IconCircleDashed
                size={18}
                color="var(--office-muted)"
                role="img"
                aria-label={t('selfTest.outcome.not-tried')}
              />
              <Text size="sm" c="dimmed">
                {t(`selfTest.untried.${key}`, { checks: named(some) })}
              </Text>
            </li>
          ),
      )}
    </ul>
  )
}
