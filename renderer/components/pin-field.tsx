import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../state/session.ts'

type PinFieldProps = Omit<PasswordInputProps, 'value' | 'onChange'> & {
  value: string
  onChange: (pin: string) => void
}

/** The PIN of whoever is signed in, asked again for a deed. */
export function PinField({ value, onChange, ...input }: PinFieldProps) {
  const { t } = useTranslation()
  // A deed can end the session that it was asked in; its dialog goes only then.
  const name = useSession((session) => session.officer?.name ?? '')
  return (
    <PasswordInput
      label={t('pin.label', { name })}
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
