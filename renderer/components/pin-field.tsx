import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useOfficer } from '../state/session.ts'

type PinFieldProps = Omit<PasswordInputProps, 'value' | 'onChange'> & {
  value: string
  onChange: (pin: string) => void
}

/** The PIN of whoever is signed in, asked again for a deed. */
export function PinField({ value, onChange, ...input }: PinFieldProps) {
  const { t } = useTranslation()
  const officer = useOfficer()
  return (
    <PasswordInput
      label={t('pin.label', { name: officer.name })}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      inputMode="numeric"
      maxLength={64}
      visibilityToggleButtonProps={{ 'aria-label': t('pin.show') }}
      {...input}
    />
  )
}
