import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { isPinComplete, noPin, PinFields } from '../../components/pin-fields.tsx'
import type { OfficerView } from './answers.ts'

/** A new first PIN for an officer who forgot theirs. */
export function ResetDialog({ officer, onClose }: { officer: OfficerView; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [first, setFirst] = useState(noPin)
  const reset = async (pin: string): Promise<void> => {
    const edit = { id: officer.id, basedOn: officer.changedAt, firstPin: first.pin, pin }
    const { state } = await api.officers.resetPin.run(edit)
    notifyDone(t(state === 'unapproved' ? 'officers.resetWaits' : 'officers.resetDone', { name: officer.name }))
    onClose()
  }
  return (
    <DeedDialog
      title={t('officers.resetTitle', { name: officer.name })}
      confirmLabel={t('officers.reset')}
      ready={isPinComplete(first)}
      pinHint={t('signs')}
      run={reset}
      onClose={onClose}
    >
      <Text>{t('officers.resetMeaning')}</Text>
      <PinFields
        label={t('officers.first')}
        description={t('officers.firstMeaning')}
        value={first}
        onChange={setFirst}
      />
    </DeedDialog>
  )
}
