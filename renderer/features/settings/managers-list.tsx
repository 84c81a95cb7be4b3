import { Alert, Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconBuildingBank, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useMay } from '../../state/session.ts'
import { ClientCertificates } from './client-certificates.tsx'
import classes from './officers.module.css'
import { SigningKeys } from './signing-keys.tsx'

/** The ways in which this office pays. */
export function ManagersList() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.managers.list.queryOptions(undefined, { kinds: ['paymentManager', 'officer'] }))
  const create = may && (
    <Button component={Link} to="/settings/managers/new" leftSection={<IconPlus size={16} />}>
      {t('managers.new')}
    </Button>
  )
  return (
    <>
      <Section title={t('sections.managers')} description={t('managers.meaning')} flush actions={create}>
        <Answer query={query}>
          {(managers) =>
            managers.length === 0 ? (
              <EmptyState icon={IconBuildingBank} title={t('managers.none')} description={t('managers.noneMeaning')} />
            ) : (
              <ul className={classes.list}>
                {managers.map((manager) => (
                  <li key={manager.id} className={classes.row}>
                    <div className={classes.person}>
                      <Anchor component={Link} to={`/settings/managers/${manager.id}`} fw={600}>
                        <bdi>{manager.name}</bdi>
                      </Anchor>
                      <Text size="sm" c="dimmed" truncate>
                        {manager.paymentFile === undefined ? (
                          <bdi>{manager.paymentEndpointUrl}</bdi>
                        ) : (
                          t(`file.forms.${manager.paymentFile.file.form}`)
                        )}
                      </Text>
                      {!manager.trusted && (
                        <Alert color="brick" role="alert" mt="xs">
                          {t('managers.untrusted')}
                        </Alert>
                      )}
                    </div>
                    <Stack gap={4} align="flex-end">
                      <StateBadge kind="manager" state={manager.state} />
                      <Group gap={4}>
                        {manager.needsSecret && (
                          <Badge variant="light" color={manager.hasSecret ? 'gray' : 'ochre'} tt="none">
                            {t(manager.hasSecret ? 'managers.secretSet' : 'managers.secretMissing')}
                          </Badge>
                        )}
                        {manager.sendAutomatically && (
                          <Badge variant="light" color="slate" tt="none">
                            {t('managers.automatic')}
                          </Badge>
                        )}
                      </Group>
                    </Stack>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </Section>
      <SigningKeys />
      <ClientCertificates />
    </>
  )
}
