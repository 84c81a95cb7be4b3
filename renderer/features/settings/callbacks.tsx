import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { CallbackStatus } from './answers.ts'
import { CallbackCertificate } from './callback-certificate.tsx'
import { CallbackForm } from './callback-form.tsx'
import { CallbackPaths } from './callback-paths.tsx'
import { LastCalls } from './last-calls.tsx'

/** How payment systems can call this office, and what they said lately. */
export function Callbacks() {
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.callbacks.status.queryOptions(undefined, { every: 5_000 }))
  const refresh = (): void => void query.refetch()
  return (
    <Answer query={query}>
      {(status) => (
        <>
          <Standing status={status} />
          {may && <CallbackForm status={status} onSaved={refresh} />}
          {may && <CallbackCertificate status={status} onSaved={refresh} />}
          <CallbackPaths status={status} onChanged={refresh} />
          <LastCalls status={status} />
        </>
      )}
    </Answer>
  )
}

function Standing({ status: { listening, settings, base } }: { status: CallbackStatus }) {
  const { t } = useTranslation('callbacks')
  return (
    <Section title={t('title')} description={t('meaning')}>
      <Stack>
        {listening.state === 'failed' && <FaultMessage fault={listening.fault} />}
        {listening.state === 'listening' && (
          <Alert color="moss" role="status">
            <Text>{t('listening', { address: base })}</Text>
          </Alert>
        )}
        {listening.state === 'off' && (
          <Alert color="slate" role="status">
            <Text>{t(settings.inbox === null ? 'off' : 'onlyInbox')}</Text>
          </Alert>
        )}
      </Stack>
    </Section>
  )
}
