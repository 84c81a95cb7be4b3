import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { ProviderSignIn } from '../../../components/provider-sign-in.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { View } from '../answers.ts'
import { CheckPanel } from './check-panel.tsx'

/** Whether the person has shown who they are by a provider, and the way to do so now; nothing where no provider is there for it. */
export function CheckSection({ view, mayEdit }: { view: View; mayEdit: boolean }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const { id } = view
  const providers = useQuery(
    api.personCheck.providers.queryOptions(undefined, { kinds: ['signInProvider', 'officer'] }),
  )
  const standing = useQuery(api.personCheck.standing.queryOptions({ registrantId: id }, { kinds: ['consent'] }))
  const [shown, setShown] = useState(false)
  const offered = mayEdit ? (providers.data ?? []) : []
  if (offered.length === 0 && !standing.data) return null
  return (
    <Section title={t('check.title')} description={t('check.meaning')}>
      <Stack>
        {standing.data !== undefined && (
          <Text {...(standing.data === null ? { c: 'dimmed' } : {})}>
            {standing.data === null
              ? t('check.never')
              : t('check.last', {
                  day: format.day(standing.data.on),
                  provider: standing.data.provider,
                  scope: format.list(standing.data.scope.map((field) => t(`check.facts.${field}`))) || '—',
                })}
          </Text>
        )}
        {shown ? (
          <CheckPanel registrantId={id} name={view.name} onClose={() => setShown(false)} />
        ) : (
          offered.map(({ id: providerId, name }) => (
            <ProviderSignIn
              key={providerId}
              name={name}
              label={t('check.with', { name })}
              begin={(language) => api.personCheck.begin.run({ registrantId: id, providerId, language })}
              onOutcome={({ kind }) => setShown(kind === 'registrant-shown')}
            />
          ))
        )}
      </Stack>
    </Section>
  )
}
