import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Trial, TriedPerson } from '../../../shared/contract/tokenisation.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import classes from './tokens.module.css'

/** Three people as they would be sent, and what the output format makes of the answers; nothing leaves. */
export function TrialSection({ settings }: { settings: ConnectorSettings }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const trial = useMutation({
    mutationFn: () => api.tokenisation.connectors.tryWithThree.ask({ settings }),
  })
  return (
    <Section
      title={t('trial.title')}
      description={t('trial.meaning')}
      actions={
        <Button
          size="xs"
          leftSection={<IconFlask size={14} />}
          loading={trial.isPending}
          onClick={() => trial.mutate()}
        >
          {t('trial.try')}
        </Button>
      }
    >
      {trial.error && <FaultMessage fault={trial.error} />}
      {trial.data ? (
        <Tried trial={trial.data} />
      ) : (
        !trial.error && (
          <Text c="dimmed" size="sm">
            {t('trial.notYet')}
          </Text>
        )
      )}
    </Section>
  )
}

function Tried({ trial }: { trial: Trial }) {
  const { t } = useTranslation('tokenisation')
  return (
    <Stack>
      {trial.fault && <FaultMessage fault={trial.fault} />}
      {trial.people.length === 0 && (
        <Alert color="ochre" role="status">
          {t('trial.nobody')}
        </Alert>
      )}
      {trial.people.map((person) => (
        <Person key={person.registrantId} person={person} />
      ))}
      <details>
        <summary>{t('trial.asSent')}</summary>
        <Text size="sm" fw={500} mt="xs">
          {t('fields.mapping')}
        </Text>
        <pre className={classes.text} dir="ltr">
          {trial.mapping}
        </pre>
        <Text size="sm" fw={500} mt="xs">
          {t('fields.outputFormat')}
        </Text>
        <pre className={classes.text} dir="ltr">
          {trial.program}
        </pre>
      </details>
    </Stack>
  )
}

function Person({ person }: { person: TriedPerson }) {
  const { t } = useTranslation('tokenisation')
  const { name, sent, reason, params, withToken, withRefusal } = person
  const fact = params.fact === undefined ? '' : t(`facts.${params.fact}`, { defaultValue: params.fact })
  return (
    <article data-tried={reason === '' ? 'sent' : reason}>
      <Group gap="sm" mb={6}>
        <Text fw={600}>
          <bdi>{name}</bdi>
        </Text>
        {reason !== '' && (
          <Text size="sm" c="ochre">
            {t('trial.notSent')} {t(`reasons.${reason}`, { fact })}
          </Text>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="sm">
        <Text component="div" size="sm">
          {t('trial.sent')}
          <pre className={classes.text} dir="ltr">
            {JSON.stringify(sent, undefined, 2)}
          </pre>
        </Text>
        <Text component="div" size="sm">
          {t('trial.withToken')}
          <pre className={classes.text} dir="ltr">
            {withToken}
          </pre>
        </Text>
        <Text component="div" size="sm">
          {t('trial.withRefusal')}
          <pre className={classes.text} dir="ltr">
            {withRefusal}
          </pre>
        </Text>
      </SimpleGrid>
    </article>
  )
}
