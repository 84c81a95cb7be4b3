import { Stack, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import { runKinds } from './answers.ts'
import { PeopleFromFile } from './people-from-file.tsx'
import { isUnderWay } from './run-figures.ts'
import { RunSummary } from './run-summary.tsx'
import classes from './tokens.module.css'

const MOST = 100

/** All runs, newest first; of one connector where it is named. */
export function RunsTab({ connectorId = null }: { connectorId?: string | null }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const query = useQuery(
    api.tokenisation.runs.queryOptions({ connectorId, limit: MOST }, { kinds: runKinds, keepPrevious: true }),
  )
  return (
    <Section title={t('tabs.runs')} description={t('runs.meaning')} flush actions={<PeopleFromFile />}>
      <Answer query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <EmptyState icon={IconHistory} title={t('runs.none')} description={t('runs.noneMeaning')} />
          ) : (
            <ul className={classes.list}>
              {runs.map((run) => (
                <li key={run.id} className={classes.row} data-run={run.id}>
                  <Stack gap={2} className={classes.words}>
                    {connectorId === null && (
                      <Text fw={600}>
                        <bdi>{run.connectorName || t('runs.removedConnector')}</bdi>
                      </Text>
                    )}
                    <RunSummary run={run} />
                    {run.fault && isUnderWay(run) && <FaultMessage fault={run.fault} />}
                  </Stack>
                  <Text size="sm" c="dimmed">
                    {t(`runs.startedBy.${run.startedBy}`)}
                  </Text>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}
