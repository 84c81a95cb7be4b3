import { Anchor, Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useTraining } from './first-run.tsx'
import { RecoverOffice } from './recover-office.tsx'

/** Opens the sealed data of the real office with its passphrase. */
export function Unlock() {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const [passphrase, setPassphrase] = useState('')
  const training = useTraining()
  const unlock = useMutation({
    ...api.setup.unlock.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
    onError: () => {
      setPassphrase('')
      field.current?.focus()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (passphrase !== '') unlock.mutate({ passphrase })
  }
  const [recovering, setRecovering] = useState(false)
  if (recovering) return <RecoverOffice onBack={() => setRecovering(false)} />
  const fault = unlock.error ?? training.error
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('unlock.title')}</Title>
          <Text c="dimmed">{t('unlock.subtitle')}</Text>
        </div>
        <PasswordInput
          ref={field}
          autoFocus
          size="md"
          label={t('unlock.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
        />
        {fault && <FaultMessage fault={fault} onAction={() => field.current?.focus()} />}
        <Button type="submit" size="md" loading={unlock.isPending} disabled={passphrase === '' || training.isPending}>
          {t('unlock.open')}
        </Button>
        <Anchor component="button" type="button" c="dimmed" onClick={() => setRecovering(true)}>
          {t('backups:recover.link')}
        </Anchor>
        <Anchor component="button" type="button" c="dimmed" onClick={() => training.mutate(undefined)}>
          {t('unlock.training')}
        </Anchor>
      </Stack>
    </form>
  )
}
