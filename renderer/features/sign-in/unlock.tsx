import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { ClosedOffice } from './closed-office.tsx'

/** Opens the sealed data of the real office with its passphrase. */
export function Unlock() {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const [passphrase, setPassphrase] = useState('')
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
  return (
    <ClosedOffice subtitle={t('unlock.subtitle')}>
      {(_, training) => {
        const fault = unlock.error ?? training.error
        return (
          <form onSubmit={submit}>
            <Stack>
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
              <Button
                type="submit"
                size="md"
                loading={unlock.isPending}
                disabled={passphrase === '' || training.isPending}
              >
                {t('unlock.open')}
              </Button>
            </Stack>
          </form>
        )
      }}
    </ClosedOffice>
  )
}
