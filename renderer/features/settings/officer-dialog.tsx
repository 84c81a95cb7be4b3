import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../shared/model/officer.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import type { OfficerView } from './answers.ts'
import { OwnPin } from './own-pin.tsx'
import { isPinComplete, noPin, PinFields } from './pin-fields.tsx'

const roles: readonly Role[] = ['clerk', 'approver', 'administrator', 'auditor']

interface OfficerDialogProps {
  /** Undefined for a new one. */
  officer: OfficerView | undefined
  onClose: () => void
}

/** A new officer with a first PIN, or the name and roles of a known one. */
export function OfficerDialog({ officer, onClose }: OfficerDialogProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [name, setName] = useState(officer?.name ?? '')
  const [login, setLogin] = useState(officer?.login ?? '')
  const [chosen, setChosen] = useState<readonly Role[]>(officer?.roles ?? ['clerk'])
  const [first, setFirst] = useState(noPin)
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const ready =
    name.trim() !== '' &&
    login.trim() !== '' &&
    chosen.length > 0 &&
    pin !== '' &&
    (officer !== undefined || isPinComplete(first))

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setFault(undefined)
    const settings = { name, login, roles: [...chosen] }
    try {
      if (officer === undefined) await api.officers.create.run({ ...settings, firstPin: first.pin, pin })
      else await api.officers.change.run({ ...settings, id: officer.id, basedOn: officer.changedAt, pin })
      notifyDone(t(officer === undefined ? 'officers.created' : 'saved', { name }))
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
          {t(officer === undefined ? 'officers.new' : 'officers.edit')}
        </Text>
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label={t('officers.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
            autoComplete="off"
          />
          <TextInput
            label={t('officers.login')}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            maxLength={60}
            autoComplete="off"
          />
          <Checkbox.Group
            label={t('officers.roles')}
            value={[...chosen]}
            onChange={(values) => setChosen(roles.filter((role) => values.includes(role)))}
          >
            <Stack gap="xs" mt={6}>
              {roles.map((role) => (
                <Checkbox
                  key={role}
                  value={role}
                  label={t(`common:roles.${role}`)}
                  description={t(`officers.does.${role}`)}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {officer === undefined && (
            <PinFields
              label={t('officers.first')}
              description={t('officers.firstMeaning')}
              value={first}
              onChange={setFirst}
            />
          )}
          <OwnPin value={pin} onChange={setPin} />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {t(officer === undefined ? 'officers.create' : 'save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
