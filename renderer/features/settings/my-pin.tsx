import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { isPinComplete, noPin, PinFields } from './pin-fields.tsx'

/** The officer's own PIN. */
export function MyPin() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [pin, setPin] = useState('')
  const [next, setNext] = useState(noPin)
  const change = useMutation({
    ...api.session.changePin.mutationOptions(),
    onSuccess: () => {
      notifyDone(t('pin.changed'))
      setPin('')
      setNext(noPin)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (pin !== '' && isPinComplete(next)) change.mutate({ pin, newPin: next.pin })
  }
  return (
    <Section title={t('sections.pin')} description={t('pin.meaning')}>
      <form onSubmit={submit}>
        <Stack maw={380}>
          <PasswordInput
            label={t('pin.current')}
            value={pin}
            onChange={(event) => setPin(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
            maxLength={64}
            visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
          />
          <PinFields label={t('pin.new')} description={t('pin.rule')} value={next} onChange={setNext} />
          {change.error && <FaultMessage fault={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending} disabled={pin === '' || !isPinComplete(next)}>
              {t('pin.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
