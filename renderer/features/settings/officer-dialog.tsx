import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { isPinComplete, noPin, PinFields } from '../../components/pin-fields.tsx'
import type { OfficerView } from './answers.ts'
import { isOfficerComplete, type OfficerDraft, OfficerFields } from './officer-fields.tsx'

interface OfficerDialogProps {
  /** Undefined for a new one. */
  officer: OfficerView | undefined
  onClose: () => void
}

/** A new officer with a first PIN, or the name and roles of a known one. */
export function OfficerDialog({ officer, onClose }: OfficerDialogProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [draft, setDraft] = useState<OfficerDraft>({
    name: officer?.name ?? '',
    login: officer?.login ?? '',
    roles: [...(officer?.roles ?? ['clerk'])],
  })
  const [first, setFirst] = useState(noPin)
  const ready = isOfficerComplete(draft) && (officer !== undefined || isPinComplete(first))

  const save = async (pin: string): Promise<void> => {
    if (officer === undefined) await api.officers.create.run({ ...draft, firstPin: first.pin, pin })
    else await api.officers.change.run({ ...draft, id: officer.id, basedOn: officer.changedAt, pin })
    notifyDone(t(officer === undefined ? 'officers.created' : 'saved', { name: draft.name }))
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
      <OfficerFields draft={draft} onChange={setDraft} focus="name" />
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
