import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import type { OfficerView } from './answers.ts'
import { OwnPin } from './own-pin.tsx'
import { isPinComplete, noPin, PinFields } from './pin-fields.tsx'

/** A new first PIN for an officer who forgot theirs. */
export function ResetDialog({ officer, onClose }: { officer: OfficerView; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [first, setFirst] = useState(noPin)
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const ready = pin !== '' && isPinComplete(first)

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      const edit = { id: officer.id, basedOn: officer.changedAt, firstPin: first.pin, pin }
      const { state } = await api.officers.resetPin.run(edit)
      notifyDone(t(state === 'unapproved' ? 'officers.resetWaits' : 'officers.resetDone', { name: officer.name }))
      onClose()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setPin('')
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => !busy && onClose()}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {t('officers.resetTitle', { name: officer.name })}
        </Text>
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text>{t('officers.resetMeaning')}</Text>
          <PinFields
            label={t('officers.first')}
            description={t('officers.firstMeaning')}
            value={first}
            onChange={setFirst}
          />
          <OwnPin value={pin} onChange={setPin} />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {t('officers.reset')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
