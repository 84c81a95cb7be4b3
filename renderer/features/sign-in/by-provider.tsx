import { Divider, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { ProviderSignIn } from '../../components/provider-sign-in.tsx'

/** Somebody whom a provider named and nobody here knows. */
export interface Stranger {
  readonly attemptId: string
  readonly name: string
}

/** The ways to sign in by an account outside of this office; nothing where there is none. */
export function ByProvider({ onStranger }: { onStranger: (stranger: Stranger) => void }) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const providers = useQuery(api.signIn.providers.queryOptions(undefined, { kinds: ['signInProvider', 'officer'] }))
  if (providers.data === undefined || providers.data.length === 0) return null
  return (
    <Stack gap="xs">
      <Divider label={t('provider.or')} />
      {providers.data.map(({ id, name }) => (
        <ProviderSignIn
          key={id}
          name={name}
          label={t('provider.signIn', { name })}
          fullWidth
          begin={(language) => api.signIn.begin.run({ providerId: id, language })}
          onOutcome={(outcome, attemptId) => {
            if (outcome.kind === 'signed-in') queryClient.setQueryData(api.session.current.queryKey(), outcome.officer)
            else if (outcome.kind === 'unknown') onStranger({ attemptId, name: outcome.name })
          }}
        />
      ))}
    </Stack>
  )
}
