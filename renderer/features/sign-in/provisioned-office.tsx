import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'

/** Fewest characters of a passphrase; the core asks for the same. */
const SHORTEST_PASSPHRASE = 12

/** The program was started with a provisioning file and there is no office yet: only the passphrase is missing. */
export function ProvisionedOffice() {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const create = useMutation({
    ...api.setup.createProvisioned.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  const ready = passphrase.length >= SHORTEST_PASSPHRASE && passphrase === again
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) create.mutate({ passphrase })
  }
  const show = { visibilityToggleButtonProps: { 'aria-label': t('common:pin.show') }, autoComplete: 'off' }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('provisioned.title')}</Title>
          <Text c="dimmed">{t('provisioned.meaning')}</Text>
        </div>
        <PasswordInput
          autoFocus
          label={t('new.passphrase')}
          description={t('new.passphraseHint', { count: SHORTEST_PASSPHRASE })}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          {...show}
        />
        <PasswordInput
          label={t('new.passphraseAgain')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={again !== '' && again !== passphrase && t('check.passphraseAgain')}
          {...show}
        />
        {create.error && <FaultMessage fault={create.error} />}
        <Button type="submit" size="md" loading={create.isPending} disabled={!ready}>
          {t('provisioned.create')}
        </Button>
      </Stack>
    </form>
  )
}
