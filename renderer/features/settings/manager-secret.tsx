import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import type { ManagerView } from './answers.ts'
import { placeOf } from './manager-outline.tsx'

/** The bearer token or client secret: goes in, never comes out. */
export function ManagerSecret({ manager, onChanged }: { manager: ManagerView; onChanged: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [secret, setSecret] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const save = useMutation({
    ...api.managers.setSecret.mutationOptions(),
    onSuccess: () => {
      setSecret('')
      setClientSecret('')
      notifyDone(t('secret.saved'))
      onChanged()
    },
  })
  const { kind } = manager.authentication
  const withPassword = kind === 'oauth2-password'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (secret === '') return
    save.mutate({ id: manager.id, secret, ...(withPassword ? { clientSecret } : {}) })
  }
  const title = withPassword
    ? 'secret.password'
    : kind === 'bearer'
      ? 'secret.bearer'
      : kind === 'api-key'
        ? 'secret.apiKey'
        : 'secret.client'
  return (
    <Section
      id={placeOf('secret')}
      title={t(title)}
      description={t(manager.hasSecret ? 'secret.isSet' : 'secret.notSet')}
    >
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label={t(manager.hasSecret ? 'secret.replace' : 'secret.enter')}
            description={t('secret.meaning')}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            maxLength={10_000}
            visibilityToggleButtonProps={{ 'aria-label': t('secret.show') }}
          />
          {withPassword && (
            <PasswordInput
              label={t('secret.clientOfUser')}
              description={t('secret.clientOfUserMeaning')}
              value={clientSecret}
              onChange={(event) => setClientSecret(event.currentTarget.value)}
              autoComplete="off"
              maxLength={10_000}
              visibilityToggleButtonProps={{ 'aria-label': t('secret.show') }}
            />
          )}
          {save.error && <FaultMessage fault={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={secret === ''}>
              {t('secret.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
