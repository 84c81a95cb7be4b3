import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useSignOut } from '../../components/shell/sign-out.tsx'

/** The officer still has the PIN that an administrator chose; nothing else is answered until it is changed. */
export function FirstPin() {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const signOut = useSignOut()
  const [pin, setPin] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    ...api.session.changePin.mutationOptions(),
    onSuccess: (officer) => queryClient.setQueryData(api.session.current.queryKey(), officer),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (pin !== '' && next !== '' && next === again) change.mutate({ pin, newPin: next })
  }
  const common = {
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    maxLength: 64,
    visibilityToggleButtonProps: { 'aria-label': t('common:pin.show') },
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('firstPin.title')}</Title>
          <Text c="dimmed">{t('firstPin.meaning')}</Text>
        </div>
        <PasswordInput
          autoFocus
          label={t('firstPin.current')}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
          {...common}
        />
        <PasswordInput
          label={t('firstPin.new')}
          description={t('firstPin.rule')}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          {...common}
        />
        <PasswordInput
          label={t('firstPin.again')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={again !== '' && again !== next && t('firstPin.differ')}
          {...common}
        />
        {change.error && <FaultMessage fault={change.error} />}
        <Button
          type="submit"
          size="md"
          loading={change.isPending}
          disabled={pin === '' || next === '' || next !== again}
        >
          {t('firstPin.go')}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => void signOut()}>
          {t('common:signOut')}
        </Button>
      </Stack>
    </form>
  )
}
