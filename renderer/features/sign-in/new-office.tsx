import { Anchor, Button, Checkbox, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyFault } from '../../components/notify.tsx'

/** Fewest characters of a passphrase; the core asks for the same. */
const SHORTEST_PASSPHRASE = 12

/** The recovery key that a new office begins with: not wanted, on its way (`made`), or there. */
export type FirstKey = 'none' | 'made' | { readonly text: string }

interface NewOfficeProps {
  onBack: () => void
  onFirstKey: (key: FirstKey) => void
}

/** Makes a real office: its name, the passphrase that seals its data, and its first administrator. */
export function NewOffice({ onBack, onFirstKey }: NewOfficeProps) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const [form, setForm] = useState({
    officeName: '',
    passphrase: '',
    again: '',
    name: '',
    login: '',
    pin: '',
    pinAgain: '',
  })
  const [soleOffice, setSoleOffice] = useState(true)
  const [wantsKey, setWantsKey] = useState(true)
  const [checked, setChecked] = useState(false)
  const create = useMutation({
    ...api.setup.create.mutationOptions(),
    onSuccess: async (status) => {
      if (wantsKey) onFirstKey('made')
      queryClient.setQueryData(api.setup.status.queryKey(), status)
      if (wantsKey) onFirstKey(await makeFirstKey(status.officers[0]?.id))
    },
  })
  /** Whoever cannot have it now is reminded by the first screen. */
  const makeFirstKey = async (officerId = ''): Promise<FirstKey> => {
    try {
      const officer = await api.session.signIn.run({ officerId, pin: form.pin })
      const { text } = await api.recovery.make.run({ pin: form.pin })
      queryClient.setQueryData(api.session.current.queryKey(), officer)
      return { text }
    } catch (error) {
      notifyFault(error)
      return 'none'
    }
  }

  const wrong = {
    officeName: form.officeName.trim() === '' && t('check.empty'),
    passphrase: form.passphrase.length < SHORTEST_PASSPHRASE && t('check.passphrase', { count: SHORTEST_PASSPHRASE }),
    again: form.again !== form.passphrase && t('check.passphraseAgain'),
    name: form.name.trim() === '' && t('check.empty'),
    login: form.login.trim() === '' && t('check.empty'),
    pin: form.pin === '' && t('check.empty'),
    pinAgain: form.pinAgain !== form.pin && t('check.pinAgain'),
  }
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setForm((before) => ({ ...before, [name]: value }))
    },
    error: checked && wrong[name],
    autoComplete: 'off',
    required: true,
    withAsterisk: false,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setChecked(true)
    if (Object.values(wrong).some(Boolean)) return
    const { officeName, passphrase, name, login, pin } = form
    create.mutate({ officeName, passphrase, soleOffice, officer: { name, login, pin } })
  }
  const show = { visibilityToggleButtonProps: { 'aria-label': t('common:pin.show') } }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div>
          <Title order={1}>{t('new.title')}</Title>
          <Text c="dimmed">{t('new.subtitle')}</Text>
        </div>
        <TextInput
          label={t('new.officeName')}
          description={t('new.officeNameHint')}
          data-autofocus
          {...field('officeName')}
        />
        <PasswordInput
          label={t('new.passphrase')}
          description={t('new.passphraseHint', { count: SHORTEST_PASSPHRASE })}
          {...show}
          {...field('passphrase')}
        />
        <PasswordInput label={t('new.passphraseAgain')} {...show} {...field('again')} />
        <Checkbox
          label={t('new.sole')}
          description={t('new.soleHint')}
          checked={soleOffice}
          onChange={(event) => setSoleOffice(event.currentTarget.checked)}
        />
        <Title order={2} mt="sm">
          {t('new.administrator')}
        </Title>
        <TextInput label={t('new.name')} {...field('name')} />
        <TextInput label={t('new.login')} description={t('new.loginHint')} {...field('login')} />
        <PasswordInput
          label={t('new.pin')}
          description={t('new.pinHint')}
          inputMode="numeric"
          {...show}
          {...field('pin')}
        />
        <PasswordInput label={t('new.pinAgain')} inputMode="numeric" {...show} {...field('pinAgain')} />
        <Checkbox
          label={t('firstKey.wanted')}
          description={t('firstKey.wantedHint')}
          checked={wantsKey}
          onChange={(event) => setWantsKey(event.currentTarget.checked)}
        />
        {create.error && <FaultMessage fault={create.error} />}
        <Button type="submit" size="md" mt="xs" loading={create.isPending}>
          {t('new.create')}
        </Button>
        <Anchor component="button" type="button" onClick={onBack} c="dimmed">
          {t('common:back')}
        </Anchor>
      </Stack>
    </form>
  )
}
