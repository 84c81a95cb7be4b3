import { Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { isPinComplete, noPin, PinFields } from '../../components/pin-fields.tsx'
import type { Stranger } from './by-provider.tsx'

/** Somebody who proved who they are, and whom nobody here knows, asks to become an officer. */
export function AskIn({ stranger, onBack }: { stranger: Stranger; onBack: () => void }) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const [name, setName] = useState(stranger.name)
  const [pin, setPin] = useState(noPin)
  const ask = useMutation(api.signIn.askIn.mutationOptions())
  const ready = name.trim() !== '' && isPinComplete(pin)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) ask.mutate({ attemptId: stranger.attemptId, name, pin: pin.pin })
  }
  if (ask.isSuccess) {
    return (
      <Stack role="status">
        <div>
          <Title order={1}>{t('provider.asked')}</Title>
          <Text c="dimmed">{t('provider.askedMeaning')}</Text>
        </div>
        <Button size="md" onClick={onBack}>
          {t('provider.back')}
        </Button>
      </Stack>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('provider.unknown')}</Title>
          <Text c="dimmed">{t('provider.unknownMeaning')}</Text>
        </div>
        <TextInput
          autoFocus
          label={t('provider.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          autoComplete="off"
        />
        <PinFields label={t('provider.pin')} description={t('firstPin.rule')} value={pin} onChange={setPin} />
        {ask.error && <FaultMessage fault={ask.error} />}
        <Button type="submit" size="md" loading={ask.isPending} disabled={!ready}>
          {t('provider.ask')}
        </Button>
        <Anchor component="button" type="button" c="dimmed" onClick={onBack}>
          {t('provider.back')}
        </Anchor>
      </Stack>
    </form>
  )
}
