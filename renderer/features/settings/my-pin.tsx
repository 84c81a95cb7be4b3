import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { isPinComplete, noPin, PinFields } from '../../components/pin-fields.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'

/** The officer's own PIN. */
export function MyPin() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const may = useMay()
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
      <Limits />
      {may && (
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
      )}
    </Section>
  )
}

/** What the officer's provider leaves to the PIN; nothing where nothing is limited. */
function Limits() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const format = useFormat()
  const { data: me } = useQuery(api.session.current.queryOptions())
  if (!me || me.provider === null) return null
  const name = me.provider
  const withheld = format.list(me.withheld.map((role) => t(`common:roles.${role}`)))
  return (
    <Stack gap={4} mb="md">
      {me.pinUntil !== null && (
        <Text size="sm">
          {t('pin.until', { name, day: format.day(new Date(me.pinUntil).toISOString().slice(0, 10)) })}
        </Text>
      )}
      {me.withheld.length > 0 && <Text size="sm">{t('pin.withheld', { name, roles: withheld })}</Text>}
    </Stack>
  )
}
