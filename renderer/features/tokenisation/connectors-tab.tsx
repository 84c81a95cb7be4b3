import { Alert, Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useMay } from '../../state/session.ts'
import { type Connector, connectorKinds } from './answers.ts'
import { RunSummary } from './run-summary.tsx'
import classes from './tokens.module.css'

/** The ways in which this office asks for tokens. */
export function ConnectorsTab() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds: connectorKinds }))
  const create = may && (
    <Button component={Link} to="/tokens/connectors/new" leftSection={<IconPlus size={16} />}>
      {t('connectors.new')}
    </Button>
  )
  return (
    <Section title={t('tabs.connectors')} description={t('connectors.meaning')} flush actions={create}>
      <Answer query={query}>
        {(connectors) =>
          connectors.length === 0 ? (
            <EmptyState
              icon={IconPlugConnected}
              title={t('connectors.none')}
              description={t(may ? 'connectors.noneMeaning' : 'connectors.noneAsk')}
            />
          ) : (
            <ul className={classes.list}>
              {connectors.map((connector) => (
                <li key={connector.id} data-connector={connector.id}>
                  <Row connector={connector} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

function Row({ connector }: { connector: Connector }) {
  const { t } = useTranslation('tokenisation')
  const { id, name, kind, state, mtsUrl, trusted, runsHere, lastRun, nextRunAt, findings } = connector
  const wrong = findings.filter(({ weight }) => weight === 'error').length
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Group gap="xs">
          <Anchor component={Link} to={`/tokens/connectors/${id}`} fw={600}>
            <bdi>{name}</bdi>
          </Anchor>
          <Badge variant="default" tt="none" radius="sm">
            {t(`kinds.${kind}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed" truncate>
          <bdi dir="ltr">{mtsUrl}</bdi>
        </Text>
        {lastRun && <RunSummary run={lastRun} />}
        {!trusted && (
          <Alert color="brick" role="alert" mt="xs">
            {t('connectors.untrusted')}
          </Alert>
        )}
      </div>
      <Stack gap={4} align="flex-end">
        <StateBadge kind="connector" state={state} />
        {wrong > 0 && (
          <Text size="sm" c="ochre">
            {t('connectors.incomplete')}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {!runsHere ? (
            t('connectors.elsewhere')
          ) : nextRunAt === null ? (
            t('connectors.noNext')
          ) : (
            <>
              {t('connectors.next')} <MomentText at={nextRunAt} />
            </>
          )}
        </Text>
      </Stack>
    </div>
  )
}
