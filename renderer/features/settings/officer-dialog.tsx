import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../shared/model/officer.ts'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { isPinComplete, noPin, PinFields } from '../../components/pin-fields.tsx'
import type { OfficerView } from './answers.ts'

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
  const ready =
    name.trim() !== '' && login.trim() !== '' && chosen.length > 0 && (officer !== undefined || isPinComplete(first))

  const save = async (pin: string): Promise<void> => {
    const settings = { name, login, roles: [...chosen] }
    if (officer === undefined) await api.officers.create.run({ ...settings, firstPin: first.pin, pin })
    else await api.officers.change.run({ ...settings, id: officer.id, basedOn: officer.changedAt, pin })
    notifyDone(t(officer === undefined ? 'officers.created' : 'saved', { name }))
    onClose()
  }
  return (
    <DeedDialog
      title={t(officer === undefined ? 'officers.new' : 'officers.edit')}
      confirmLabel={t(officer === undefined ? 'officers.create' : 'save')}
      ready={ready}
      pinHint={t('signs')}
      run={save}
      onClose={onClose}
    >
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
    </DeedDialog>
  )
}
