import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useOfficer } from '../../state/session.ts'

/** The PIN of whoever is signed in, with which the change is signed. */
export function OwnPin({ value, onChange }: { value: string; onChange: (pin: string) => void }) {
  const { t } = useTranslation('settings')
  const officer = useOfficer()
  return (
    <PasswordInput
      label={t('common:pin.label', { name: officer.name })}
      description={t('signs')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      inputMode="numeric"
      autoComplete="off"
      maxLength={64}
      visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
    />
  )
}
